import Reconciler

/// What a run did, for its last event.
struct RunSummary {
    /// Bursts of which something went into some process.
    private var reloads = 0
    /// Bursts that every process rejected.
    private var rejected = 0
    /// Changes, as the first process that took the burst tells them.
    private var kept = 0
    /// Nanoseconds of each burst that was not rejected.
    private var totals: [Int64] = []

    /// Takes one event in.
    mutating func count(_ event: SessionEvent) {
        switch event {
        case .burst(let outcome):
            // One burst counts once, however many processes it reached.
            guard let report = outcome.reports.first(where: { $0.patch.rejected.isEmpty }) else {
                rejected += outcome.reports.isEmpty ? 0 : 1
                return
            }
            reloads += outcome.reports.contains { !$0.patch.applied.isEmpty } ? 1 : 0
            kept += report.patch.kept.count
            totals.append(outcome.total)
        case .attached, .joined, .ready, .change, .notice, .overflow, .failed, .refused, .unattached, .lost,
            .left, .waiting, .back, .otherFiles, .command, .signalled, .ended, .staleMount, .reconfigured,
            .detached,
            .paused, .resumed:
            break
        }
    }

    /// The last event of the run. `time`: as in all events.
    func line(at time: String) -> String {
        let sorted = totals.sorted()
        func percentile(_ part: Double) -> JSON {
            sorted.isEmpty
                ? .null
                : EventJSON.milliseconds(sorted[min(sorted.count - 1, Int(Double(sorted.count) * part))])
        }
        var members: [(String, JSON)] = [
            ("v", .integer(1)), ("t", .string(time)), ("event", .string("summary")),
            (
                "counts",
                .object([
                    ("reloads", .integer(reloads)), ("rejected", .integer(rejected)),
                    ("kept", .integer(kept)),
                ])
            ),
        ]
        if !sorted.isEmpty {
            members.append(("ms", .object([("p50", percentile(0.5)), ("p95", percentile(0.95))])))
        }
        return JSON.object(members).line + "\n"
    }
}
