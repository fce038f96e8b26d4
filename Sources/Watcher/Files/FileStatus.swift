import Glibc
package import SystemPackage

/// Which file it is, and which state of it: two equal values mean that nothing wrote to it between them.
///
/// ctime alone is not enough: its clock ticks every 4 ms, so two writes can share one.
package struct FileIdentity: Sendable, Hashable {
    /// The file system's number.
    package let device: UInt64
    /// The file's number in its file system; a later file may get it again.
    package let inode: UInt64
    /// Bytes.
    package let size: Int64
    /// Nanoseconds since 1970; editors and archivers set it at will.
    package let modified: Int64
    /// Nanoseconds since 1970; set by the kernel only.
    package let changed: Int64

    /// Times are put together from seconds and nanoseconds; 64 bits hold them until the year 2262.
    init(_ status: stat) {
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
        size = Int64(status.st_size)
        modified = Int64(status.st_mtim.tv_sec) * 1_000_000_000 + Int64(status.st_mtim.tv_nsec)
        changed = Int64(status.st_ctim.tv_sec) * 1_000_000_000 + Int64(status.st_ctim.tv_nsec)
    }

    /// Follows symbolic links. Throws what stat(2) does, `Errno.noSuchFileOrDirectory` above all.
    package static func of(_ path: FilePath) throws(Errno) -> FileIdentity {
        try FileStatus.read(BytePath(path), followLinks: true).identity
    }
}

/// Which inode, whatever its state.
struct InodeKey: Hashable, Sendable {
    /// `st_dev`, as `FileIdentity.device`.
    let device: UInt64
    /// `st_ino`: unique on its device only, and free for another file once this one is gone.
    let inode: UInt64
}

/// What stat(2) tells of one path.
struct FileStatus: Sendable, Hashable {
    /// The kinds that the watcher treats differently.
    enum Kind: Sendable, Hashable {
        /// `symbolicLink` is seen only where links were not followed; `other` is a FIFO, a socket or a
        /// device.
        case regular, directory, symbolicLink, other

        /// From the type bits of `st_mode` (inode(7)).
        init(mode: mode_t) {
            switch mode & S_IFMT {
            case S_IFREG: self = .regular
            case S_IFDIR: self = .directory
            case S_IFLNK: self = .symbolicLink
            default: self = .other
            }
        }
    }

    /// Of the end of the links if they were followed, else of the link itself.
    let kind: Kind
    /// Which file it is and which state of it, all from one system call.
    let identity: FileIdentity

    /// Stays the same while the file's content changes.
    var key: InodeKey { InodeKey(device: identity.device, inode: identity.inode) }

    /// Takes what the watcher needs of the kernel's answer.
    init(_ status: stat) {
        kind = Kind(mode: status.st_mode)
        identity = FileIdentity(status)
    }

    /// One fstatat(2). Throws `Errno.noSuchFileOrDirectory` if the path, or with `followLinks` its end, is
    /// missing.
    static func read(_ path: BytePath, followLinks: Bool) throws(Errno) -> FileStatus {
        var status = stat()
        let flags = followLinks ? 0 : AT_SYMLINK_NOFOLLOW
        if path.withCString({ fstatat(AT_FDCWD, $0, &status, flags) }) != 0 { throw Errno(rawValue: errno) }
        return FileStatus(status)
    }

    /// One fstat(2): of the file that is open, wherever its path leads by now.
    static func read(descriptor: Int32) throws(Errno) -> FileStatus {
        var status = stat()
        if fstat(descriptor, &status) != 0 { throw Errno(rawValue: errno) }
        return FileStatus(status)
    }
}
