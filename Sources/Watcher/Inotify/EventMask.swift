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

    /// The mask by which inotify tells what is wanted.
    init(_ interest: WatchInterest) {
        switch interest {
        case .tree(followsLink: true): self = .tree
        case .tree(followsLink: false): self = .tree.union(.doNotFollow)
        case .names: self = .names
        case .place: self = [.deleteSelf, .moveSelf, .onlyDirectory, .addToMask]
        case .linkEnd: self = .names.union(.closeWrite)
        case .file: self = [.modify, .closeWrite, .addToMask]
        case .permissions: self = [.attributes, .onlyDirectory, .addToMask]
        }
    }

    /// Never OPEN, ACCESS, CLOSE_NOWRITE: our own reading would feed them.
    private static let tree: EventMask = [
        .closeWrite, .movedTo, .movedFrom, .create, .delete, .deleteSelf, .moveSelf,
        .onlyDirectory, .excludeUnlinked, .addToMask,
    ]
    private static let names: EventMask = [
        .movedTo, .movedFrom, .create, .delete, .deleteSelf, .moveSelf, .onlyDirectory, .addToMask,
    ]

    init(rawValue: UInt32) { self.rawValue = rawValue }
    // The importer gives these constants as Int32 or UInt32, as the header happens to write them.
    private init(_ bit: Int32) { rawValue = UInt32(bitPattern: bit) }
    private init(_ bit: UInt32) { rawValue = bit }
    private init(_ bit: Int) { rawValue = UInt32(truncatingIfNeeded: bit) }
}
