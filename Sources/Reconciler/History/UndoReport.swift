/// What became of an undo.
package struct UndoReport: Sendable {
    /// What became of it in all processes together.
    package var state: State
    /// One for each process in which something was to be taken back.
    package var reports: [BurstReport] = []
    /// Processes that could not be patched.
    package var failures: [SessionError] = []

    /// How much was taken back.
    package enum State: String, Sendable {
        /// All of it.
        case undone
        /// Something stayed, and is named.
        case partly
        /// Nothing was patched that could be taken back.
        case nothing
    }

    /// A burst that can be taken back.
    package struct Entry: Sendable {
        /// The burst's number.
        package var id: Int
        /// Its files, as users see them.
        package var files: [String]
        /// What taking it back would not restore.
        package var lost: [PatchReport.Remark]
    }
}

extension UndoReport {
    /// What the reports of all processes come to.
    init(_ reports: [BurstReport], failures: [SessionError]) {
        let isWhole =
            failures.isEmpty && reports.allSatisfy { $0.patch.kept.isEmpty && $0.patch.rejected.isEmpty }
        let isNothing = reports.isEmpty && failures.isEmpty
        self.init(
            state: isNothing ? .nothing : isWhole ? .undone : .partly, reports: reports, failures: failures)
    }

    /// Of several services.
    init(_ parts: [UndoReport]) {
        self.init(parts.flatMap(\.reports), failures: parts.flatMap(\.failures))
    }
}
