import Reloader

/// Processes that the members of services have forked, until it is known whether they join.
///
/// A fork is often followed by the execution of another program: each is looked at a few times, at growing distances,
/// and left alone after that. A Python that was just started has loaded nothing yet, and many a one is a command that
/// ends at once, which is none of our business: it is looked at later. A save finds it nevertheless.
struct Newcomers {
    /// Milliseconds after the fork.
    private static let looks: [Int64] = [3, 10, 30, 80, 200, 500, 1200, 3000]
    /// Milliseconds after the execution of a program.
    private static let looksAtProgram: [Int64] = [300, 600, 1200, 3000]

    /// A process whose way is not clear yet.
    private struct Candidate {
        /// Number of the service that it would join.
        var service: Int
        /// Who forked it: a member, or another candidate.
        var parent: Int32
        /// CLOCK_MONOTONIC in nanoseconds.
        var since: Int64
        /// Place of the next look in `looks`.
        var look = 0
        /// Milliseconds after `since`.
        var looks = Newcomers.looks

        /// CLOCK_MONOTONIC in nanoseconds.
        var due: Int64 { since + looks[look] * 1_000_000 }
    }

    /// By pid.
    private var candidates: [Int32: Candidate] = [:]

    /// What they fork and execute matters too: a shell may start a Python.
    var pids: [Int32] { candidates.keys.sorted() }

    /// `now`, here and below: CLOCK_MONOTONIC in nanoseconds.
    mutating func add(_ pid: Int32, parent: Int32, service: Int, now: Int64) {
        candidates[pid] = Candidate(service: service, parent: parent, since: now)
    }

    /// It begins a new life.
    mutating func restart(_ pid: Int32, now: Int64) {
        candidates[pid]?.since = now
        candidates[pid]?.look = 0
        candidates[pid]?.looks = Self.looksAtProgram
    }

    /// Whether the process is expected.
    func contains(_ pid: Int32) -> Bool { candidates[pid] != nil }

    /// Of the candidate, or of the one that forked it.
    func service(of pid: Int32) -> Int? { candidates[pid]?.service }

    /// It has joined, or never will.
    mutating func remove(_ pid: Int32) { candidates[pid] = nil }

    /// The service is gone, and nobody is expected for it.
    mutating func removeAll(of service: Int) {
        candidates = candidates.filter { $0.value.service != service }
    }

    /// Milliseconds until the next look; nil if nobody is expected.
    func timeout(now: Int64) -> Int64? {
        candidates.values.map(\.due).min().map { Monotonic.milliseconds(until: $0, now: now) }
    }

    /// Those to be looked at now; each is due again later unless it is removed.
    mutating func due(now: Int64) -> [(pid: Int32, parent: Int32, service: Int)] {
        let due = candidates.filter { $0.value.due <= now }.sorted { $0.key < $1.key }
        for (pid, candidate) in due {
            if candidate.look + 1 < candidate.looks.count {
                candidates[pid]?.look += 1
            } else {
                candidates[pid] = nil
            }
        }
        return due.map { ($0.key, $0.value.parent, $0.value.service) }
    }
}
