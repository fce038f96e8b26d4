import Glibc
import Reconciler

/// Attaches and stays until it is told to end, however the process was chosen.
struct AttachRun {
    var pid: Int32
    var options = SessionOptions()
    var output: OutputOptions

    /// A watch ended by its user has done its work: status 0, in a second at most.
    private static let grace = Signals.Grace(
        milliseconds: 700, status: .done,
        farewell: "ended while the process was busy; it goes on, and what is left of us leaves by itself\n")

    func run() throws {
        let renderer = EventRenderer(output: output)
        guard let mailbox = Mailbox<SessionMessage>() else {
            Terminal.standardError(
                "no file descriptor is left for a pipe: raise the limit with `ulimit -n 1024`\n")
            throw ExitStatus.internalError
        }
        Self.forwardSignals(to: mailbox)
        let end: SessionEnd
        do throws(SessionError) {
            let connection = try Connection(pid: pid)
            let service = Service(options: options, mailbox: mailbox) { renderer.show($0) }
            let loop = ServiceLoop(mailbox: mailbox, codec: ControlWire.codec)
            try loop.start(service, with: [connection])
            end = loop.run()
        } catch {
            renderer.show(.refused(error))
            throw ExitStatus(error)
        }
        renderer.finish()
        if end == .targetLost { throw ExitStatus.targetUnavailable }
    }

    static func forwardSignals(to mailbox: Mailbox<SessionMessage>) {
        Signals.forward(grace: grace) { request in
            switch request {
            case .end: mailbox.post(.end)
            case .togglePause: mailbox.post(.togglePause)
            case .stop: mailbox.post(.letGo(then: Signals.stopSelf))
            }
        }
    }
}
