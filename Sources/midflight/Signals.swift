import Glibc

/// Signals that end or steer a command, received by one thread of ours instead of by handlers.
enum Signals {
    private static let handled: [Int32] = [SIGINT, SIGTERM, SIGHUP, SIGUSR1]

    /// Call first: threads and children made later inherit the mask (children put it back).
    static func prepare() {
        signal(SIGPIPE, SIG_IGN)
        signal(SIGIO, SIG_IGN)  // sent by a lease that an editor breaks; its default ends us
        var set = Self.set
        pthread_sigmask(SIG_BLOCK, &set, nil)
    }

    /// Calls `deliver` on a thread of its own for every signal from now on.
    static func forward(to deliver: @escaping @Sendable (Int32) -> Void) {
        let thread = Unmanaged.passRetained(Receiver(deliver: deliver)).toOpaque()
        var identifier = pthread_t()
        pthread_create(
            &identifier, nil,
            { argument in
                guard let argument else { return nil }
                let receiver = Unmanaged<Receiver>.fromOpaque(argument).takeRetainedValue()
                var set = Signals.set
                var number: Int32 = 0
                while sigwait(&set, &number) == 0 { receiver.deliver(number) }
                return nil
            }, thread)
        pthread_detach(identifier)
    }

    /// Sleeps until a signal asks this process to end.
    static func waitForEnd() {
        var set = Self.set
        var number: Int32 = 0
        repeat { sigwait(&set, &number) } while number == SIGUSR1
    }

    private static var set: sigset_t {
        var set = sigset_t()
        sigemptyset(&set)
        for number in handled { sigaddset(&set, number) }
        return set
    }

    private final class Receiver {
        let deliver: @Sendable (Int32) -> Void
        init(deliver: @escaping @Sendable (Int32) -> Void) { self.deliver = deliver }
    }
}
