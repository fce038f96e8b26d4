/// What an event of inotify(7) says to the watcher, which knows no mask.
extension InotifyEvent {
    /// The queue was full: events were lost.
    var lostOthers: Bool { watch == nil && mask.contains(.overflow) }

    /// Somebody wrote to the file, and may write on.
    var wroteFile: Bool { mask.contains(.modify) }

    /// Somebody who wrote to the file has closed it.
    var closedFile: Bool { mask.contains(.closeWrite) }

    /// What the name stands for is finished: it was closed after writing, or moved there.
    var savedName: Bool { !mask.isDisjoint(with: [.closeWrite, .movedTo]) }

    /// The watch is gone, and its number with it.
    var endsWatch: Bool { mask.contains(.ignored) }

    /// What it says about the tree, as an event of the directory `id`. Deciding needs no kernel.
    func meanings(in id: DirectoryID, respectsGitignore: Bool) -> [EventMeaning] {
        guard let name else {
            if mask.contains(.moveSelf) { return [.moved(id)] }
            let lost: EventMask = [.deleteSelf, .ignored, .unmount]
            return mask.isDisjoint(with: lost) ? [] : [.watchLost(id)]
        }
        if mask.contains(.isDirectory) { return meaningsOfDirectory(name, in: id) }
        let file = FileKey(directory: id, name: name)
        let changesRules = respectsGitignore && name == GitignoreFiles.name && !mask.contains(.create)
        let rules = changesRules ? [EventMeaning.rulesChanged(id)] : []
        if mask.contains(.closeWrite) { return rules + [.closed(file)] }
        if mask.contains(.movedTo) { return rules + [.movedHere(file)] }
        if mask.contains(.create) { return [.created(file)] }
        if !mask.isDisjoint(with: [.delete, .movedFrom]) { return rules + [.gone(file)] }
        return []
    }

    /// A change of its attributes counts as a coming: the directory may be readable only now. One that is
    /// known and still there is left as it is.
    private func meaningsOfDirectory(_ name: EntryName, in id: DirectoryID) -> [EventMeaning] {
        if !mask.isDisjoint(with: [.create, .movedTo, .attributes]) {
            return [.directoryCame(id, name, cookie: cookie)]
        }
        if mask.contains(.movedFrom) { return [.directoryLeft(id, name, cookie: cookie)] }
        if mask.contains(.delete) { return [.directoryGone(id, name)] }
        return []
    }
}
