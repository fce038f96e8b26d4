import Glibc
import Reconciler

/// Attaches and stays until it is told to end, however the process was chosen.
struct AttachRun {
    /// Different ones; at least one.
    var pids: [Int32]
    /// How the processes are watched and patched.
    var options = SessionOptions()
    /// Where events go.
    var output: OutputOptions

    /// A watch ended by its user has done its work: status 0, in a second at most.
    private static let grace = Signals.Grace(
        milliseconds: 700, status: .done,
        farewell: "ended while the process was busy; it goes on, and what is left of us leaves on its own\n")

    /// Attaches, and returns once all is let go.
    func run() throws {
        let renderer = try EventRenderer(output: output)
        guard let mailbox = Mailbox<SessionMessage>() else {
            Terminal.standardError(
                "no file descriptor is left for a pipe: raise the limit with `ulimit -n 1024`\n")
            throw ExitStatus.internalError
        }
        Self.forwardSignals(to: mailbox)
        let loop = ServiceLoop(mailbox: mailbox, codec: ControlWire.codec)
        let end: SessionEnd
        do throws(SessionError) {
            for pid in pids {
                let connection = try Connection(
                    pid: pid, sharing: loop.twins, mappings: options.mappings)
                let service = Service(options: options, mailbox: mailbox, number: loop.makeNumber()) {
                    renderer.show($0)
                }
                try loop.start(service, with: [connection])
            }
            end = loop.run()
        } catch {
            loop.stop()
            renderer.show(.refused(error))
            renderer.end()
            throw ExitStatus(error)
        }
        renderer.finish()
        if end == .targetLost { throw ExitStatus.targetUnavailable }
    }

    /// `takesHangUp`: without a terminal SIGHUP asks for the configuration to be read again.
    static func forwardSignals(to mailbox: Mailbox<SessionMessage>, takesHangUp: Bool = false) {
        Signals.forward(grace: grace, takesHangUp: takesHangUp) { request in
            switch request {
            case .end: mailbox.post(.end)
            case .hangUp: mailbox.post(.reconfigure)
            case .togglePause: mailbox.post(.togglePause)
            case .stop: mailbox.post(.letGo(then: Signals.stopSelf))
            }
        }
    }
}
