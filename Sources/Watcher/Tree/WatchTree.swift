/// Which directory each watch descriptor is, by parent and name: so a rename, however large the subtree, is one
/// assignment, and no path is ever out of date.
struct WatchTree: Sendable {
    /// All roots' directories. Only the methods below change it, because the tables beside it have to agree.
    private(set) var directories: [DirectoryID: WatchedDirectory] = [:]
    /// Several for one descriptor when roots overlap, or a bind mount shows a directory twice.
    private var byWatch: [WatchID: [DirectoryID]] = [:]
    /// Of roots only; every other path is put together from names on the way up.
    private var rootPaths: [DirectoryID: BytePath] = [:]
    /// Counts up only, so that an old number never means another directory.
    private var nextID = 0

    /// nil once the directory was removed.
    subscript(id: DirectoryID) -> WatchedDirectory? { directories[id] }

    /// In the order in which they were placed; empty if the watch belongs to a file or an anchor only.
    func directories(watchedBy watch: WatchID) -> [DirectoryID] { byWatch[watch] ?? [] }

    /// The directory of this inode below `root`; nil if it is not in the tree. Of two bind mounts of it, the
    /// one placed last.
    func directory(_ key: InodeKey, in root: RootID) -> DirectoryID? {
        byInode[InodePlace(key: key, root: root)]
    }

    /// nil if the directory is gone, or is in the middle of a rename.
    func path(of id: DirectoryID) -> BytePath? {
        var names: [EntryName] = []
        var current = id
        while let directory = directories[current] {
            if var path = rootPaths[current] {
                for name in names.reversed() { path = path.appending(name) }
                return path
            }
            guard let parent = directory.parent else { return nil }
            names.append(directory.name)
            current = parent
        }
        return nil
    }

    /// nil if the file's directory is gone, or is in the middle of a rename. The file itself need not exist.
    func path(of file: FileKey) -> BytePath? { path(of: file.directory)?.appending(file.name) }

    /// `id` first, parents before children.
    func subtree(of id: DirectoryID) -> [DirectoryID] {
        var found = [id]
        var index = 0
        while index < found.count {
            found += (directories[found[index]]?.children.values).map(Array.init) ?? []
            index += 1
        }
        return found
    }

    // MARK: - Changes

    /// An inode within one root: overlapping roots each hold it.
    private struct InodePlace: Hashable {
        /// Of the directory when it was placed.
        let key: InodeKey
        let root: RootID
    }
    /// Finds a directory that a link or a second mount leads to again, which would be walked for ever.
    private var byInode: [InodePlace: DirectoryID] = [:]

    /// `path`: absolute, as the user spelled it. The root directory has no parent.
    mutating func insertRoot(_ directory: WatchedDirectory, path: BytePath) -> DirectoryID {
        let id = insert(directory)
        rootPaths[id] = path
        return id
    }

    /// Its parent, if it names one, has to be in the tree. A new number for every call, also for a directory
    /// that was there before.
    mutating func insert(_ directory: WatchedDirectory) -> DirectoryID {
        let id = DirectoryID(rawValue: nextID)
        nextID += 1
        directories[id] = directory
        if let watch = directory.watch { byWatch[watch, default: []].append(id) }
        byInode[InodePlace(key: directory.key, root: directory.root)] = id
        if let parent = directory.parent { directories[parent]?.children[directory.name] = id }
        return id
    }

    /// Takes `id` out of its parent and keeps everything below it, until `attach` or `remove`.
    mutating func detach(_ id: DirectoryID) {
        guard let directory = directories[id], let parent = directory.parent else { return }
        if directories[parent]?.children[directory.name] == id {
            directories[parent]?.children[directory.name] = nil
        }
        directories[id]?.parent = nil
    }

    /// The second half of a rename: O(1), whatever lies below. `id` must have been detached.
    mutating func attach(_ id: DirectoryID, to parent: DirectoryID, as name: EntryName) {
        directories[id]?.parent = parent
        directories[id]?.name = name
        directories[parent]?.children[name] = id
    }

    /// Forgets `id` and everything below it; returns the watches that no directory uses any more.
    mutating func remove(_ id: DirectoryID) -> [WatchID] {
        detach(id)
        var unused: [WatchID] = []
        for member in subtree(of: id) {
            guard let directory = directories.removeValue(forKey: member) else { continue }
            rootPaths[member] = nil
            let place = InodePlace(key: directory.key, root: directory.root)
            if byInode[place] == member { byInode[place] = nil }
            for file in directory.files.values { if let watch = file.watch { unused.append(watch) } }
            guard let watch = directory.watch else { continue }
            byWatch[watch]?.removeAll { $0 == member }
            if byWatch[watch]?.isEmpty == true {
                byWatch[watch] = nil
                unused.append(watch)
            }
        }
        return unused
    }

    /// The kernel dropped the watch, for example because its file system was unmounted.
    mutating func forget(_ watch: WatchID) {
        for id in byWatch.removeValue(forKey: watch) ?? [] { directories[id]?.watch = nil }
    }

    /// Only of this directory: those below hold their own list, which begins with the parent's.
    mutating func setRules(_ rules: [IgnoreRules], of id: DirectoryID) { directories[id]?.rules = rules }

    /// Notes a file without a digest, so that its first content counts as new; one that is known keeps what
    /// is known of it.
    mutating func know(_ file: FileKey) {
        if directories[file.directory]?.files[file.name] == nil {
            directories[file.directory]?.files[file.name] = KnownFile()
        }
    }

    /// As for one file, for a whole listing at once.
    mutating func know(_ names: [EntryName], in id: DirectoryID) {
        directories[id]?.files.merge(names.lazy.map { ($0, KnownFile()) }) { known, _ in known }
    }

    /// Does nothing for a file that is not known.
    mutating func update(_ file: FileKey, _ change: (inout KnownFile) -> Void) {
        directories[file.directory]?.files[file.name].map { known in
            var known = known
            change(&known)
            directories[file.directory]?.files[file.name] = known
        }
    }

    /// Returns what was known, so that its watch can be given back; nil if it was not known.
    mutating func forget(_ file: FileKey) -> KnownFile? {
        directories[file.directory]?.files.removeValue(forKey: file.name)
    }

    /// True from the listing or the event that first showed the file until its removal is confirmed or a rule
    /// ignores it.
    func isKnown(_ file: FileKey) -> Bool { directories[file.directory]?.files[file.name] != nil }
}
