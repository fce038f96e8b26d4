import SystemPackage

extension WatchCore {
    /// A directory that is to be watched.
    struct Placement {
        /// Whether entries are admitted is decided by this root.
        let root: RootID
        /// nil: it is the root itself.
        let parent: DirectoryID?
        /// The last component of `path`, or `.` if the root is `/`.
        let name: EntryName
        /// Spelled as the user's root and the names below it, links included.
        let path: BytePath
        /// The directory is reached through a symbolic link in the tree.
        let isLink: Bool
        /// In force in the directory above, outermost first; its own `.gitignore` is added when it is listed.
        let rules: [IgnoreRules]
    }

    /// Children that are still to be placed; those behind links last, so that a directory is known by its own
    /// path rather than by a link to it.
    private struct Queue {
        /// Breadth first: parents stand before their children.
        var directories: [Placement] = []
        /// `announce`: the files behind the link count as new.
        var links: [(file: FileKey, announce: Bool)] = []
        /// Files that may get a watch of their own, at most `WatchOptions.openWriterWatches`.
        var files: [FileKey] = []
    }

    /// Watches the subtree. `announce`: its files count as new; else they are what everybody knows.
    mutating func place(_ first: Placement, announce: Bool, now: Moment) -> DirectoryID? {
        var queue = Queue()
        let id = placeOne(first, announce: announce, queue: &queue, now: now)
        var index = 0
        while index < queue.directories.count {
            _ = placeOne(queue.directories[index], announce: announce, queue: &queue, now: now)
            index += 1
        }
        for link in queue.links {
            placeLink(link.file, announce: link.announce ? .found : nil, now: now)
        }
        // Last, so that under a limit directories come first.
        for file in queue.files { watchFile(file) }
        return id
    }

    /// Watches a directory that has come into another one.
    mutating func place(child name: EntryName, of id: DirectoryID, announce: Bool, now: Moment) {
        guard let parent = tree[id], let path = tree.path(of: id) else { return }
        let placement = Placement(
            root: parent.root, parent: id, name: name, path: path.appending(name), isLink: false,
            rules: parent.rules)
        _ = place(placement, announce: announce, now: now)
    }

    /// Watch first, list second: what appears between the two is seen twice instead of never.
    private mutating func placeOne(
        _ placement: Placement, announce: Bool, queue: inout Queue, now: Moment
    ) -> DirectoryID? {
        guard let (watch, listing) = watchAndList(placement) else { return nil }
        guard !isAlias(listing.key, of: placement, now: now) else { return nil }
        let id = insert(placement, key: listing.key, watch: watch, listing: listing)
        placeEntries(listing.entries, in: id, at: placement.path, announce: announce, queue: &queue)
        schedulePoll(of: id, now: now)
        return id
    }

    /// nil: the directory cannot be watched or listed. The user is told unless it only vanished meanwhile;
    /// where permission is missing, a change of the permissions is waited for.
    private mutating func watchAndList(_ placement: Placement) -> (WatchID?, DirectoryListing)? {
        let interest = WatchInterest.tree(followsLink: placement.parent == nil || placement.isLink)
        var watch: WatchID?
        do throws(Errno) {
            watch = try addWatch(placement.path, interest)
            return (watch, try DirectoryListing.read(placement.path))
        } catch {
            if let watch { release(watch) }
            // Gone again, or a file by now: events tell.
            let vanished: Set<Errno> = [.noSuchFileOrDirectory, .notDirectory, .tooManySymbolicLinkLevels]
            if !vanished.contains(error) {
                say(WatchNotice(.unreadableDirectory(error), path: placement.path.filePath))
            }
            if error == .permissionDenied { _ = try? addWatch(placement.path.parent, .permissions) }
            return nil
        }
    }

