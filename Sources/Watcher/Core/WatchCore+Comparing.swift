extension WatchCore {
    /// After an overflow.
    mutating func compareAll(since lost: Int64, now: Moment) {
        outbox.noteOverflow()
        say(WatchNotice(.overflow))
        // The clock of ctime lags behind by up to a tick: look a little further back.
        let since = lost - 20_000_000
        for root in roots.all.keys { roots.check(root) }
        for id in tree.directories.keys.sorted(by: { $0.rawValue < $1.rawValue }) {
            compare(id, .changedSince(since), now: now)
        }
    }

    /// Finds what is new, changed and missing in one directory, not below it.
    mutating func compare(_ id: DirectoryID, _ kind: Comparison, now: Moment) {
        guard let directory = tree[id], let path = tree.path(of: id) else { return }
        guard let listing = try? DirectoryListing.read(path), listing.key == directory.key else {
            replaced(id, now: now)
            return
        }
        if kind == .everything { setRules(of: id, now: now) }
        let present = Set(listing.entries.map(\.name))
        for (name, child) in directory.children where !present.contains(name) { drop(child, now: now) }
        for name in directory.files.keys where !present.contains(name) {
            waiting.expectRemoval(of: FileKey(directory: id, name: name), at: path.appending(name), now: now)
        }
        for entry in listing.entries {
            compare(entry, FileKey(directory: id, name: entry.name), kind, now: now)
        }
    }

    /// One entry of a listing. A subdirectory that is known already is left to its own comparison.
    private mutating func compare(
        _ entry: DirectoryListing.Entry, _ file: FileKey, _ kind: Comparison, now: Moment
    ) {
        switch entry.kind {
        case .directory:
            let isKnown = tree[file.directory]?.children[file.name] != nil
            guard !isKnown, isWatched(directory: file.name, in: file.directory) else { return }
            place(child: file.name, of: file.directory, announce: true, now: now)
        case .symbolicLink:
            // A link to a directory is known as a child, and placing it again compares where it leads.
            if !tree.isKnown(file) || hasChanged(file, kind) { placeLink(file, announce: .found, now: now) }
        case .regular:
            guard isWatched(file) else { return }
            let isKnown = tree.isKnown(file)
            tree.know(file)
            if !isKnown || hasChanged(file, kind) { candidates.add(file, .found) }
        case .other:
            break
        }
    }

    /// Whether the file has to be read again. It notes the state that a poll found, so that the next poll
    /// compares with it.
    private mutating func hasChanged(_ file: FileKey, _ kind: Comparison) -> Bool {
        switch kind {
        case .unknownOnly:
            return false
        case .everything:
            // Under its new path it is a new file, whatever it contains.
            tree.update(file) { $0.digest = nil }
            return true
        case .changedSince(let time):
            guard let status = status(of: file) else { return false }
            return status.identity.changed >= time
        case .polled:
            guard let identity = status(of: file)?.identity,
                identity != tree[file.directory]?.files[file.name]?.polled
            else { return false }
            tree.update(file) { $0.polled = identity }
            return true
        }
    }

    /// Of what the path leads to; nil if the file is missing now, or its directory has left the tree.
    private func status(of file: FileKey) -> FileStatus? {
        tree.path(of: file).flatMap { try? FileStatus.read($0, followLinks: true) }
    }

    /// The path of `id` is another directory now, or none.
    private mutating func replaced(_ id: DirectoryID, now: Moment) {
        if let root = rootOf(id) {
            roots.check(root)
            return
        }
        guard let directory = tree[id], let parent = directory.parent else { return }
        drop(id, now: now)
        let file = FileKey(directory: parent, name: directory.name)
        if directory.isLink {
            placeLink(file, announce: .found, now: now)
        } else if isWatched(directory: file.name, in: parent) {
            place(child: file.name, of: parent, announce: true, now: now)
        }
    }

    // MARK: - Ignore rules

    /// After a change of the `.gitignore` in `id`: drops what is ignored now, finds what no longer is.
    mutating func refreshRules(of id: DirectoryID, now: Moment) {
        for member in tree.subtree(of: id) {
            setRules(of: member, now: now)
            compare(member, .unknownOnly, now: now)
        }
    }

    /// Reads the rules again from the parent's rules and the directory's own `.gitignore`, so parents have to
    /// come first. Watches of directories and files that are ignored now are given back at once.
    private mutating func setRules(of id: DirectoryID, now: Moment) {
        guard let directory = tree[id], let path = tree.path(of: id) else { return }
        var rules =
            directory.parent.flatMap { tree[$0]?.rules } ?? GitignoreFiles.rulesAbove(path, filter: filter)
        if filter.respectsGitignore, let own = GitignoreFiles.rules(in: path) { rules.append(own) }
        tree.setRules(rules, of: id)
        for (name, child) in directory.children where !isWatched(directory: name, in: id) {
            drop(child, now: now)
        }
        for name in directory.files.keys {
            let file = FileKey(directory: id, name: name)
            if !isWatched(file) { forget(file) }
        }
    }

    /// The file is watched no more, and nothing of it is remembered.
    mutating func forget(_ file: FileKey) {
        if let known = tree.forget(file), let watch = known.watch { unwatchFile(file, watch) }
        waiting.cancelLook(at: file)
        unlink(file)
    }

    // MARK: - Mounts

    /// What was mounted or unmounted over a directory of the tree hides it or lays it open.
    mutating func compareMounts(now: Moment) {
        let earlier = mounts
        mounts = MountTable(Proc.read(MountTable.file))
        for point in mounts.changes(since: earlier) {
            for (root, known) in roots.all {
                if known.path.isWithin(point) {
                    roots.check(root)
                } else if point.isWithin(known.path), let id = known.directory {
                    mountChanged(below: id, BytePath(point.below(known.path)).components[...], now: now)
                }
            }
        }
    }

    /// `names`: what is left of the way from `id` to the mount point. The deepest directory of the way that
    /// is in the tree is compared: a mount hides what lay there, and no event tells it.
    private mutating func mountChanged(
        below id: DirectoryID, _ names: ArraySlice<EntryName>, now: Moment
    ) {
        guard let name = names.first else { return }
        if let child = tree[id]?.children[name], names.count > 1 {
            mountChanged(below: child, names.dropFirst(), now: now)
        } else if let child = tree[id]?.children[name] {
            compare(child, .unknownOnly, now: now)
        } else {
            compare(id, .unknownOnly, now: now)
            let file = FileKey(directory: id, name: name)
            if names.count == 1, tree.isKnown(file) { candidates.add(file, .found) }
        }
    }
}
