package import Reloader

/// What the calls of the watched functions come to, period by period.
package struct CallStatistics: Sendable, Hashable {
    /// The calls of one function in one process, or in all, in one period.
    package struct Row: Sendable, Hashable {
        /// Module and qualified name.
        package var name: String
        /// Nil for all processes together.
        package var pid: Int32?
        /// Calls that ended, those that raised among them.
        package var calls = 0
        /// Calls that raised.
        package var errors = 0
        /// Milliseconds: what half of the calls took at most. Nil if there were none.
        package var median: Double?
        /// What 95 of 100 calls took at most.
        package var percentile95: Double?
        /// The longest call.
        package var longest: Double?
        /// False if calls of this period were not watched: over the budget, or more than the process keeps.
        package var isComplete = true

        /// Makes a row of which each figure is known.
        package init(
            name: String, pid: Int32?, calls: Int = 0, errors: Int = 0, median: Double? = nil,
            percentile95: Double? = nil, longest: Double? = nil, isComplete: Bool = true
        ) {
            self.name = name
            self.pid = pid
            self.calls = calls
            self.errors = errors
            self.median = median
            self.percentile95 = percentile95
            self.longest = longest
            self.isComplete = isComplete
        }
    }

    /// The calls of one function in one process in this period.
    private struct Times: Hashable {
        /// Milliseconds, in no order; one for each call.
        var costs: [Double] = []
        var errors = 0
    }

    /// Nanoseconds of a period.
    private let period: Int64
    /// CLOCK_MONOTONIC in nanoseconds of the present period's start.
    private var began: Int64
    /// In the order in which they were first heard of, which is that of the rows.
    private var functions: [String] = []
    /// By function, then by pid; of the present period only.
    private var times: [String: [Int32: Times]] = [:]
    /// Processes that did not watch every call of this period.
    private var incomplete: Set<Int32> = []
    /// Calls of all periods.
    package private(set) var total = 0

    /// A first period that begins now, with `seconds` of each. `now`: nanoseconds of CLOCK_MONOTONIC.
    package init(seconds: Double, now: Int64) {
        period = Int64(seconds * 1e9)
        began = now
    }

    /// The first period begins now: before, nothing was watched.
    package mutating func begin(now: Int64) { began = now }

    /// A function that has a row also in periods without calls.
    package mutating func expect(_ names: [String]) {
        for name in names where !functions.contains(name) { functions.append(name) }
    }

    /// Adds what a process has told. `isComplete`: every call since the last time is in it.
    package mutating func add(_ costs: [CallCosts], pid: Int32, isComplete: Bool) {
        if !isComplete { incomplete.insert(pid) }
        for cost in costs {
            expect([cost.name])
            total += cost.returned.count + cost.raised.count
            times[cost.name, default: [:]][pid, default: Times()].costs += cost.returned + cost.raised
            times[cost.name, default: [:]][pid, default: Times()].errors += cost.raised.count
        }
    }

    /// The rows of a period that is over, and begins the next one; nil while it lasts.
    package mutating func due(now: Int64) -> [Row]? {
        let passed = (now - began) / period
        guard passed > 0 else { return nil }
        began += passed * period
        return taken()
    }

    /// The rows of what was told since the last ones, in the order of the functions; a row of each process comes
    /// before the row of all where there were several.
    package mutating func taken() -> [Row] {
        defer { (times, incomplete) = ([:], []) }
        return functions.flatMap { name in
            let processes = times[name] ?? [:]
            let all = processes.values.reduce(into: Times()) {
                $0.costs += $1.costs
                $0.errors += $1.errors
            }
            let single = processes.count > 1 ? processes.sorted { $0.key < $1.key } : []
            return single.map { Self.row(name, $0.key, $0.value, isComplete: !incomplete.contains($0.key)) }
                + [Self.row(name, nil, all, isComplete: incomplete.isEmpty)]
        }
    }

    /// A percentile is the time of a real call: the shortest that the wanted part of all calls did not
    /// exceed.
    private static func row(_ name: String, _ pid: Int32?, _ times: Times, isComplete: Bool) -> Row {
        let sorted = times.costs.sorted()
        func percentile(_ part: Double) -> Double? {
            sorted.isEmpty ? nil : sorted[max(0, Int((part * Double(sorted.count)).rounded(.up)) - 1)]
        }
        return Row(
            name: name, pid: pid, calls: sorted.count, errors: times.errors, median: percentile(0.5),
            percentile95: percentile(0.95), longest: sorted.last, isComplete: isComplete)
    }
}
