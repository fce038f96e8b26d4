import Glibc
package import SystemPackage

/// Asks the kernel whether anybody has a file open for writing.
///
/// A read lease (fcntl(2), F_SETLEASE) is granted only while nobody has; asking takes about 10 µs. Our own uid
/// must own the file, or have CAP_LEASE.
package struct WriterProbe {
    // Not imported from Glibc: they need _GNU_SOURCE.
    private static let setLease: Int32 = 1024
    /// F_SETSIG: which signal tells of a broken lease.
    private static let setSignal: Int32 = 10

    /// CLOSE_WRITE is queued before the writer is taken off the count: microseconds until a yes can be believed.
    private static let patience: [useconds_t] = [25, 50, 100, 200, 1000, 2000, 4000]

    /// Waits up to 7.4 ms for a writer that is just closing. A file that cannot be probed has no writer.
    package static func hasWriter(_ path: FilePath) -> Bool { hasWriter(BytePath(path)) }

    /// As above, for a path in no particular encoding. Called on the watcher's thread, which waits in it.
    static func hasWriter(_ path: BytePath) -> Bool {
        guard let file = try? OpenFile(path) else { return false }
        for pause in patience {
            if !isWritten(file) { return false }
            usleep(pause)
        }
        return isWritten(file)
    }

    /// Without waiting: also true for a writer that is just closing.
    static func hasWriterNow(_ path: BytePath) -> Bool {
        guard let file = try? OpenFile(path) else { return false }
        return isWritten(file)
    }

    /// Takes the lease and gives it back at once. Only EAGAIN means a writer: without the right to ask
    /// (EACCES), or on a file system without leases (EINVAL), the answer is no.
    private static func isWritten(_ file: borrowing OpenFile) -> Bool {
        // A writer that opens the file meanwhile breaks the lease, and the kernel tells us by a signal: by SIGIO,
        // which would kill us, or by one of our choice. SIGURG does nothing by default, in children neither.
        guard fcntl(file.descriptor, setSignal, SIGURG) == 0 else { return false }
        // Stopped between the two calls, we would keep that writer waiting for /proc/sys/fs/lease-break-time.
        return withStopSignalBlocked {
            if fcntl(file.descriptor, setLease, F_RDLCK) == 0 {
                _ = fcntl(file.descriptor, setLease, F_UNLCK)
                return false
            }
            return errno == EAGAIN
        }
    }

    /// Blocks SIGTSTP on this thread alone; SIGSTOP cannot be blocked (signal(7)).
    private static func withStopSignalBlocked(_ body: () -> Bool) -> Bool {
        var stop = sigset_t()
        var before = sigset_t()
        sigemptyset(&stop)
        sigaddset(&stop, SIGTSTP)
        pthread_sigmask(SIG_BLOCK, &stop, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
        return body()
    }
}
