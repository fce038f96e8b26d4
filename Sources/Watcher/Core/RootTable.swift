/// What the user asked for, also while it is missing on disk.
struct RootTable {
    /// One root as asked for, and what its path leads to now.
    struct Root: Sendable {
        /// As the user named it.
        let path: BytePath
        /// false: files directly in it count, its subdirectories do not.
        let isRecursive: Bool
        /// The path is that of a file, which is watched in its directory; nil: of a directory, or of nothing yet.
        var only: EntryName?
        /// nil while it does not exist.
        var directory: DirectoryID?

        /// The directory whose entries are watched.
        var place: BytePath { only == nil ? path : path.parent }
    }

    /// By their numbers.
    private(set) var all: [RootID: Root] = [:]
    /// Roots and links whose path may lead elsewhere now; true: what is there was saved just now.
    private var dirty: [Subject: Bool] = [:]
    /// The number given last; numbers are not used again.
    private var last = 0

    /// nil of a root that was removed; assigning nil removes it. A number that no root has keeps none.
    subscript(id: RootID) -> Root? {
        get { all[id] }
        set { if all[id] != nil { all[id] = newValue } }
    }

    /// The root gets a number that none had before, removed ones included.
    mutating func add(_ root: Root) -> RootID {
        last += 1
        let id = RootID(rawValue: last)
        all[id] = root
        return id
    }

    /// The root is looked at again; nothing in it was saved just now.
    mutating func check(_ id: RootID) { dirty[.root(id)] = false }

    /// The same, unless it is looked at already.
    mutating func checkAll() { for id in all.keys { dirty[.root(id)] = dirty[.root(id)] ?? false } }

    /// `isSaved`: what is there was saved just now; once said, that stays said.
    mutating func check(_ subject: Subject, isSaved: Bool) {
        dirty[subject] = isSaved || dirty[subject] ?? false
    }

    /// What is to be looked at again, and whether it was saved; nothing is left.
    mutating func takeDirty() -> [Subject: Bool] {
        defer { dirty = [:] }
        return dirty
    }
}
