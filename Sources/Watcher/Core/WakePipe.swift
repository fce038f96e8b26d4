import Glibc
package import SystemPackage

/// Ends another thread's poll(2): a pipe that is readable once somebody has called `wake`.
package struct WakePipe: ~Copyable, Sendable {
    /// What the other thread polls. It is closed when the value ends.
    package let reader: Int32
    /// Does not block, so that waking never waits for a reader that is busy.
    private let writer: Int32

    /// Throws EMFILE or ENFILE where no descriptors are left.
    package init() throws(Errno) {
        var ends: [Int32] = [-1, -1]
        if pipe(&ends) != 0 { throw Errno(rawValue: errno) }
        for end in ends {
            // Cannot fail on a descriptor that was just made. (pipe2 is not imported from Glibc.)
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
        }
        (reader, writer) = (ends[0], ends[1])
    }

    deinit {
        close(reader)
        close(writer)
    }

    /// May be called on any thread. A full pipe wakes as well as an empty one, so EAGAIN is no failure.
    package borrowing func wake() {
        var byte: UInt8 = 1
        _ = write(writer, &byte, 1)
    }

    /// Until the next `wake` it is not readable any more.
    package borrowing func drain() {
        var bytes = [UInt8](repeating: 0, count: 64)
        while read(reader, &bytes, bytes.count) > 0 {}
    }
}
