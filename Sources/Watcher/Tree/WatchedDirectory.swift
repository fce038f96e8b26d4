/// One path that the user asked to watch.
struct RootID: Hashable, Sendable {
    /// From 1, in the order in which roots were added.
    let rawValue: Int
}

/// A directory of the tree, for as long as it is watched; numbers are not used again.
struct DirectoryID: Hashable, Sendable {
    /// From 0, in the order of placing.
    let rawValue: Int
}

/// A file by its place in the tree, which survives a rename of the directories above it.
struct FileKey: Hashable, Sendable {
    /// The directory that holds the name, as it is in the tree: a link to a directory has a number of its
    /// own.
    let directory: DirectoryID
    /// The last component, as the kernel gives it.
    let name: EntryName
}

/// What is remembered of a file that the filter lets through.
struct KnownFile: Sendable, Hashable {
    /// Of the content that was last reported; nil before the first report and after `forgetContent`, so that
    /// the next look reports whatever the file holds.
    var digest: Int?
    /// The file's own watch, for writers that never close, and the inode it is on.
    var watch: WatchID?
    /// nil until the first report. A save by rename brings another inode.
    var inode: UInt64?
    /// State at the last look, in directories that are polled.
    var polled: FileIdentity?
}

/// A directory of the tree, what is in it, and how it is watched.
struct WatchedDirectory: Sendable {
    /// Below overlapping roots one directory on disk is two here.
    let root: RootID
    /// nil for a root, and for a directory between the two halves of its rename.
    var parent: DirectoryID?
    /// The last component; a root has its whole path instead.
    var name: EntryName
    /// What was listed under the path; if the path leads to another inode, the directory was replaced.
    var key: InodeKey
    /// nil: the kernel gave no watch, or has taken it back, so the directory is polled or looked for again.
    var watch: WatchID?
    /// Changes may come unseen: a remote file system, or no watch.
    var isPolled: Bool
    /// Reached through a symbolic link.
    var isLink: Bool
    /// Of this directory and those above, outermost first.
    var rules: [IgnoreRules]
    /// Subdirectories that are watched, those behind symbolic links included.
    var children: [EntryName: DirectoryID] = [:]
    /// Files that the filter lets through, also those that are missing until their removal is reported.
    var files: [EntryName: KnownFile] = [:]
}
