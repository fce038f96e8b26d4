import Reloader
import SourceDiff
import SystemPackage

/// A burst on its way to the members of a cohort.
struct Burst {
    var report: BurstReport
    var plans: [FilePlan] = []
    var edits: [FileEdit] = []
    /// Content that the process runs once the burst went in; of files that are kept whole there is none.
    var sources: [FilePath: FileState.Source] = [:]
    /// Files that wait for the next save if the burst is rejected.
    var saved: [FilePath] = []
    /// Files whose rest comes with an event of its own.
    var unfinished: [FilePath] = []
    /// Files that look like half of a save.
    var held: [FilePath] = []
    /// A file that our scanner refuses; the compiler has the last word.
    var unscanned: PatchReport.Rejected?

    init(report: BurstReport) { self.report = report }

    var nextID: Int { plans.last?.plan.nextID ?? 0 }
    var isRejected: Bool { !report.patch.rejected.isEmpty }

    mutating func add(_ plan: PatchPlan, of state: FileState) {
        plans.append(
            FilePlan(
                file: state.display, codeFile: state.file.codePath, module: state.file.modules.first ?? "",
                plan: plan))
    }

    mutating func reject(_ reason: ReasonID, file: String, message: String) {
        report.patch.rejected.append(
            PatchReport.Rejected(
                reason: reason, file: file, line: 0, column: 0, message: message, text: "",
                action: reason.action))
    }

    /// What agent or twin said; the burst's own list of files stays.
    mutating func take(_ patch: PatchReport) {
        let files = report.patch.files
        report.patch = patch
        report.patch.files = files
    }
}

extension PatchReport.Rejected {
    init(_ error: ScanError, file: String) {
        let reason: ReasonID = error.kind == .unsupportedEncoding ? .encoding : .syntax
        self.init(
            reason: reason, file: file, line: error.line, column: error.column, message: error.description,
            text: "",
            action: reason.action)
    }
}
