package import Reloader

extension ServiceLoop {
    /// Looks for services that do not run. One is attached after the other: those of equal interpreters share what
    /// compiles for them.
    func find() {
        hunt.add(missing.due(now: Monotonic.now, isTold: eventDescriptor != nil), of: missing)
        while let number = hunt.next(where: { number in idle.contains { $0.number == number } }) {
            guard let service = services.first(where: { $0.number == number }),
                let specification = service.specification, let entry = missing.services[number]
            else { continue }
            let pids = ProcessFamily().topmost(specification.find())
            if pids.isEmpty {
                tellMissing(service)
                continue
            }
            let twins = twins
            hunt.isAttaching = true
            perform(service) { [unowned self] in
                attach(service, pids, former: entry.former, sharing: twins)
            } dropped: { [unowned self] in
                hunt.isAttaching = false
            } then: { [unowned self] isAttached in
                hunt.isAttaching = false
                if isAttached { missing.end(number) } else { tellMissing(service) }
            }
            // What is asked of them before they are members waits for its turn.
            let owners = pids.compactMap { (try? ProcFS().status($0))?.userIDs.first }
            service.work.note(pids: pids, owners: Set(owners))
        }
    }

    /// Tells once that the service is waited for.
    private func tellMissing(_ service: Service) {
        guard missing.services[service.number]?.isTold == false, service.crew.roster.refused.isEmpty,
            !service.isOurs, let specification = service.specification
        else { return }
        missing.tell(service.number)
        service.emit(.waiting(selector: specification.selector))
    }

    /// False if none of `pids` could be had.
    private func attach(_ service: Service, _ pids: [Int32], former: Int32?, sharing twins: [SharedTwin])
        -> Bool
    {
        var connections: [Connection] = []
        for pid in pids where !service.crew.roster.refused.contains(pid) {
            do throws(SessionError) {
                connections.append(
                    try Connection(
                        pid: pid, sharing: twins + connections.map(\.twin), kin: connections.first,
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

    /// What compiles for the members of all services: a new one shares it if it can.
    package var twins: [SharedTwin] {
        services.flatMap { $0.work.isUnderWay ? $0.work.standing.twins : $0.standing.twins }
    }
}
