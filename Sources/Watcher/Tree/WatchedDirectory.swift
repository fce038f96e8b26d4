/// One path that the user asked to watch.
struct RootID: Hashable, Sendable {
    let rawValue: Int
}

/// A directory of the tree, for as long as it is watched; numbers are not used again.
struct DirectoryID: Hashable, Sendable {
    let rawValue: Int
}

/// A file by its place in the tree, which survives a rename of the directories above it.
struct FileKey: Hashable, Sendable {
    let directory: DirectoryID
    let name: EntryName
}

/// What is remembered of a file that the filter lets through.
struct KnownFile: Sendable, Hashable {
    /// Hash of the content last reported or looked at; nil until the first event.
    var digest: Int?
    /// The file's own watch, for writers that never close, and the inode it is on.
    var watch: WatchID?
    var inode: UInt64?
    /// State at the last look, in directories that are polled.
    var polled: FileIdentity?
}

struct WatchedDirectory: Sendable {
    let root: RootID
    /// nil for a root, and for a directory between the two halves of its rename.
    var parent: DirectoryID?
    /// The last component; a root has its whole path instead.
    var name: EntryName
    var key: InodeKey
    /// nil: the kernel gave no watch, so the directory is polled.
    var watch: WatchID?
    /// Changes may come unseen: a remote file system, or no watch.
    var isPolled: Bool
    /// Reached through a symbolic link.
    var isLink: Bool
    /// Of this directory and those above, outermost first.
    var rules: [IgnoreRules]
    var children: [EntryName: DirectoryID] = [:]
    var files: [EntryName: KnownFile] = [:]
}
