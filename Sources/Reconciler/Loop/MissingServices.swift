import Reloader

/// Services that do not run, and when to look for them.
///
/// A program that begins is told by the kernel where that is permitted; until it has opened its port or written its pid it
/// is looked for a few times. Without the kernel's word there is a slow look.
struct MissingServices {
    /// Milliseconds after a program began.
    private static let looks: [Int64] = [0, 50, 200, 600, 1500, 4000, 10_000]
    /// Milliseconds between two looks where nobody tells.
    private static let slowest: Int64 = 5000

    struct Entry {
        /// The pid it had.
        var former: Int32?
        var isTold = false
        /// We launch it ourselves: nobody but the clock tells when that is due.
        fileprivate var isOurs: Bool
        fileprivate var pause: Int64 = 100
        fileprivate var nextSlow: Int64
    }

    /// By their numbers.
    private(set) var services: [Int: Entry] = [:]
    private var since: Int64
    private var look = 0

    init() { since = Monotonic.now }

    var isEmpty: Bool { services.isEmpty }

    mutating func begin(_ service: Int, former: Int32? = nil, isOurs: Bool = false) {
        services[service] = Entry(former: former, isOurs: isOurs, nextSlow: Monotonic.now)
        programBegan()
    }

    mutating func end(_ service: Int) { services[service] = nil }

    mutating func tell(_ service: Int) { services[service]?.isTold = true }

    mutating func programBegan() {
        since = Monotonic.now
        look = 0
    }

    /// `isTold`: the kernel tells of programs that begin.
    func timeout(now: Int64, isTold: Bool) -> Int64? {
        guard !services.isEmpty else { return nil }
        var due = look < Self.looks.count ? [since + Self.looks[look] * 1_000_000] : []
        due += services.values.filter { !isTold || $0.isOurs }.map(\.nextSlow)
        return due.min().map { max(0, ($0 - now + 999_999) / 1_000_000) }
    }

    /// The services to be looked for now.
    mutating func due(now: Int64, isTold: Bool) -> [Int] {
        guard !services.isEmpty else { return [] }
        if look < Self.looks.count, since + Self.looks[look] * 1_000_000 <= now {
            look += 1
            return services.keys.sorted()
        }
        let due = services.filter { (!isTold || $0.value.isOurs) && $0.value.nextSlow <= now }.keys.sorted()
        for service in due {
            let pause = services[service]?.pause ?? Self.slowest
            services[service]?.nextSlow = now + pause * 1_000_000
            services[service]?.pause = min(pause * 2, Self.slowest)
        }
        return due
    }
}

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
                if !entry.isTold, service.roster.refused.isEmpty, !service.isOurs {
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
        for pid in pids where !service.roster.refused.contains(pid) {
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

    package var everyConnection: [Connection] { services.flatMap { $0.members.map(\.connection) } }
}
