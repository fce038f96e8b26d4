import Reloader

/// Services that do not run, and when to look for them.
///
/// A program that begins is told by the kernel where that is permitted; until it has opened its port or written its
/// pid it is looked for a few times. Without the kernel's word there is a slow look.
struct MissingServices {
    /// Milliseconds after a program began.
    private static let looks: [Int64] = [0, 50, 200, 600, 1500, 4000, 10_000]
    /// Milliseconds between two looks where nobody tells.
    private static let slowest: Int64 = 5000

    /// A service that does not run.
    struct Entry {
        /// The pid it had.
        var former: Int32?
        /// Each wait is told once.
        var isTold = false
        /// We launch it ourselves: nobody but the clock tells when that is due.
        fileprivate var isOurs: Bool
        /// Milliseconds; doubled up to `slowest`.
        fileprivate var pause: Int64 = 100
        /// CLOCK_MONOTONIC in nanoseconds of the next slow look.
        fileprivate var nextSlow: Int64
    }

    /// By their numbers.
    private(set) var services: [Int: Entry] = [:]
    /// CLOCK_MONOTONIC in nanoseconds: from when the quick looks count.
    private var since: Int64
    /// How many of the quick looks are done.
    private var look = 0

    /// `now`, here and below: CLOCK_MONOTONIC in nanoseconds.
    init(now: Int64) { since = now }

    /// Whether all services run.
    var isEmpty: Bool { services.isEmpty }

    /// The service is looked for from now on.
    mutating func begin(_ service: Int, former: Int32? = nil, isOurs: Bool = false, now: Int64) {
        services[service] = Entry(former: former, isOurs: isOurs, nextSlow: now)
        programBegan(now: now)
    }

    /// It was found, or is wanted no more.
    mutating func end(_ service: Int) { services[service] = nil }

    /// Its user knows that it does not run.
    mutating func tell(_ service: Int) { services[service]?.isTold = true }

    /// A program began, which may be one of these services: the quick looks begin again.
    mutating func programBegan(now: Int64) {
        since = now
        look = 0
    }

    /// Milliseconds until `due` is to be asked; nil if nothing is looked for. `isTold`: the kernel tells of programs
    /// that begin.
    func timeout(now: Int64, isTold: Bool) -> Int64? {
        guard !services.isEmpty else { return nil }
        var due = look < Self.looks.count ? [since + Self.looks[look] * 1_000_000] : []
        due += services.values.filter { !isTold || $0.isOurs }.map(\.nextSlow)
        return due.min().map { Monotonic.milliseconds(until: $0, now: now) }
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
