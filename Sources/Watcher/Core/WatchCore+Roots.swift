import SystemPackage

extension WatchCore {
    /// Watches `path` without announcing anything in it. A missing path is waited for.
    mutating func addRoot(_ path: BytePath, recursive: Bool) throws(WatcherError) {
        guard path.bytes.first == UInt8(ascii: "/") else {
            throw WatcherError(.notAbsolute, path: path.filePath)
        }
        guard !roots.all.values.contains(where: { $0.path == path && $0.isRecursive == recursive }) else {
            return
        }
        do throws(Errno) {
            if try FileStatus.read(path, followLinks: true).kind == .other {
                throw Errno.invalidArgument
            }
        } catch .noSuchFileOrDirectory, .notDirectory {
            // It may come later.
        } catch .invalidArgument {
            throw WatcherError(.notWatchable, path: path.filePath)
        } catch {
            throw WatcherError(.notPermitted(error), path: path.filePath)
        }
        let id = roots.add(RootTable.Root(path: path, isRecursive: recursive, only: nil))
        recheckRoot(id, announce: false, now: .now)
        if source == nil { nextPoll = nextPoll ?? .now + options.pollInterval }
    }

    /// Gives up the watches that no other root needs.
    mutating func removeRoot(_ path: BytePath) {
        for (id, root) in roots.all where root.path == path {
            if let directory = root.directory { discard(directory) }
            for watch in anchors.set([], for: .root(id)) { release(watch) }
            roots[id] = nil
        }
    }

    /// The next save of the file is reported even if it changes nothing.
    mutating func forgetContent(of path: BytePath) {
        for (id, directory) in tree.directories where directory.files[path.lastName ?? .current] != nil {
            guard let name = path.lastName, tree.path(of: id) == path.parent else { continue }
            tree.update(FileKey(directory: id, name: name)) { $0.digest = nil }
        }
    }

    // MARK: - Looking again

    /// Looks again at the roots whose place may be another one now.
    mutating func recheckDirty(now: Moment) {
        for (subject, saved) in roots.takeDirty() {
            switch subject {
            case .root(let id): recheckRoot(id, announce: true, now: now)
            case .link(let file): placeLink(file, announce: saved ? .saved : .found, now: now)
            }
        }
    }

    /// Takes the directory that the root's path leads to now, if it is another one than before.
    private mutating func recheckRoot(_ id: RootID, announce: Bool, now: Moment) {
        guard var root = roots[id] else { return }
        _ = anchor(.root(id), path: root.path, end: .names)
        switch kind(of: root.path) {
        case .directory: root.only = nil
        case .regular: root.only = root.path.lastName
        // A file that is missing may come back where it was.
        case .symbolicLink, .other, nil: break
        }
        roots[id]?.only = root.only
        let status = try? FileStatus.read(root.place, followLinks: true)
        let key = status?.kind == .directory ? status?.key : nil
        if let known = root.directory.flatMap({ tree[$0] }), let directory = root.directory {
            if known.key == key, known.watch != nil || known.isPolled { return }
            drop(directory, now: now)
            roots[id]?.directory = nil
        }
        guard key != nil else {
            outbox.unsay(WatchNotice(.rootBack, path: root.path.filePath))
            say(WatchNotice(.rootMissing, path: root.path.filePath))
            return
        }
        let directory = place(root, id, announce: announce, now: now)
        roots[id]?.directory = directory
        if outbox.unsay(WatchNotice(.rootMissing, path: root.path.filePath)) {
            say(WatchNotice(.rootBack, path: root.path.filePath))
        }
    }

    /// Of what the path leads to through links; nil if nothing is there, or it may not be looked at.
    private func kind(of path: BytePath) -> FileStatus.Kind? {
        (try? FileStatus.read(path, followLinks: true))?.kind
    }

    /// Watches the tree of a root that exists. nil: it vanished meanwhile, or may not be read.
    private mutating func place(_ root: RootTable.Root, _ id: RootID, announce: Bool, now: Moment)
        -> DirectoryID?
    {
        let placement = Placement(
            root: id, parent: nil, name: root.place.lastName ?? .current, path: root.place, isLink: false,
            rules: GitignoreFiles.rulesAbove(root.place, filter: filter))
        return place(placement, announce: announce, now: now)
    }

