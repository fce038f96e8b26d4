import CLinuxShims
import Glibc
import SystemPackage

/// A descriptor open for reading. It owns it and closes it.
struct OpenFile: ~Copyable {
    /// Valid as long as the value lives; a caller must not close it.
    let descriptor: Int32

    /// Never waits (a FIFO without a writer), never becomes a controlling terminal. A path below
    /// `/proc/PID/root` is resolved within that root. Throws what open(2) does; EINTR is tried again.
    init(_ path: BytePath) throws(Errno) {
        if let (root, rest) = path.belowProcessRoot {
            descriptor = try Self.open(rest, in: root)
            return
        }
        let flags = O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY
        while true {
            let opened = path.withCString { Glibc.open($0, flags) }
            if opened >= 0 {
                descriptor = opened
                return
            }
            let cause = Errno(rawValue: errno)
            if cause != .interrupted { throw cause }
        }
    }

    /// Who owns the tree below `root` may put links there that lead out of it.
    private static func open(_ path: BytePath, in root: BytePath) throws(Errno) -> Int32 {
        while true {
            let opened = root.withCString { root in
                path.withCString { midflight_open_in_root(root, $0) }
            }
            if opened >= 0 { return Int32(opened) }
            let cause = Errno(rawValue: CInt(-opened))
            if cause != Errno.interrupted { throw cause }
        }
    }

    deinit { close(descriptor) }

    /// Of the open file, also after its name was deleted or given to another file.
    borrowing func status() throws(Errno) -> FileStatus { try FileStatus.read(descriptor: descriptor) }

    /// Bytes from the start of the file, up to its end or `limit` + 1. A read that stays short of `size` + 1 is
    /// the end: regular files give all they have.
    borrowing func bytes(expecting size: Int, limit: Int) throws(Errno) -> [UInt8] {
        var bytes: [UInt8] = []
        // One byte more than expected, so that a file that grew is noticed by one read.
        var room = min(size, limit) + 1
        while true {
            let chunk = try read(room, from: bytes.count)
            bytes += chunk
            if chunk.count < room || bytes.count > limit { return bytes }
            room = bytes.count
        }
    }

    /// Short at the end of the file; empty behind it.
    borrowing func read(_ count: Int, from offset: Int) throws(Errno) -> [UInt8] {
        var failure: Errno?
        let chunk = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            repeat {
                let got = pread(descriptor, buffer.baseAddress, count, off_t(offset))
                failure = got < 0 ? Errno(rawValue: errno) : nil
                filled = max(0, got)
            } while failure == .interrupted
        }
        if let failure { throw failure }
        return chunk
    }
}
