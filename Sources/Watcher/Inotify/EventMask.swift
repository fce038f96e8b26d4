import Glibc

/// The event bits of inotify(7), by the kernel's values.
struct EventMask: OptionSet, Sendable, Hashable {
    /// Bits that have no name here are kept.
    var rawValue: UInt32

    /// Comes with each write(2) and truncate(2): many for one save.
    static let modify = EventMask(IN_MODIFY)
    /// Permissions, owner, times or the number of links changed; here it is asked for only where reading was
    /// not permitted.
    static let attributes = EventMask(IN_ATTRIB)
    /// A descriptor open for writing was closed, whether or not anything was written.
    static let closeWrite = EventMask(IN_CLOSE_WRITE)
    /// First half of a rename, by the old name; its cookie is that of the second half.
    static let movedFrom = EventMask(IN_MOVED_FROM)
    /// Second half of a rename, by the new name. It comes alone if the old name was not watched.
    static let movedTo = EventMask(IN_MOVED_TO)
    /// A file, directory, symbolic link or hard link got this name; for a file opened with O_CREAT,
    /// `closeWrite` follows.
    static let create = EventMask(IN_CREATE)
    /// The name was unlinked; the file may live on under another one.
    static let delete = EventMask(IN_DELETE)
    /// The watched inode is gone: no name and no descriptor is left. `ignored` follows.
    static let deleteSelf = EventMask(IN_DELETE_SELF)
    /// The watched inode got another path. Its watch goes on.
    static let moveSelf = EventMask(IN_MOVE_SELF)
    /// The file system with the watched inode was unmounted. `ignored` follows.
    static let unmount = EventMask(IN_UNMOUNT)
    /// The queue was full; carried by watch descriptor −1 only.
    static let overflow = EventMask(IN_Q_OVERFLOW)
    /// The watch is gone, by inotify_rm_watch or with its inode.
    static let ignored = EventMask(IN_IGNORED)
    /// Set by the kernel: the name that the event tells is that of a directory.
    static let isDirectory = EventMask(IN_ISDIR)
    /// Asks for ENOTDIR instead of a watch if the path is no directory, without a race between looking and
    /// watching.
    static let onlyDirectory = EventMask(IN_ONLYDIR)
    /// Asks not to follow a symbolic link; together with `onlyDirectory` a link is refused.
    static let doNotFollow = EventMask(IN_DONT_FOLLOW)
    /// Asks for silence about files that are open but have no name any more.
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
    /// Without `closeWrite`: writes to a file in such a directory do not concern us.
    private static let names: EventMask = [
        .movedTo, .movedFrom, .create, .delete, .deleteSelf, .moveSelf, .onlyDirectory, .addToMask,
    ]

    /// Takes the mask of a record as the kernel wrote it.
    init(rawValue: UInt32) { self.rawValue = rawValue }
    // The importer gives these constants as Int32 or UInt32, as the header happens to write them.
    private init(_ bit: Int32) { rawValue = UInt32(bitPattern: bit) }
    private init(_ bit: UInt32) { rawValue = bit }
    private init(_ bit: Int) { rawValue = UInt32(truncatingIfNeeded: bit) }
}
