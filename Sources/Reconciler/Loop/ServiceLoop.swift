import Glibc
import Reloader
import Watcher

/// One thread for all services: sleeps until a file was saved, a process began or ended, or somebody asks for
/// something.
package final class ServiceLoop {
    /// What other threads tell the loop.
    let mailbox: Mailbox<SessionMessage>
    /// In the order in which they were added, those that do not run included.
    private(set) var services: [Service] = []
    /// Nil where nobody may steer it.
    let control: ControlServer?
    /// Nil without the right to hear of forks: then new processes are found at the next save.
    let events: ProcessEvents?
    /// Clients that wait until files are live.
    var syncs: [PendingSync] = []
    /// Clients that are told what happens.
    var followers: [Follower] = []
    /// Processes that were forked, and may join.
    var newcomers = Newcomers()
    /// Services that do not run.
    var missing = MissingServices(now: Monotonic.now)
    /// Whose events the kernel tells us.
    var heard = Heard(pids: [], everybody: false)
    /// Called on the loop's thread when the configuration was saved.
    package var reconfigure: (() -> Void)?
    /// Set by the `end` message; the loop ends before its next wait.
    private var isEnding = false
    /// How many services there have ever been.
    private var numbers = 0

    /// What the kernel was asked to tell.
    struct Heard: Equatable {
        /// Members and candidates whose forks count.
        var pids: [Int32]
        /// Every program that is executed: a service is waited for.
        var everybody: Bool
    }

    /// `codec`: nil takes no requests.
    package init(mailbox: Mailbox<SessionMessage>, codec: ControlCodec? = nil) {
        self.mailbox = mailbox
        control = codec.map { ControlServer(codec: $0) }
        events = try? ProcessEvents()  // without the right to it new processes are found at the next save
    }

    /// For a new service of this loop. A number is given once: messages of a service that was removed may still be in
    /// the mailbox, and are nobody's then.
    package func makeNumber() -> Int {
        numbers += 1
        return numbers
    }

    /// Attaches a service to the processes that were chosen by hand.
    package func start(_ service: Service, with chosen: [Connection]) throws(SessionError) {
        try service.start(chosen) { listen(for: service) }
        append(service)
    }

    /// Lets those steer the service whose processes it has.
    func listen(for service: Service) {
        service.crew.owners.forEach { control?.listen(owner: $0) }
    }

    /// A service of watch.yaml, whether it runs already or not.
    package func add(_ specification: ServiceSpecification, emit: @escaping (SessionEvent) -> Void) {
        let number = makeNumber()
        append(
            Service(
                options: specification.options, mailbox: mailbox, number: number,
                specification: specification,
                emit: emit))
        missing.begin(number, isOurs: specification.launcher != nil, now: Monotonic.now)
    }

    /// Lets those who follow the service hear its events.
    private func append(_ service: Service) {
        service.overhear = { [unowned self, unowned service] in tell($0, of: service) }
        services.append(service)
    }

    /// Lets go of the services of this name. Their agents are gone when this returns.
    package func remove(named name: String) {
        for service in services where service.options.name == name { remove(service) }
    }

    /// Lets go of the service. Its agents are gone when this returns.
    func remove(_ service: Service) {
        service.stop()
        newcomers.removeAll(of: service.number)
        missing.end(service.number)
        services.removeAll { $0 === service }
    }

    /// Until it is told to end, or the last process ends that was chosen by hand; no agent is left when this returns.
    package func run() -> SessionEnd {
        defer { stop() }
        find()
        while !isEnding {
            listen()
            let read = services.flatMap(\.crew.descriptors) + [eventDescriptor].compactMap { $0 }
            let watched =
                read.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) } + (control?.interests ?? [])
            switch mailbox.next(timeout: timeout, watching: watched) {
            case .timeout: services.forEach { $0.handleTimeout() }
            case .ready(let ready):
                hear()
                if serve(ready) { return .asked }
            case .message(let message): handle(message)
            }
            if handleEndedTargets() { return .targetLost }
            find()
            admitNewcomers()
            continueSyncs()
            dismissFollowers()
            control?.expire(now: Monotonic.now)
        }
        return .asked
    }

    /// No agent is left when this returns.
    package func stop() { services.forEach { $0.stop() } }

    /// Milliseconds until something is due although nothing happens; nil to sleep until something does.
    private var timeout: Int64? {
        let now = Monotonic.now
        let look = [syncs.map(\.pace.nextLook).min(), control?.deadline].compactMap { $0 }.min()
            .map { Monotonic.milliseconds(until: $0, now: now) }
        let others = [
            look, newcomers.timeout(now: now), missing.timeout(now: now, isTold: eventDescriptor != nil),
        ]
        return (services.map(\.timeout) + others).compactMap { $0 }.min()
    }

    /// Lets go of processes that have ended. A service whose last one has ended is waited for where we know how to
    /// find it again; true if no service is left.
    private func handleEndedTargets() -> Bool {
        for service in services where !service.members.isEmpty && !removeEnded(from: service) {
            let pid = service.crew.roster.chosenPID
            let end = service.members.first { $0.pid == pid }?.target.end
            service.emit(.lost(end ?? .targetGone(pid: pid)))
            newcomers.removeAll(of: service.number)
            guard service.specification != nil else {
                services.removeAll { $0 === service }
                if services.isEmpty { return true }
                service.stop()
                continue
            }
            service.abandon()
            missing.begin(service.number, former: pid, isOurs: service.isOurs, now: Monotonic.now)
        }
        return false
    }

    /// False if no chosen process is left.
    private func removeEnded(from service: Service) -> Bool {
        service.removeEnded { pid, parent in
            newcomers.add(pid, parent: parent, service: service.number, now: Monotonic.now)
        }
    }

    /// One message of another thread. A message for a service that was removed meanwhile does nothing.
    private func handle(_ message: SessionMessage) {
        switch message {
        case .end:
            for service in services where !service.members.isEmpty && !service.isOurs {
                service.emit(.detached(pid: service.crew.roster.chosenPID))
            }
            isEnding = true
        case .reconfigure: reconfigure?()
        case .togglePause: services.forEach { $0.togglePause() }
        case .letGo(let next):
            services.forEach { $0.letGo() }
            next()
        case .command(let report, let number):
            for service in services where service.number == number { service.emit(.command(report)) }
        case .files(let batch, let received, let number):
            for service in services where service.number == number {
                service.handle(batch, received: received)
            }
        }
    }
}

/// Why a loop's `run` returned.
package enum SessionEnd: Sendable { case asked, targetLost }
