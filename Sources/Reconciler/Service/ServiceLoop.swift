import Reloader
import Watcher

/// One thread for all services: sleeps until a file was saved, a process ended, or somebody asks for something.
package final class ServiceLoop {
    private let mailbox: Mailbox<SessionMessage>
    private(set) var services: [Service] = []
    let control: ControlServer?
    let events: ProcessEvents?
    var syncs: [PendingSync] = []
    var newcomers = Newcomers()
    /// Whose events the kernel tells us.
    var heard: [Int32] = []

    /// `codec`: nil takes no requests.
    package init(mailbox: Mailbox<SessionMessage>, codec: ControlCodec? = nil) {
        self.mailbox = mailbox
        control = codec.map(ControlServer.init)
        events = try? ProcessEvents()  // without the right to it new processes are found at the next save
    }

    package func add(_ service: Service) {
        services.append(service)
        service.owners.forEach { control?.listen(owner: $0) }
    }

    func remove(_ service: Service) {
        service.stop()
        newcomers.removeAll(of: service.number)
        services.removeAll { $0 === service }
    }

    /// Until it is told to end or the chosen process of its service ends; no agent is left when this returns.
    package func run() -> SessionEnd {
        defer { services.forEach { $0.stop() } }
        while true {
            listen()
            let watched =
                services.flatMap(\.descriptors) + (control?.descriptors ?? [])
                + [eventDescriptor].compactMap { $0 }
            switch mailbox.next(timeout: timeout, watching: watched) {
            case .timeout: services.forEach { $0.handleTimeout() }
            case .ready(let ready):
                hear()
                if isTargetLost { return .targetLost }
                if serve(ready) { return .asked }
            case .message(let message): if let end = handle(message) { return end }
            }
            admitNewcomers()
            continueSyncs()
        }
    }

    private var timeout: Int64? {
        let now = Monotonic.now
        let look = syncs.map(\.nextLook).min().map { max(0, ($0 - now + 999_999) / 1_000_000) }
        return (services.map(\.timeout) + [look, newcomers.timeout(now: now)]).compactMap { $0 }.min()
    }

    private var isTargetLost: Bool {
        for service in services where !service.removeEnded() {
            service.emit(.lost(.targetGone(pid: service.chosenPID)))
            return true
        }
        return false
    }

    private func handle(_ message: SessionMessage) -> SessionEnd? {
        switch message {
        case .end:
            services.forEach { $0.emit(.detached(pid: $0.chosenPID)) }
            return .asked
        case .togglePause: services.forEach { $0.togglePause() }
        case .letGo(let next):
            services.forEach { $0.letGo() }
            next()
        case .files(let batch, let received, let number):
            for service in services where service.number == number {
                service.handle(batch, received: received)
            }
            // An end may show in the answers before its pidfd says so.
            if isTargetLost { return .targetLost }
        }
        return nil
    }
}

/// Why a loop's `run` returned.
package enum SessionEnd: Sendable { case asked, targetLost }
