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
    let device: UInt64
    let inode: UInt64
}

/// What stat(2) tells of one path.
struct FileStatus: Sendable, Hashable {
    enum Kind: Sendable, Hashable {
        case regular, directory, symbolicLink, other

        init(mode: mode_t) {
            switch mode & S_IFMT {
            case S_IFREG: self = .regular
            case S_IFDIR: self = .directory
            case S_IFLNK: self = .symbolicLink
            default: self = .other
            }
        }
    }

    let kind: Kind
    let identity: FileIdentity

    var key: InodeKey { InodeKey(device: identity.device, inode: identity.inode) }

    init(_ status: stat) {
        kind = Kind(mode: status.st_mode)
        identity = FileIdentity(status)
    }

    static func read(_ path: BytePath, followLinks: Bool) throws(Errno) -> FileStatus {
        var status = stat()
        let flags = followLinks ? 0 : AT_SYMLINK_NOFOLLOW
        if path.withCString({ fstatat(AT_FDCWD, $0, &status, flags) }) != 0 { throw Errno(rawValue: errno) }
        return FileStatus(status)
    }

    static func read(descriptor: Int32) throws(Errno) -> FileStatus {
        var status = stat()
        if fstat(descriptor, &status) != 0 { throw Errno(rawValue: errno) }
        return FileStatus(status)
    }
}