    // MARK: - Links

    /// A symbolic link in the tree: follows it to a file or a directory, and watches every name on the way.
    /// `announce`: how sure it is that a file there is finished; nil: it is nothing new.
    mutating func placeLink(_ file: FileKey, announce: Candidates.Reason?, now: Moment) {
        guard let directory = tree[file.directory], let path = tree.path(of: file) else { return }
        guard Proc.linkTarget(path) != nil else {
            unlink(file)
            return
        }
        let status = try? FileStatus.read(path, followLinks: true)
        if let child = directory.children[file.name] {
            if let status, status.key == tree[child]?.key { return }
            drop(child, now: now)
        }
        if status?.kind == .directory {
            guard isWatched(directory: file.name, in: file.directory), !leadsAbove(path, root: directory.root)
            else { return }
            _ = anchor(.link(file), path: path, end: .names)
            let placement = Placement(
                root: directory.root, parent: file.directory, name: file.name, path: path, isLink: true,
                rules: directory.rules)
            _ = place(placement, announce: announce != nil, now: now)
        } else if isWatched(file) {
            _ = anchor(.link(file), path: path, end: .linkEnd)
            if status == nil {
                if tree.isKnown(file) { waiting.expectRemoval(of: file, at: path, now: now) }
                return
            }
            if !tree.isKnown(file) {
                tree.know(file)
                rememberPolled(file)
                watchFile(file)
            }
            if let announce { candidates.add(file, announce) }
        }
    }

    /// The link leads nowhere any more.
    mutating func unlink(_ file: FileKey) {
        for watch in anchors.set([], for: .link(file)) { release(watch) }
    }

    /// A link to a directory above its root would show the tree to itself, or the whole disk.
    private func leadsAbove(_ path: BytePath, root: RootID) -> Bool {
        guard let end = LinkChain(path, look: LinkChain.lookOnDisk).end,
            let start = roots[root].flatMap({ LinkChain($0.place, look: LinkChain.lookOnDisk).end })
        else { return false }
        return start.isWithin(end)
    }

    /// Watches every name on the way to `path`; again until nothing changed while the watches were placed.
    private mutating func anchor(_ subject: Subject, path: BytePath, end: WatchInterest) -> LinkChain {
        var chain = LinkChain(path, look: LinkChain.lookOnDisk)
        for _ in 0..<8 {
            place(subject, on: chain, end: end)
            let again = LinkChain(path, look: LinkChain.lookOnDisk)
            if again == chain { break }
            chain = again
        }
        return chain
    }

    /// Watches the directory of every step and gives back the watches of steps that are no longer on the way.
    private mutating func place(_ subject: Subject, on chain: LinkChain, end: WatchInterest) {
        var new: Set<AnchorTable.Anchor> = []
        for (index, step) in chain.steps.enumerated() {
            let isLast = index == chain.steps.count - 1
            // Directories far above a root see much traffic (/tmp, /home); in them only a move of the next one
            // counts, which that one tells itself.
            let interest: WatchInterest = chain.end == nil || step.isLink ? .names : isLast ? end : .place
            // Without read permission above a root there is no watch, and no harm but a late notice.
            guard let watch = (try? addWatch(step.directory, interest)) ?? nil else { continue }
            new.insert(AnchorTable.Anchor(watch: watch, name: step.name))
        }
        for watch in anchors.set(new, for: subject) { release(watch) }
    }
}

extension LinkChain {
    /// What lies at a path, without following a link.
    static func lookOnDisk(_ path: BytePath) -> Entry {
        guard let status = try? FileStatus.read(path, followLinks: false) else { return .missing }
        switch status.kind {
        case .directory: return .directory
        case .symbolicLink: return Proc.linkTarget(path).map(Entry.link) ?? .missing
        case .regular, .other: return .other
        }
    }
}
