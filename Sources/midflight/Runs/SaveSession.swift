import Glibc
import Reconciler
import Reloader
import SystemPackage

/// A midflight of ours for as long as we look at a process that nobody controls: it patches what is saved, on a
/// thread of its own.
final class SaveSession: Sendable {
    /// What its thread tells.
    private enum News: Sendable {
        /// Attached, and saves are seen from now on.
        case ready
        /// New code is live.
        case saved(SaveMark)
        /// The process cannot be had; `ended` follows.
        case refused(SessionError)
        /// The last message: the thread is done, and nothing of us is in the process.
        case ended
    }

    /// The chosen process.
    private let pid: Int32
    /// The usual ones, but for the workers.
    private let options: SessionOptions
    /// From the thread to the one that takes samples.
    private let news: Mailbox<News>
    /// To the thread's loop.
    private let orders: Mailbox<SessionMessage>

    /// Attached, and all watches placed, once this returns.
    init(pid: Int32, workers: Workers) throws(SessionError) {
        guard let news = Mailbox<News>(), let orders = Mailbox<SessionMessage>() else {
            throw .attach(.systemError(pid: pid, .tooManyOpenFiles, during: .takingThePipes))
        }
        self.pid = pid
        self.news = news
        self.orders = orders
        var options = SessionOptions()
        options.workers = workers
        self.options = options
        try begin()
        while true {
            guard case .message(let message) = news.next(timeout: nil, watching: []) else { continue }
            switch message {
            case .ready: return
            case .refused(let error): throw error
            case .ended: throw .attach(.targetGone(pid: pid))
            case .saved: continue
            }
        }
    }

    /// What went live since it was asked last; nil once the process is gone. Never waits.
    func take() -> [SaveMark]? {
        var saves: [SaveMark] = []
        while case .message(let message) = news.next(timeout: 0, watching: []) {
            switch message {
            case .saved(let save): saves.append(save)
            case .ended: return nil
            case .ready, .refused: continue
            }
        }
        return saves
    }

    /// Lets go of the process, in two seconds at most.
    func end() {
        orders.post(.end)
        let deadline = Monotonic.now + 2_000_000_000
        while Monotonic.now < deadline {
            if case .message(.ended) = news.next(timeout: 100, watching: []) { return }
        }
    }

    /// Makes the thread, which keeps this object until it is done.
    private func begin() throws(SessionError) {
        var identifier = pthread_t()
        let start: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { argument in
            if let argument { Unmanaged<SaveSession>.fromOpaque(argument).takeRetainedValue().work() }
            return nil
        }
        let argument = Unmanaged.passRetained(self)
        let failure = pthread_create(&identifier, nil, start, argument.toOpaque())
        guard failure == 0 else {
            argument.release()
            throw .attach(.systemError(pid: pid, Errno(rawValue: failure), during: .startingAThread))
        }
        pthread_detach(identifier)
    }

    /// The thread: attaches, patches until it is told to end, and lets go.
    private func work() {
        let loop = ServiceLoop(mailbox: orders, codec: ControlWire.codec)
        let news = news
        do throws(SessionError) {
            let connection = try Connection(pid: pid)
            let service = Service(options: options, mailbox: orders, number: loop.makeNumber()) { event in
                if let save = SaveMark(event, now: Monotonic.now) { news.post(.saved(save)) }
            }
            try loop.start(service, with: [connection])
            news.post(.ready)
            _ = loop.run()  // why it ended is seen from the process
        } catch {
            loop.stop()
            news.post(.refused(error))
        }
        news.post(.ended)
    }
}
