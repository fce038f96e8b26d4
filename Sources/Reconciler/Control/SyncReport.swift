/// Whether the saved content of files is live.
package struct SyncReport: Sendable {
    package var state: State
    /// Processes that have loaded one of the files.
    package var processes: Int
    package var files: [String]
    /// Of those: what no process has loaded, so that its next import reads what was saved.
    package var notLoaded: [String]
    package var reasons: [Reason]

    package enum State: String, Sendable {
        /// In all processes, verified.
        case live
        /// Something was kept or rejected.
        case stale
        /// Undecided yet: a process did not answer, or a file was only half there.
        case pending
    }

    package struct Reason: Sendable, Hashable {
        package var pid: Int32
        package var file: String
        /// A definition; empty if it is about the file or the process.
        package var name: String
        package var line: Int
        /// A reason id of docs/reasons.md.
        package var id: String
        package var message: String
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
