/// What became of one burst of saves in every process that it concerns.
package struct BurstOutcome: Sendable {
    /// Counts the bursts of a service from 1.
    package var id: Int
    /// As users see them.
    package var files: [String]
    /// One for each process that answered, or that nothing had to be asked of; in the order in which they joined.
    package var reports: [BurstReport] = []
    /// Processes that could not be patched; they are tried again with the next save.
    package var failures: [SessionError] = []
    /// CLOCK_MONOTONIC in nanoseconds of the watcher's event.
    package var received: Int64 = 0
    /// Nanoseconds from the watcher's event to the last answer.
    package var total: Int64 = 0
    /// Nanoseconds between the first process's answer and the last one's.
    package var skew: Int64 = 0

    /// Earlier patches were taken back: nothing was saved.
    package var isUndo = false

    /// Makes the outcome of a burst that has not begun. `files`: as users see them.
    package init(id: Int, files: [String]) {
        self.id = id
        self.files = files
    }

    /// Processes that have loaded a file of the burst.
    package var processes: Int { reports.count + failures.count }
    /// Of those: where the saved content is live, wholly or but for what was kept.
    package var patched: Int { reports.count { $0.patch.rejected.isEmpty } }
}

extension PatchReport {
    /// The process needed nothing.
    package var isNothing: Bool { applied.isEmpty && kept.isEmpty && rejected.isEmpty && notes.isEmpty }

    /// Whether readers would be told the same: how long it took and how many calls still ran the old code may differ.
    package func isLike(_ other: PatchReport) -> Bool {
        files == other.files && kept == other.kept && rejected == other.rejected
            && applied.map(\.name) == other.applied.map(\.name)
            && applied.map(\.change) == other.applied.map(\.change)
            && notes.map(\.name) == other.notes.map(\.name)
            && notes.map(\.reason) == other.notes.map(\.reason)
    }
}
