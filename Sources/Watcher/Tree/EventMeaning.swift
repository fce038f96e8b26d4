/// What an event of a watched directory says about the tree. Deciding needs no kernel.
enum EventMeaning: Hashable, Sendable {
    /// The file was closed after writing.
    case closed(FileKey)
    /// A finished file, or a symbolic link, was moved here.
    case movedHere(FileKey)
    /// A new name: a link to a finished file, a symbolic link, or a file whose CLOSE_WRITE will come.
    case created(FileKey)
    case gone(FileKey)
    case directoryCame(DirectoryID, EntryName, cookie: UInt32)
    case directoryLeft(DirectoryID, EntryName, cookie: UInt32)
    case directoryGone(DirectoryID, EntryName)
    /// The directory itself was deleted, or its file system unmounted.
    case watchLost(DirectoryID)
    /// A root's inode was renamed, so that its path may be another directory now, or none.
    case moved(DirectoryID)
    /// Its `.gitignore` is another one.
    case rulesChanged(DirectoryID)
}
