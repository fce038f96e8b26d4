/// What an event of a watched directory says about the tree. Deciding needs no kernel.
enum EventMeaning: Hashable, Sendable {
    /// The file was closed after writing.
    case closed(FileKey)
    /// A finished file, or a symbolic link, was moved here.
    case movedHere(FileKey)
    /// A new name: a link to a finished file, a symbolic link, or a file whose CLOSE_WRITE will come.
    case created(FileKey)
    /// The name was deleted or moved away; the second half of a save may follow.
    case gone(FileKey)
    /// `cookie` is not 0 if it was moved here; that of `directoryLeft` if it came from a watched directory.
    case directoryCame(DirectoryID, EntryName, cookie: UInt32)
    /// It may turn up elsewhere in the tree by a `directoryCame` with the same cookie, which is normally the
    /// next event, but need not be (inotify(7)).
    case directoryLeft(DirectoryID, EntryName, cookie: UInt32)
    /// It was deleted, so it was empty before: rmdir(2) wants it so.
    case directoryGone(DirectoryID, EntryName)
    /// The directory itself was deleted, or its file system unmounted.
    case watchLost(DirectoryID)
    /// A root's inode was renamed, so that its path may be another directory now, or none.
    case moved(DirectoryID)
    /// Its `.gitignore` is another one.
    case rulesChanged(DirectoryID)
}