    /// Puts the listed directory into the tree, with its own `.gitignore` if the listing holds one.
    private mutating func insert(
        _ placement: Placement, key: InodeKey, watch: WatchID?, listing: DirectoryListing
    ) -> DirectoryID {
        var rules = placement.rules
        let hasRules = filter.respectsGitignore && listing.entries.contains { $0.name == GitignoreFiles.name }
        if hasRules, let own = GitignoreFiles.rules(in: placement.path) { rules.append(own) }
        let directory = WatchedDirectory(
            root: placement.root, parent: placement.parent, name: placement.name, key: key, watch: watch,
            isPolled: needsPolling(placement, key: key, watch: watch), isLink: placement.isLink, rules: rules)
        if placement.parent == nil { return tree.insertRoot(directory, path: placement.path) }
        return tree.insert(directory)
    }

    /// Queues what is to be placed next and notes the files. `announce`: every file counts as found now, and
    /// is reported unless a writer still has it.
    private mutating func placeEntries(
        _ entries: [DirectoryListing.Entry], in id: DirectoryID, at path: BytePath, announce: Bool,
        queue: inout Queue
    ) {
        guard let directory = tree[id], let root = roots[directory.root] else { return }
        let scope = DirectoryScope(root: root, rules: directory.rules, filter: filter) { path }
        var files: [EntryName] = []
        for entry in entries {
            switch entry.kind {
            case .directory:
                guard scope.admits(entry.name, isDirectory: true) else { continue }
                queue.directories.append(
                    Placement(
                        root: directory.root, parent: id, name: entry.name,
                        path: path.appending(entry.name), isLink: false, rules: directory.rules))
            case .regular:
                if scope.admits(entry.name, isDirectory: false) { files.append(entry.name) }
            case .symbolicLink:
                queue.links.append((FileKey(directory: id, name: entry.name), announce))
            case .other:
                break
            }
        }
        tree.know(files, in: id)
        for name in files {
            let file = FileKey(directory: id, name: name)
            if queue.files.count < options.openWriterWatches { queue.files.append(file) }
            if announce { candidates.add(file, .found) }
        }
    }

    /// Whether the directory is in the tree already by another path that still leads to it.
    private mutating func isAlias(_ key: InodeKey, of placement: Placement, now: Moment) -> Bool {
        guard let known = tree.directory(key, in: placement.root), let path = tree.path(of: known) else {
            return false
        }
        if placement.isLink || path == placement.path { return true }
        if let status = try? FileStatus.read(path, followLinks: true), status.key == key {
            // A bind mount shows it twice, and both paths are real; a link gives way to the directory itself.
            guard tree[known]?.isLink == true else { return false }
        }
        drop(known, now: now)
        return false
    }

    // MARK: - Leaving

    /// Forgets a directory and all below; its files count as removed unless they are back within 50 ms.
    mutating func drop(_ id: DirectoryID, now: Moment) {
        expectRemovals(below: id, now: now)
        discard(id)
    }

    /// Forgets a directory and all below, and says nothing about it.
    mutating func discard(_ id: DirectoryID) {
        for member in tree.subtree(of: id) {
            guard let directory = tree[member] else { continue }
            for (name, child) in directory.children where tree[child]?.isLink == true {
                unlink(FileKey(directory: member, name: name))
            }
            for (name, known) in directory.files {
                let file = FileKey(directory: member, name: name)
                unlink(file)
                if let watch = known.watch { unwatchFile(file, watch) }
            }
        }
        if let directory = tree[id], directory.isLink, let parent = directory.parent {
            unlink(FileKey(directory: parent, name: directory.name))
        }
        for watch in tree.remove(id) { release(watch) }
    }

    /// All files below a directory that is gone are missing.
    mutating func expectRemovals(below id: DirectoryID, now: Moment) {
        for member in tree.subtree(of: id) {
            guard let directory = tree[member], let path = tree.path(of: member) else { continue }
            for name in directory.files.keys {
                let file = FileKey(directory: member, name: name)
                waiting.expectRemoval(of: file, at: path.appending(name), now: now)
            }
        }
    }
}
