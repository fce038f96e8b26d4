/// New code that went live in a process while somebody looked at it.
package struct SaveMark: Sendable, Hashable {
    /// As users see them.
    package var files: [String]
    /// The definitions that went in, each once.
    package var names: [String]
    /// CLOCK_MONOTONIC in nanoseconds: when the save was noticed.
    package var noticed: Int64
    /// CLOCK_MONOTONIC in nanoseconds: when the new code was live.
    package var live: Int64

    /// Makes a mark of what went live.
    package init(files: [String], names: [String], noticed: Int64, live: Int64) {
        self.files = files
        self.names = names
        self.noticed = noticed
        self.live = live
    }

    /// Nil where nothing went in. `now`: CLOCK_MONOTONIC in nanoseconds, when it was told.
    package init?(_ event: SessionEvent, now: Int64) {
        guard case .burst(let outcome) = event else { return nil }
        var names: [String] = []
        for applied in outcome.reports.flatMap(\.patch.applied) where !names.contains(applied.name) {
            names.append(applied.name)
        }
        guard !names.isEmpty else { return nil }
        self.init(files: outcome.files, names: names, noticed: now - outcome.total, live: now)
    }
}
