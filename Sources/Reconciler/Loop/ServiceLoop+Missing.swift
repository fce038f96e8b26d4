import Reloader

extension ServiceLoop {
    /// Looks for services that do not run.
    func find() {
        let now = Monotonic.now
        for number in missing.due(now: now, isTold: eventDescriptor != nil) {
            guard let service = services.first(where: { $0.number == number }),
                let specification = service.specification, let entry = missing.services[number]
            else { continue }
            let pids = ProcessFamily().topmost(specification.find())
            if pids.isEmpty || !attach(service, pids, former: entry.former) {
                if !entry.isTold, service.crew.roster.refused.isEmpty, !service.isOurs {
                    missing.tell(number)
                    service.emit(.waiting(selector: specification.selector))
                }
                continue
            }
            missing.end(number)
        }
    }

    /// False if none of `pids` could be had.
    private func attach(_ service: Service, _ pids: [Int32], former: Int32?) -> Bool {
        var connections: [Connection] = []
        for pid in pids where !service.crew.roster.refused.contains(pid) {
            do throws(SessionError) {
                connections.append(
                    try Connection(
                        pid: pid, beside: everyConnection + connections, kin: connections.first,
                        mappings: service.options.mappings))
            } catch {
                service.refuse(pid, error)
            }
        }
        guard let first = connections.first else { return false }
        do throws(SessionError) {
            if let former { service.emit(.back(pid: first.target.pid, old: former)) }
            try service.start(connections) { listen(for: service) }
            return true
        } catch {
            service.emit(.unattached(error))
            service.abandon()
            return false
        }
    }

    /// The connections of all members of all services: a new one shares what it can with them.
    package var everyConnection: [Connection] { services.flatMap { $0.members.map(\.connection) } }
}
