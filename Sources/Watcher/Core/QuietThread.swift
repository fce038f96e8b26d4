import Glibc
import SystemPackage

/// A thread that gets no signals, so that they interrupt the thread that is meant to handle them.
package struct QuietThread: Sendable {
    /// Valid until `join` or `leave`, of which one is called once.
    private let thread: pthread_t

    /// Carries the closure through pthread_create(3), whose argument is a single pointer.
    private final class Body: Sendable {
        /// Called once, on the new thread.
        let run: @Sendable () -> Void
        /// Keeps `run` until the thread takes it over.
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    /// Starts `run` on a thread of its own. Throws `noResources` with pthread_create(3)'s reason (EAGAIN: too
    /// many threads).
    package init(_ run: @escaping @Sendable () -> Void) throws(WatcherError) {
        var all = sigset_t()
        var before = sigset_t()
        sigfillset(&all)
        // The new thread inherits the mask.
        pthread_sigmask(SIG_SETMASK, &all, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
        var thread = pthread_t()
        let body = Unmanaged.passRetained(Body(run))
        let failure = pthread_create(&thread, nil, QuietThread.main, body.toOpaque())
        if failure != 0 {
            body.release()
            throw WatcherError(.noResources(Errno(rawValue: failure)))
        }
        self.thread = thread
    }

    /// Called on the thread itself, it only lets go of it.
    func join() {
        if pthread_equal(thread, pthread_self()) != 0 {
            pthread_detach(thread)
        } else {
            pthread_join(thread, nil)
        }
    }

    /// Nobody waits for its end.
    package func leave() { pthread_detach(thread) }

    /// Takes over the reference that `init` retained, so that the closure goes when the thread ends.
    private static let main: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = {
        context in
        guard let context else { return nil }
        Unmanaged<Body>.fromOpaque(context).takeRetainedValue().run()
        return nil
    }
}
