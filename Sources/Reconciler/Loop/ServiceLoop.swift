import Glibc
import Reloader
import Watcher

/// One thread for all services: sleeps until a file was saved, a process began or ended, or somebody asks for
/// something. What may wait for a process is done on another one where there are several services (`perform`).
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
    /// Those that are looked for now.
    var hunt = Hunt()
    /// Whose events the kernel tells us.
    var heard = Heard(pids: [], everybody: false)
    /// Called on the loop's thread when the configuration was saved.
    package var reconfigure: (() -> Void)?
    /// No thread gets a service meanwhile.
    var isSettling = false
    /// Set by the `end` message, and when the last service was let go; the loop ends before its next wait.
    var isEnding = false
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
        let owners = service.crew.owners
        if service.work.isUnderWay {
            return mailbox.post(
                .taken(service.members.map(\.pid), owners: owners, service: service.number))
        }
        owners.forEach { control?.listen(owner: $0) }
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
    package func remove(named name: String) { remove(services.filter { $0.options.name == name }) }

    /// Lets go of `leaving`. Their agents are gone when this returns. `before`: called when no thread has them any more.
    func remove(_ leaving: [Service], before: () -> Void = {}) {
        settle(leaving, isLast: true) {
            before()
            for service in leaving {
                service.stop()
                service.crew.roster.removeAll()
                newcomers.removeAll(of: service.number)
                missing.end(service.number)
                services.removeAll { $0 === service }
            }
        }
    }

    /// Until it is told to end, or the last process ends that was chosen by hand; no agent is left when this returns.
    package func run() -> SessionEnd {
        defer { stop() }
        find()
        while !isEnding {
            listen()
            let read = idle.flatMap(\.crew.descriptors) + [eventDescriptor].compactMap { $0 }
            let watched =
                read.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) } + (control?.interests ?? [])
            switch mailbox.next(timeout: timeout, watching: watched) {
            case .timeout: handleTimeouts()
            case .ready(let ready):
                hear()
                serve(ready)
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
    package func stop() {
        settle(services, isLast: true) { services.forEach { $0.stop() } }
    }

    /// Milliseconds until something is due although nothing happens; nil to sleep until something does.
    private var timeout: Int64? {
        let now = Monotonic.now
        let look = [syncs.map(\.pace.nextLook).min(), control?.deadline].compactMap { $0 }.min()
            .map { Monotonic.milliseconds(until: $0, now: now) }
        let others = [
            look, newcomers.timeout(now: now), missing.timeout(now: now, isTold: eventDescriptor != nil),
        ]
        return (idle.map(\.timeout) + others).compactMap { $0 }.min()
    }

    /// A thread for each service for which something is due.
    private func handleTimeouts() {
        let idle = idle
        for service in idle where services.count <= 1 || (service.timeout ?? .max) <= 0 {
            perform(service) { service.handleTimeout() }
        }
    }

    /// Lets go of processes that have ended. A service whose last one has ended is waited for where we know how to
    /// find it again; true if no service is left.
    private func handleEndedTargets() -> Bool {
        for service in idle where !service.members.isEmpty && !removeEnded(from: service) {
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
    func handle(_ message: SessionMessage) {
        switch message {
        case .end:
            settle(services, isLast: true) {
                for service in services where !service.members.isEmpty && !service.isOurs {
                    service.emit(.detached(pid: service.crew.roster.chosenPID))
                }
            }
            isEnding = true
        case .reconfigure: reconfigure?()
        case .togglePause:
            for service in services { perform(service, mayWait: false) { service.togglePause() } }
        case .letGo(let next):
            settle(services, isLast: false) {
                services.forEach { $0.letGo() }
                next()
            }
        case .command(let report, let number): service(number)?.emit(.command(report))
        case .files(let batch, let received, let number):
            guard let service = service(number) else { return }
            perform(service) { service.handle(batch, received: received) }
        case .finished(let number):
            if let service = service(number) { finished(service) }
        case .event(let event, let number):
            guard let service = service(number) else { return }
            happened(event, to: service)
        case .taken(let pids, let owners, let number):
            service(number)?.work.note(pids: pids, owners: owners)
            owners.forEach { control?.listen(owner: $0) }
        }
    }

    /// Nil if it was removed.
    private func service(_ number: Int) -> Service? { services.first { $0.number == number } }
}

/// Why a loop's `run` returned.
package enum SessionEnd: Sendable { case asked, targetLost }
