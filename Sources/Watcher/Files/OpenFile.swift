import Glibc
import SystemPackage

/// A descriptor open for reading. It owns it and closes it.
struct OpenFile: ~Copyable {
    let descriptor: Int32

    /// Never waits (a FIFO without a writer), never becomes a controlling terminal.
    init(_ path: BytePath) throws(Errno) {
        let flags = O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY
        while true {
            let opened = path.withCString { open($0, flags) }
            if opened >= 0 {
                descriptor = opened
                return
            }
            let cause = Errno(rawValue: errno)
            if cause != .interrupted { throw cause }
        }
    }

    deinit { close(descriptor) }

    borrowing func status() throws(Errno) -> FileStatus { try FileStatus.read(descriptor: descriptor) }

    /// Bytes from the start of the file to its end, at most `limit`.
    borrowing func bytes(expecting size: Int, limit: Int) throws(Errno) -> [UInt8] {
        // One byte more than expected, so that a file that grew is noticed by one read.
        var bytes = [UInt8](repeating: 0, count: min(size, limit) + 1)
        var filled = 0
        while true {
            let count = bytes.withUnsafeMutableBytes { buffer in
                pread(
                    descriptor, buffer.baseAddress.map { $0 + filled }, buffer.count - filled, off_t(filled))
            }
            if count < 0 {
                let cause = Errno(rawValue: errno)
                if cause == .interrupted { continue }
                throw cause
            }
            filled += count
            if count == 0 || filled > limit { break }
            if filled == bytes.count { bytes += [UInt8](repeating: 0, count: bytes.count) }
        }
        bytes.removeSubrange(filled...)
        return bytes
    }
}
