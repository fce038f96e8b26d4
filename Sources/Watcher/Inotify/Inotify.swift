import Glibc
import SystemPackage

/// One inotify instance. It owns the descriptor and closes it.
struct Inotify: ~Copyable {
    /// Readable, for poll(2), while events are queued. It does not block and is not inherited by execve(2).
    let descriptor: Int32

    /// Throws `Errno.tooManyOpenFiles` at the user's limit of instances (fs.inotify.max_user_instances).
    init() throws(Errno) {
        descriptor = inotify_init1(Int32(bitPattern: UInt32(O_CLOEXEC | O_NONBLOCK)))
        if descriptor < 0 { throw Errno(rawValue: errno) }
    }

    deinit { close(descriptor) }

    /// Throws `Errno.noSpace` at the user's limit of watches. While an inode is watched it gives the same
    /// number again, by whatever path, and the interests are joined.
    borrowing func add(_ path: BytePath, _ interest: WatchInterest) throws(Errno) -> WatchID {
        let watch = path.withCString { inotify_add_watch(descriptor, $0, EventMask(interest).rawValue) }
        if watch < 0 { throw Errno(rawValue: errno) }
        return WatchID(rawValue: watch)
    }

    /// The kernel answers with an `ignored` event. Nothing to report: the inode may have gone before.
    borrowing func remove(_ watch: WatchID) {
        _ = inotify_rm_watch(descriptor, watch.rawValue)
    }

    /// What one read(2) gave.
    struct Reading {
        /// In the order in which they happened. The kernel joins one with the one before it if they are equal
        /// (inotify(7)).
        let events: [InotifyEvent]
        /// Another record might not have found room: there may be more.
        let isFull: Bool
    }

    /// What is queued, up to the size of `buffer`; no events if nothing is.
    borrowing func read(into buffer: UnsafeMutableRawBufferPointer) -> Reading {
        while true {
            let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
            if count > 0 {
                return Reading(
                    events: InotifyEvent.decode(UnsafeRawBufferPointer(rebasing: buffer[..<count])),
                    isFull: buffer.count - count < InotifyEvent.largestSize)
            }
            // EAGAIN means empty; EINVAL (buffer too small for a record) cannot happen with 64 KiB.
            if count == 0 || errno != EINTR { return Reading(events: [], isFull: false) }
        }
    }
}
