import Glibc

/// The event bits of inotify(7), by the kernel's values.
struct EventMask: OptionSet, Sendable, Hashable {
    var rawValue: UInt32

    static let modify = EventMask(IN_MODIFY)
    static let attributes = EventMask(IN_ATTRIB)
    static let closeWrite = EventMask(IN_CLOSE_WRITE)
    static let movedFrom = EventMask(IN_MOVED_FROM)
    static let movedTo = EventMask(IN_MOVED_TO)
    static let create = EventMask(IN_CREATE)
    static let delete = EventMask(IN_DELETE)
    static let deleteSelf = EventMask(IN_DELETE_SELF)
    static let moveSelf = EventMask(IN_MOVE_SELF)
    static let unmount = EventMask(IN_UNMOUNT)
    /// The queue was full; carried by watch descriptor −1 only.
    static let overflow = EventMask(IN_Q_OVERFLOW)
    /// The watch is gone, by inotify_rm_watch or with its inode.
    static let ignored = EventMask(IN_IGNORED)
    static let isDirectory = EventMask(IN_ISDIR)
    static let onlyDirectory = EventMask(IN_ONLYDIR)
    static let doNotFollow = EventMask(IN_DONT_FOLLOW)
    static let excludeUnlinked = EventMask(IN_EXCL_UNLINK)
    /// Adds to the mask of an inode that is watched already; without it the old mask is lost.
    static let addToMask = EventMask(IN_MASK_ADD)

    /// A directory whose files are reported. Never OPEN, ACCESS, CLOSE_NOWRITE: our own reading would feed them.
    static let tree: EventMask = [
        .closeWrite, .movedTo, .movedFrom, .create, .delete, .deleteSelf, .moveSelf,
        .onlyDirectory, .excludeUnlinked, .addToMask,
    ]
    /// A directory above a root in which a name may come, go or be replaced.
    static let names: EventMask = [
        .movedTo, .movedFrom, .create, .delete, .deleteSelf, .moveSelf, .onlyDirectory, .addToMask,
    ]
    /// A directory above a root that matters only as a whole.
    static let place: EventMask = [.deleteSelf, .moveSelf, .onlyDirectory, .addToMask]
    /// The directory in which a symbolic link ends.
    static let linkEnd: EventMask = names.union(.closeWrite)
    /// A file that somebody may write to without ever closing it, or by another name: a hard link, a bind mount.
    static let file: EventMask = [.modify, .closeWrite, .addToMask]
    /// A directory with one below it that may not be read: the permission may come.
    static let permissions: EventMask = [.attributes, .onlyDirectory, .addToMask]

    init(rawValue: UInt32) { self.rawValue = rawValue }
    // The importer gives these constants as Int32 or UInt32, as the header happens to write them.
    private init(_ bit: Int32) { rawValue = UInt32(bitPattern: bit) }
    private init(_ bit: UInt32) { rawValue = bit }
    private init(_ bit: Int) { rawValue = UInt32(truncatingIfNeeded: bit) }
}
