import Glibc
import Synchronization

/// Signals that end or steer a command, received by one thread of ours instead of by handlers.
enum Signals {
    /// What a signal asks for.
    enum Request: Sendable {
        /// SIGINT, SIGTERM, and SIGHUP where that is no `hangUp`.
        case end
        /// SIGHUP where there is no terminal: daemons read their configuration again.
        case hangUp
        /// SIGUSR1.
        case togglePause
        /// SIGTSTP: Ctrl-Z.
        case stop
    }

    /// How long a command that was asked to end may take, and its status if that was not enough.
    struct Grace: Sendable {
        /// From the request to end on.
        var milliseconds: Int
        /// Of the whole process, whatever its threads are doing.
        var status: ExitStatus
        /// Said on standard error where it was not enough.
        var farewell: String
    }

    /// True once a signal has asked this process to end.
    static var isEnding: Bool { ending.load(ordering: .relaxed) }

    /// Set once; read by loops that cannot wait for a message.
    private static let ending = Atomic(false)
    /// SIGTSTP came, and no SIGCONT after it.
    private static let stopping = Atomic(false)
    /// Blocked in every thread, and taken by one with sigwait(3).
    private static let handled: [Int32] = [SIGINT, SIGTERM, SIGHUP, SIGUSR1, SIGTSTP, SIGCONT]

    /// Call first in every command.
    static func prepare() {
        signal(SIGPIPE, SIG_IGN)
        signal(SIGIO, SIG_IGN)  // sent by a lease that an editor breaks; its default ends us
    }

    /// Calls `deliver` on a thread of its own for every signal from now on.
    ///
    /// Call before any other thread is made: they inherit the mask (children put it back). A second SIGINT, or the
    /// end of `grace`, ends the process at once: where a thread of the target is stopped then, the kernel lets it go
    /// on. `takesHangUp`: without a terminal SIGHUP is a request of its own, and no end.
    static func forward(
        grace: Grace, takesHangUp: Bool = false, to deliver: @escaping @Sendable (Request) -> Void
    ) {
        var set = block()
        let receiver = Receiver(grace: grace, takesHangUp: takesHangUp, deliver: deliver)
        let argument = Unmanaged.passRetained(receiver).toOpaque()
        var identifier = pthread_t()
        let start: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { argument in
            guard let argument else { return nil }
            Unmanaged<Receiver>.fromOpaque(argument).takeRetainedValue().receive()
        }
        guard pthread_create(&identifier, nil, start, argument) == 0 else {
            // Nobody would receive them: the signals keep their plain meaning.
            pthread_sigmask(SIG_UNBLOCK, &set, nil)
            return
        }
        pthread_detach(identifier)
    }

    /// The ending signals wait until `waitForEnd`; threads made later inherit that.
    @discardableResult
    static func block(except left: [Int32] = []) -> sigset_t {
        var set = set(without: left)
        pthread_sigmask(SIG_BLOCK, &set, nil)
        return set
    }

    /// Sleeps until a signal asks this process to end; Ctrl-Z keeps its plain meaning.
    static func waitForEnd() {
        var set = set(without: [SIGTSTP, SIGCONT])
        var number: Int32 = 0
        repeat { sigwait(&set, &number) } while number == SIGUSR1
    }

    /// Whether a terminal controls this process.
    private static var hasTerminal: Bool {
        let terminal = open("/dev/tty", O_RDONLY | O_NOCTTY | O_CLOEXEC)
        if terminal >= 0 { close(terminal) }
        return terminal >= 0
    }

    /// As if the terminal had asked for it: what writes for a reader that left has nothing more to do.
    static func endSelf() { kill(getpid(), SIGTERM) }

    /// Stops this process as Ctrl-Z does, until SIGCONT; not if that came already, or the process is to end.
    static func stopSelf() {
        defer { Terminal.showStatus() }
        Terminal.hideStatus()
        guard stopping.exchange(false, ordering: .relaxed), !isEnding else { return }
        var stop = sigset_t()
        sigemptyset(&stop)
        sigaddset(&stop, SIGTSTP)
        raise(SIGTSTP)  // for this thread, and pending until the next line
        pthread_sigmask(SIG_UNBLOCK, &stop, nil)
        pthread_sigmask(SIG_BLOCK, &stop, nil)
    }

    /// Under nohup SIGHUP is ignored, and stays so: sigwait(3) would take it nevertheless.
    private static func set(without left: [Int32]) -> sigset_t {
        var hangup = sigaction()
        sigaction(SIGHUP, nil, &hangup)
        let isIgnored = unsafeBitCast(hangup.__sigaction_handler.sa_handler, to: Int.self) == 1
        var set = sigset_t()
        sigemptyset(&set)
        for number in handled where !left.contains(number) && !(number == SIGHUP && isIgnored) {
            sigaddset(&set, number)
        }
        return set
    }

    /// What the receiving thread needs, passed through pthread_create(3).
    private final class Receiver: Sendable {
        /// Begins to count at the first request to end.
        private let grace: Grace
        /// See `forward`.
        private let takesHangUp: Bool
        /// Called on the receiving thread, one request after the other.
        private let deliver: @Sendable (Request) -> Void

        /// Receives nothing yet.
        init(grace: Grace, takesHangUp: Bool, deliver: @escaping @Sendable (Request) -> Void) {
            self.grace = grace
            self.takesHangUp = takesHangUp
            self.deliver = deliver
        }

        /// Runs on its own thread until the process ends; after the first request to end only SIGINT is
        /// listened to.
        func receive() -> Never {
            while let request = next() {
                if request == .end { ending.store(true, ordering: .relaxed) }
                deliver(request)
                if request == .end { break }
            }
            let deadline = timespec(
                tv_sec: grace.milliseconds / 1000, tv_nsec: grace.milliseconds % 1000 * 1_000_000)
            var impatient = sigset_t()  // not SIGTERM: timeout(1) and others send it twice for once
            sigemptyset(&impatient)
            sigaddset(&impatient, SIGINT)
            var left = deadline
            while sigtimedwait(&impatient, nil, &left) < 0, errno == EINTR { left = deadline }
            Terminal.endStatus()
            Terminal.standardError(grace.farewell)
            _exit(grace.status.rawValue)  // no exit handlers: the other threads are still at work
        }

        /// nil if sigwait(3) fails, which it does for a wrong set only.
        private func next() -> Request? {
            var set = Signals.set(without: [])
            var number: Int32 = 0
            guard sigwait(&set, &number) == 0 else { return nil }
            switch number {
            case SIGHUP where takesHangUp && !Signals.hasTerminal: return .hangUp
            case SIGUSR1: return .togglePause
            case SIGTSTP:
                stopping.store(true, ordering: .relaxed)
                return .stop
            case SIGCONT:
                stopping.store(false, ordering: .relaxed)
                return next()
            default: return .end
            }
        }
    }
}
