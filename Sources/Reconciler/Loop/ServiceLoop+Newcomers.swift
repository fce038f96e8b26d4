import Reloader

extension ServiceLoop {
    /// Tells the kernel whose forks and executions we want to hear of.
    func listen() {
        let wanted = services.filter { $0.options.workers != .none }.flatMap(pids(of:))
        let wish = Heard(pids: wanted + newcomers.pids, everybody: !missing.isEmpty)
        guard wish != heard else { return }
        let unheard = Set(wish.pids).subtracting(heard.pids)
        heard = wish
        switch events {
        case .some(let events): events.listen(to: wish.pids, executions: wish.everybody)
        case .none: break
        }
        if !unheard.isEmpty { expectForks(of: unheard) }
    }

    /// What these have forked before the kernel was asked to tell it.
    private func expectForks(of pids: Set<Int32>) {
        let owned = Set(pids.compactMap { newcomers.service(of: $0) })
        for service in services
        where owned.contains(service.number) || self.pids(of: service).contains(where: pids.contains) {
            perform(service, mayWait: false) {
                service.crew.strangers()
            } then: { [unowned self] strangers in
                for relative in strangers where !newcomers.contains(relative.pid) {
                    newcomers.add(
                        relative.pid, parent: relative.parent, service: service.number, now: Monotonic.now)
                }
            }
        }
    }

    /// Those of its processes, as far as they are known while a thread has it.
    func pids(of service: Service) -> [Int32] {
        service.work.isUnderWay ? service.work.standing.pids : service.members.map(\.pid)
    }

    /// The connector's descriptor, to be polled; nil without the right to have one.
    var eventDescriptor: Int32? {
        switch events {
        case .some(let events): events.descriptor
        case .none: nil
        }
    }

    /// Takes in what the kernel has told since it was asked last.
    func hear() {
        let happened: [ProcessEvents.Event]
        switch events {
        case .some(let events): happened = events.read()
        case .none: return
        }
        let now = Monotonic.now
        for event in happened {
            switch event {
            case .forked(let parent, let child):
                let member = services.first { pids(of: $0).contains(parent) }?.number
                guard let service = member ?? newcomers.service(of: parent) else { continue }
                newcomers.add(child, parent: parent, service: service, now: now)
            case .executed(let pid):
                newcomers.restart(pid, now: now)
                missing.programBegan(now: now)
            case .lost:
                missing.programBegan(now: now)
                for service in services { perform(service) { service.welcomeRelatives() } }
            }
        }
    }

    /// Looks at those whose time has come.
    func admitNewcomers() {
        for newcomer in newcomers.due(now: Monotonic.now) {
            guard let service = services.first(where: { $0.number == newcomer.service }) else { continue }
            perform(service) {
                service.admit(newcomer.pid, parent: newcomer.parent)
            } then: { [unowned self] admission in
                switch admission {
                case .joined, .never: newcomers.remove(newcomer.pid)
                case .later: break
                }
            }
        }
    }
}

/// What became of a look at a new process.
enum Admission { case joined, later, never }
