/// Which directory each watch descriptor is, by parent and name: so a rename, however large the subtree, is one
/// assignment, and no path is ever out of date.
struct WatchTree: Sendable {
    private(set) var directories: [DirectoryID: WatchedDirectory] = [:]
    /// Several for one descriptor when roots overlap, or a bind mount shows a directory twice.
    private var byWatch: [WatchID: [DirectoryID]] = [:]
    private var rootPaths: [DirectoryID: BytePath] = [:]
    private var nextID = 0

    subscript(id: DirectoryID) -> WatchedDirectory? { directories[id] }

    func directories(watchedBy watch: WatchID) -> [DirectoryID] { byWatch[watch] ?? [] }

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

    private struct InodePlace: Hashable {
        let key: InodeKey
        let root: RootID
    }
    private var byInode: [InodePlace: DirectoryID] = [:]

    mutating func insertRoot(_ directory: WatchedDirectory, path: BytePath) -> DirectoryID {
        let id = insert(directory)
        rootPaths[id] = path
        return id
    }

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

    mutating func setRules(_ rules: [IgnoreRules], of id: DirectoryID) { directories[id]?.rules = rules }

    mutating func know(_ file: FileKey) {
        if directories[file.directory]?.files[file.name] == nil {
            directories[file.directory]?.files[file.name] = KnownFile()
        }
    }

    mutating func know(_ names: [EntryName], in id: DirectoryID) {
        directories[id]?.files.merge(names.lazy.map { ($0, KnownFile()) }) { known, _ in known }
    }

    mutating func update(_ file: FileKey, _ change: (inout KnownFile) -> Void) {
        directories[file.directory]?.files[file.name].map { known in
            var known = known
            change(&known)
            directories[file.directory]?.files[file.name] = known
        }
    }

    mutating func forget(_ file: FileKey) -> KnownFile? {
        directories[file.directory]?.files.removeValue(forKey: file.name)
    }

    func isKnown(_ file: FileKey) -> Bool { directories[file.directory]?.files[file.name] != nil }
}
