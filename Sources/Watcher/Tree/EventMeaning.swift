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

    static func of(_ event: InotifyEvent, in id: DirectoryID, respectsGitignore: Bool) -> [EventMeaning] {
        guard let name = event.name else {
            if event.mask.contains(.moveSelf) { return [.moved(id)] }
            let lost: EventMask = [.deleteSelf, .ignored, .unmount]
            return event.mask.isDisjoint(with: lost) ? [] : [.watchLost(id)]
        }
        if event.mask.contains(.isDirectory) { return ofDirectory(event, name, in: id) }
        let file = FileKey(directory: id, name: name)
        let changesRules = respectsGitignore && name == GitignoreFiles.name && !event.mask.contains(.create)
        let rules = changesRules ? [EventMeaning.rulesChanged(id)] : []
        if event.mask.contains(.closeWrite) { return rules + [.closed(file)] }
        if event.mask.contains(.movedTo) { return rules + [.movedHere(file)] }
        if event.mask.contains(.create) { return [.created(file)] }
        if !event.mask.isDisjoint(with: [.delete, .movedFrom]) { return rules + [.gone(file)] }
        return []
    }

    private static func ofDirectory(
        _ event: InotifyEvent, _ name: EntryName, in id: DirectoryID
    ) -> [EventMeaning] {
        if !event.mask.isDisjoint(with: [.create, .movedTo, .attributes]) {
            return [.directoryCame(id, name, cookie: event.cookie)]
        }
        if event.mask.contains(.movedFrom) { return [.directoryLeft(id, name, cookie: event.cookie)] }
        if event.mask.contains(.delete) { return [.directoryGone(id, name)] }
        return []
    }
}
