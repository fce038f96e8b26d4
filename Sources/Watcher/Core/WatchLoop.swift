import Glibc
import Synchronization
import SystemPackage

/// Sleeps in poll(2) until the kernel has news, something is due, or another thread changed something.
final class WatchLoop: Sendable {
    /// Held for one burst by the watcher's thread, and for one change by others; never during a delivery.
    private let core: Mutex<WatchCore>
    /// Ends the sleep when another thread changed a root or stopped the loop.
    private let wake: WakePipe
    /// Set once and never taken back.
    private let isStopped = Atomic(false)
    /// −1 where there is none, which poll(2) leaves out.
    private let events: Int32
    /// nil where /proc is not mounted; then mounts over the tree are not noticed.
    private let mountFile: OpenFile?

    /// Throws `noResources` where no pipe can be made, or where inotify fails for another reason than the
    /// user's limit.
    init(options: WatchOptions) throws(WatcherError) {
        let core = try WatchCore(options: options)
        events = core.eventDescriptor
        self.core = Mutex(core)
        do throws(Errno) {
            wake = try WakePipe()
        } catch {
            throw WatcherError(.noResources(error))
        }
        mountFile = try? OpenFile(MountTable.file)
    }

    /// Runs `body` between two bursts.
    func change<Result, Failure: Error>(
        _ body: (inout WatchCore) throws(Failure) -> sending Result
    ) throws(Failure) -> sending Result {
        defer { wake.wake() }
        return try core.withLock(body)
    }

    /// Runs `body` between two bursts, without waking the thread for it.
    func inspect<Result>(_ body: (borrowing WatchCore) -> sending Result) -> sending Result {
        core.withLock { body($0) }
    }

    /// Read by any thread without the lock. After true no further batch is begun.
    var hasStopped: Bool { isStopped.load(ordering: .acquiring) }

    /// May be called on any thread, also within a delivery, and more than once. It does not wait for the
    /// thread.
    func stop() {
        isStopped.store(true, ordering: .releasing)
        wake.wake()
    }

    /// Until `stop`. Nothing is held while `deliver` runs.
    func run(_ deliver: (Batch) -> Void) {
        while !hasStopped {
            let mountsChanged = sleep()
            if hasStopped { return }
            let woken = ContinuousClock.now
            var batch = core.withLock { $0.nextBatch(mountsChanged: mountsChanged) }
            batch.delay = .now - woken
            if !batch.isEmpty { deliver(batch) }
        }
    }

    /// Whether something was mounted or unmounted.
    private func sleep() -> Bool {
        let due = core.withLock { $0.nextDue }
        var watched = [
            pollfd(fd: events, events: Int16(POLLIN), revents: 0),
            pollfd(fd: wake.reader, events: Int16(POLLIN), revents: 0),
            pollfd(fd: mountDescriptor, events: Int16(POLLPRI), revents: 0),
        ]
        // EINTR comes back here without news, which is harmless.
        _ = poll(&watched, nfds_t(watched.count), WatchLoop.milliseconds(until: due))
        if watched[1].revents != 0 { wake.drain() }
        return watched[2].revents != 0
    }

    /// poll(2) gives POLLPRI for it when the mounts of our namespace change (proc_pid_mounts(5)); −1: nothing
    /// to ask.
    private var mountDescriptor: Int32 {
        switch mountFile {
        case .some(let file): file.descriptor
        case .none: -1
        }
    }

    /// Rounded up, so that what was waited for is due; −1: for ever.
    private static func milliseconds(until due: ContinuousClock.Instant?) -> Int32 {
        guard let due else { return -1 }
        let parts = (due - .now).components
        let milliseconds = parts.seconds * 1000 + parts.attoseconds / 1_000_000_000_000_000 + 1
        return Int32(clamping: max(0, milliseconds))
    }
}
