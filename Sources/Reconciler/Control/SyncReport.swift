/// Whether the saved content of files is live.
package struct SyncReport: Sendable {
    /// The worst that holds of one file in one process.
    package var state: State
    /// Processes that have loaded one of the files.
    package var processes: Int
    /// The files that were asked for, as users see them.
    package var files: [String]
    /// Of those: what no process has loaded, so that its next import reads what was saved.
    package var notLoaded: [String]
    /// Why something is not live; empty if all is.
    package var reasons: [Reason]

    /// Whether the saved content runs.
    package enum State: String, Sendable {
        /// In all processes, verified.
        case live
        /// Something was kept or rejected.
        case stale
        /// Undecided yet: a process did not answer, or a file was only half there.
        case pending
    }

    /// Why one file is not live in one process.
    package struct Reason: Sendable, Hashable {
        /// The process.
        package var pid: Int32
        /// As users see it; empty if it is about the process.
        package var file: String
        /// A definition; empty if it is about the file or the process.
        package var name: String
        /// In the saved file, 1-based; 0 if it is about the whole file.
        package var line: Int
        /// A reason id of docs/reasons.md.
        package var id: String
        /// One sentence without a full stop.
        package var message: String
        /// What mends it; empty where waiting does.
        package var action: String
    }
}

extension SyncReport {
    /// Of several services; the worst state counts.
    init(_ reports: [SyncReport]) {
        self.init(state: .live, processes: 0, files: [], notLoaded: [], reasons: [])
        var missing = Set(reports.first?.notLoaded ?? [])
        for report in reports {
            processes += report.processes
            files += report.files.filter { !files.contains($0) }
            missing.formIntersection(report.notLoaded)
            reasons += report.reasons
            if report.state == .pending || (report.state == .stale && state == .live) { state = report.state }
        }
        notLoaded = missing.sorted()
    }
}
