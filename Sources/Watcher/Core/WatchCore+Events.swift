extension WatchCore {
    /// One event of the source, which says what it means.
    mutating func handle(_ event: SourceEvent, now: Moment) {
        guard let watch = event.watch else {
            if event.lostOthers { gap.noteLoss() }
            return
        }
        for id in tree.directories(watchedBy: watch) {
            let meanings = event.meanings(in: id, respectsGitignore: filter.respectsGitignore)
            for meaning in meanings { apply(meaning, now: now) }
        }
        for file in fileWatches[watch] ?? [] {
            if event.wroteFile { waiting.wrote(file, now: now) }
            if event.closedFile { saved(file) }
        }
        for subject in anchors.subjects(of: event) {
            roots.check(subject, isSaved: event.savedName)
        }
        if event.endsWatch {
            tree.forget(watch)
            anchors.forget(watch)
            fileWatches[watch] = nil
        }
    }

    /// Carries out what one event means. Files only become candidates here: they are read once the queue is
    /// empty.
    private mutating func apply(_ meaning: EventMeaning, now: Moment) {
        switch meaning {
        case .closed(let file):
            if isWatched(file) { saved(file) }
        case .movedHere(let file):
            if !nameCame(file, now: now), isWatched(file) { saved(file) }
        case .created(let file):
            if !nameCame(file, now: now), isWatched(file) { candidates.add(file, .created) }
        case .gone(let file):
            gone(file, now: now)
        case .directoryCame(let id, let name, let cookie):
            directoryCame(id, name, cookie: cookie, now: now)
        case .directoryLeft(let id, let name, let cookie):
            guard let child = tree[id]?.children[name], !isStillThere(child) else { return }
            expectRemovals(below: child, now: now)
            tree.detach(child)
            waiting.directoryLeft(child, cookie: cookie, now: now)
        case .directoryGone(let id, let name):
            if let child = tree[id]?.children[name], !isStillThere(child) { drop(child, now: now) }
        case .watchLost(let id):
            if let root = rootOf(id) { roots.check(root) } else { drop(id, now: now) }
        case .moved(let id):
            if let root = rootOf(id) { roots.check(root) }
        case .rulesChanged(let id):
            refreshRules(of: id, now: now)
        }
    }

    /// Somebody has finished the file: no later look is needed, this burst decides.
    private mutating func saved(_ file: FileKey) {
        tree.know(file)
        waiting.cancelLook(at: file)
        candidates.add(file, .saved)
    }

    /// Whether the new name is a symbolic link, which is then dealt with.
    private mutating func nameCame(_ file: FileKey, now: Moment) -> Bool {
        guard let path = tree.path(of: file) else { return true }
        let status = try? FileStatus.read(path, followLinks: false)
        guard status?.kind == .symbolicLink else {
            unlink(file)
            return false
        }
        placeLink(file, announce: .saved, now: now)
        return true
    }

    /// A name was deleted or moved away. The removal is reported after 50 ms only: editors delete a file and
    /// write it again.
    private mutating func gone(_ file: FileKey, now: Moment) {
        if let child = tree[file.directory]?.children[file.name] { drop(child, now: now) }
        unlink(file)
        waiting.cancelLook(at: file)
        guard tree.isKnown(file), let path = tree.path(of: file) else { return }
        waiting.expectRemoval(of: file, at: path, now: now)
    }

    /// Whether the path is the directory that is known by it. Then an event that says it left is about the one
    /// before: two directories changed places, or one was deleted and made again.
    private func isStillThere(_ id: DirectoryID) -> Bool {
        guard let path = tree.path(of: id) else { return false }
        return (try? FileStatus.read(path, followLinks: true))?.key == tree[id]?.key
    }

    /// Made, moved here, or readable only now. With the cookie of a rename that began in the same root, the
    /// subtree moves as it is and keeps its watches, which the kernel holds by inode and not by path
    /// (inotify(7)).
    private mutating func directoryCame(_ id: DirectoryID, _ name: EntryName, cookie: UInt32, now: Moment) {
        guard let parent = tree[id] else { return }
        let moving = waiting.directoryCame(cookie: cookie) { tree[$0]?.root == parent.root }
        guard isWatched(directory: name, in: id) else {
            if let moving { drop(moving, now: now) }
            return
        }
        if let child = tree[id]?.children[name] {
            // A listing was faster than the event.
            if isStillThere(child) { return }
            drop(child, now: now)
        }
        guard let moving else {
            place(child: name, of: id, announce: true, now: now)
            return
        }
        tree.attach(moving, to: id, as: name)
        for member in tree.subtree(of: moving) { compare(member, .everything, now: now) }
    }

    // MARK: - Filter

    /// Whether changes of the file are told.
    func isWatched(_ file: FileKey) -> Bool {
        scope(of: file.directory)?.admits(file.name, isDirectory: false) ?? false
    }

    /// Whether the directory gets a watch.
    func isWatched(directory name: EntryName, in id: DirectoryID) -> Bool {
        scope(of: id)?.admits(name, isDirectory: true) ?? false
    }

    /// What decides in this directory; nil if it is gone.
    func scope(of id: DirectoryID) -> DirectoryScope? {
        guard let directory = tree[id], let root = roots[directory.root] else { return nil }
        return DirectoryScope(root: root, rules: directory.rules, filter: filter) { [tree] in
            tree.path(of: id)
        }
    }

    /// The root that this directory is; nil for one below a root.
    func rootOf(_ id: DirectoryID) -> RootID? {
        guard let root = tree[id]?.root, roots[root]?.directory == id else { return nil }
        return root
    }
}
