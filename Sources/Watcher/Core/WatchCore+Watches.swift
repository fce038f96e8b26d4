import SystemPackage

extension WatchCore {
    /// nil: the limit is reached, or there is no source of events, and the directory has to be polled. At the
    /// limit the watches of single files are given up first: a directory's watch sees more. Throws what the
    /// kernel says of the path.
    mutating func addWatch(_ path: BytePath, _ interest: WatchInterest) throws(Errno) -> WatchID? {
        do throws(Errno) {
            return try addWatchNow(path, interest)
        } catch Errno.noSpace {
            isOutOfWatches = true
            if !fileWatches.isEmpty {
                dropFileWatches()
                if let watch = try? addWatchNow(path, interest) { return watch }
            }
            let hasSaid = outbox.hasSaid { if case .watchLimit = $0.code { true } else { false } }
            if !hasSaid { say(WatchNotice(SourceLimit.watches.notice, path: path.filePath)) }
            return nil
        }
    }

    /// nil without a source of events. Throws `Errno.noSpace` at the user's limit of watches, which
    /// `addWatch` deals with.
    private func addWatchNow(_ path: BytePath, _ interest: WatchInterest) throws(Errno) -> WatchID? {
        switch source {
        case .some(let source): try source.add(path, interest)
        case .none: nil
        }
    }

    /// Gives the watch back to the kernel if nobody needs it any more.
    func release(_ watch: WatchID) {
        guard tree.directories(watchedBy: watch).isEmpty, !anchors.isUsed(watch), fileWatches[watch] == nil
        else { return }
        switch source {
        case .some(let source): source.remove(watch)
        case .none: break
        }
    }

    // MARK: - Files that are written to and not closed

    /// Gives the file a watch of its own, or does nothing: at the limit, beyond
    /// `WatchOptions.openWriterWatches`, or where the file is gone. A writer that never closes is then seen
    /// only once it does.
    mutating func watchFile(_ file: FileKey) {
        guard !isOutOfWatches, fileWatches.count < options.openWriterWatches, let path = tree.path(of: file),
            case .some(.some(let watch)) = try? addWatchNow(path, .file)
        else { return }
        let old = tree[file.directory]?.files[file.name]?.watch
        if old == watch { return }
        if let old { unwatchFile(file, old) }
        fileWatches[watch, default: []].insert(file)
        tree.update(file) { $0.watch = watch }
    }

    /// Hard links share one watch, as they are one inode; it goes with the last of them.
    mutating func unwatchFile(_ file: FileKey, _ watch: WatchID) {
        fileWatches[watch]?.remove(file)
        if fileWatches[watch]?.isEmpty == true { fileWatches[watch] = nil }
        tree.update(file) { $0.watch = nil }
        release(watch)
    }

    /// Gives back the watches of all single files, at the user's limit.
    private mutating func dropFileWatches() {
        for (watch, files) in fileWatches { for file in files { unwatchFile(file, watch) } }
    }

    // MARK: - Polling

    /// Whether changes in the directory can pass without an event: it has no watch, or its file system is a
    /// remote one. A remote file system is reported once, at the directory where it begins.
    mutating func needsPolling(_ placement: Placement, key: InodeKey, watch: WatchID?) -> Bool {
        if watch == nil { return true }
        guard let parent = placement.parent, let above = tree[parent], above.key.device == key.device else {
            guard let type = mounts.remoteType(device: key.device) else { return false }
            say(WatchNotice(.remoteFileSystem(type: type), path: placement.path.filePath))
            return true
        }
        // Same file system as the directory above, but that one may lack only its watch.
        return above.isPolled && mounts.remoteType(device: key.device) != nil
    }

    /// Starts polling with the state of now, if the directory needs it. The first poll comes after
    /// `options.pollInterval`.
    mutating func schedulePoll(of id: DirectoryID, now: Moment) {
        guard let directory = tree[id], directory.isPolled else { return }
        for name in directory.files.keys { rememberPolled(FileKey(directory: id, name: name)) }
        if nextPoll == nil { nextPoll = now + options.pollInterval }
    }

    /// So that the next poll finds only what changes from now on.
    mutating func rememberPolled(_ file: FileKey) {
        guard tree[file.directory]?.isPolled == true, let path = tree.path(of: file) else { return }
        let status = try? FileStatus.read(path, followLinks: true)
        tree.update(file) { $0.polled = status?.identity }
    }

    /// Compares every polled directory with its last look: one listing each, and one stat(2) per watched
    /// file.
    mutating func poll(now: Moment) {
        let polled = tree.directories.filter { $0.value.isPolled }.map(\.key)
        for id in polled { compare(id, .polled, now: now) }
        // Without watches nobody says that a root has come or gone.
        let rootsAreUnwatched = isOutOfWatches || source == nil
        if rootsAreUnwatched { roots.checkAll() }
        // Never more than a tenth of the time.
        let cost = Moment.now - now
        let pause = max(options.pollInterval, cost * 10)
        nextPoll = polled.isEmpty && !(rootsAreUnwatched && !roots.all.isEmpty) ? nil : now + pause
    }
}

extension WatchCore {
    /// Each watch once, though a directory, a root above it and a file may share it; O(directories).
    var watchCount: Int {
        var watches = Set(tree.directories.values.compactMap(\.watch))
        watches.formUnion(fileWatches.keys)
        return watches.union(anchors.watches).count
    }

    /// For poll(2); −1 if everything is polled.
    var eventDescriptor: Int32 {
        switch source {
        case .some(let source): source.descriptor
        case .none: -1
        }
    }
}
