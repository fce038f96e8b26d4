import SystemPackage

extension WatchCore {
    /// Watches `path` without announcing anything in it. A missing path is waited for.
    mutating func addRoot(_ path: BytePath, recursive: Bool) throws(WatcherError) {
        guard path.bytes.first == UInt8(ascii: "/") else {
            throw WatcherError(.notAbsolute, path: path.filePath)
        }
        guard rootID(of: path, recursive: recursive) == nil else { return }
        let now = Moment.now
        let id = makeRootID()
        roots[id] = try root(at: path, recursive: recursive)
        recheckRoot(id, announce: false, now: now)
    }

    mutating func removeRoot(_ path: BytePath) {
        for (id, root) in roots where root.path == path || root.only.map(root.path.appending) == path {
            if let directory = root.directory { drop(directory, now: .now) }
            for watch in anchors.set([], for: .root(id)) { release(watch) }
            waiting.cancelRemovals(within: path)
            roots[id] = nil
        }
    }

    private func rootID(of path: BytePath, recursive: Bool) -> RootID? {
        roots.first { _, root in
            root.only.map(root.path.appending) ?? root.path == path && root.isRecursive == recursive
        }?.key
    }

    private func root(at path: BytePath, recursive: Bool) throws(WatcherError) -> Root {
        do throws(Errno) {
            switch try FileStatus.read(path, followLinks: true).kind {
            case .directory:
                return Root(path: path, isRecursive: recursive, only: nil)
            case .regular:
                return Root(path: path.parent, isRecursive: false, only: path.lastName)
            case .symbolicLink, .other:
                throw Errno.invalidArgument
            }
        } catch Errno.noSuchFileOrDirectory, .notDirectory {
            return Root(path: path, isRecursive: recursive, only: nil)
        } catch Errno.invalidArgument {
            throw WatcherError(.notWatchable, path: path.filePath)
        } catch {
            throw WatcherError(.notPermitted(error), path: path.filePath)
        }
    }

    // MARK: - Looking again

    mutating func recheckDirty(now: Moment) {
        let subjects = dirty
        dirty = [:]
        for (subject, saved) in subjects {
            switch subject {
            case .root(let id): recheckRoot(id, announce: true, now: now)
            case .link(let file): placeLink(file, announce: saved ? .saved : .found, now: now)
            }
        }
    }

    /// Takes the directory that the root's path leads to now, if it is another one than before.
    private mutating func recheckRoot(_ id: RootID, announce: Bool, now: Moment) {
        guard let root = roots[id] else { return }
        let chain = anchor(.root(id), path: root.path, end: .names)
        let status = chain.end.flatMap { _ in try? FileStatus.read(root.path, followLinks: true) }
        let key = status?.kind == .directory ? status?.key : nil
        if let directory = root.directory {
            if let key, tree[directory]?.key == key, tree[directory]?.watch != nil || inotify == nil {
                return
            }
            drop(directory, now: now)
            roots[id]?.directory = nil
        }
        guard key != nil else {
            said.remove(WatchNotice(.rootBack, path: root.path.filePath))
            say(WatchNotice(.rootMissing, path: root.path.filePath))
            return
        }
        let placement = Placement(
            root: id, parent: nil, name: root.path.lastName ?? .current, path: root.path, isLink: false,
            rules: GitignoreFiles.rulesAbove(root.path, filter: filter))
        let directory = place(placement, announce: announce, now: now)
        roots[id]?.directory = directory
        if said.remove(WatchNotice(.rootMissing, path: root.path.filePath)) != nil {
            say(WatchNotice(.rootBack, path: root.path.filePath))
        }
    }

    // MARK: - Links

    /// A symbolic link in the tree: follows it to a file or a directory, and watches every name on the way.
    /// `announce`: how sure it is that a file there is finished; nil: it is nothing new.
    mutating func placeLink(_ file: FileKey, announce: Burst.Reason?, now: Moment) {
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
            tree.know(file)
            watchFile(file)
            if let announce { burst.add(file, announce) }
        }
    }

    mutating func unlink(_ file: FileKey) {
        for watch in anchors.set([], for: .link(file)) { release(watch) }
    }

    /// A link to a directory above its root would show the tree to itself, or the whole disk.
    private func leadsAbove(_ path: BytePath, root: RootID) -> Bool {
        guard let end = LinkChain(path, look: LinkChain.lookOnDisk).end,
            let start = roots[root].flatMap({ LinkChain($0.path, look: LinkChain.lookOnDisk).end })
        else { return false }
        return start.isWithin(end)
    }

    /// Watches every name on the way to `path`; again until nothing changed while the watches were placed.
    private mutating func anchor(_ subject: Subject, path: BytePath, end: EventMask) -> LinkChain {
        var chain = LinkChain(path, look: LinkChain.lookOnDisk)
        for _ in 0..<8 {
            place(subject, on: chain, end: end)
            let again = LinkChain(path, look: LinkChain.lookOnDisk)
            if again == chain { break }
            chain = again
        }
        return chain
    }

    private mutating func place(_ subject: Subject, on chain: LinkChain, end: EventMask) {
        var new: Set<AnchorTable.Anchor> = []
        for (index, step) in chain.steps.enumerated() {
            let isLast = index == chain.steps.count - 1
            // Directories far above a root see much traffic (/tmp, /home); in them only a move of the next one
            // counts, which that one tells itself.
            let mask: EventMask = chain.end == nil || step.isLink ? .names : isLast ? end : .place
            // Without read permission above a root there is no watch, and no harm but a late notice.
            guard let watch = (try? addWatch(step.directory, mask)) ?? nil else { continue }
            new.insert(AnchorTable.Anchor(watch: watch, name: step.name))
        }
        for watch in anchors.set(new, for: subject) { release(watch) }
    }
}

extension LinkChain {
    static func lookOnDisk(_ path: BytePath) -> Entry {
        guard let status = try? FileStatus.read(path, followLinks: false) else { return .missing }
        switch status.kind {
        case .directory: return .directory
        case .symbolicLink: return Proc.linkTarget(path).map(Entry.link) ?? .missing
        case .regular, .other: return .other
        }
    }
}
