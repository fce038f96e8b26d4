import Reloader
import SourceDiff
import SystemPackage

/// A burst on its way to the members of a cohort.
struct Burst {
    /// Names the first process of the cohort until each has a copy of its own.
    var report: BurstReport
    /// One for each file that has changes or remarks; a file with changes of an earlier save may have two.
    var plans: [FilePlan] = []
    /// For the twin. A file that is kept whole has none.
    var edits: [FileEdit] = []
    /// Content that the process runs once the burst went in; of files that are kept whole there is none.
    var sources: [FilePath: FileState.Source] = [:]
    /// Files that wait for the next save if the burst is rejected.
    var saved: [FilePath] = []
    /// Files whose rest comes with an event of its own.
    var unfinished: [FilePath] = []
    /// Files that look like half of a save.
    var held: [FilePath] = []
    /// Files whose import has not ended: what is not defined yet cannot be patched.
    var importing: [FilePath] = []
    /// Files that our scanner refuses, by `co_filename`; the compiler has the last word.
    var unscanned: [String: PatchReport.Rejected] = [:]
    /// Of planned files: the statements that changed, by their indexes in the new outline.
    var touched: [FilePath: Set<Int>] = [:]
    /// What could not go in although the rest did.
    var failures: [Failure] = []
    /// The planned files by the names that users see.
    var refusedPaths: [String: FilePath] = [:]
    /// Remarks on files that stay out although the others go in.
    private var leftOut: [PatchReport.Remark] = []

    /// Nothing is planned yet.
    init(report: BurstReport) { self.report = report }

    /// The first free change id: ids are unique in a burst, over all its files.
    var nextID: Int { plans.last?.plan.nextID ?? 0 }
    /// Nothing of the burst went in. What is kept change by change does not count: another save would not try
    /// it again.
    var isRejected: Bool { !report.patch.rejected.isEmpty && !report.patch.isKeptByChange }

    /// `origin`: what the process runs in place of the planned changes; nil where that is not known as
    /// source.
    mutating func add(_ plan: PatchPlan, of state: FileState, origin: FileState.Source? = nil) {
        var filePlan = FilePlan(
            file: state.display, codeFile: state.file.codePath, module: state.file.modules.first ?? "",
            plan: plan)
        filePlan.origin = origin
        plans.append(filePlan)
    }

    /// Takes files out that do not compile; false if no other is left.
    mutating func leaveOut(_ refused: [PatchReport.Rejected], at codeFiles: [String]) -> Bool {
        let rest = edits.filter { !codeFiles.contains($0.path) }
        guard rest.contains(where: { !$0.changes.isEmpty }) else { return false }
        edits = rest
        plans.removeAll { codeFiles.contains($0.codeFile) }
        for file in codeFiles { unscanned[file] = nil }
        leftOut += refused.map { one in
            PatchReport.Remark(
                name: one.file, file: one.file, line: max(one.line, 1), reason: one.reason,
                message: one.message, action: one.action)
        }
        sources = sources.filter { entry in !refused.contains { refusedPaths[$0.file] == entry.key } }
        return true
    }

    /// Names the file as a reason why nothing of the burst goes in; line and column are not known.
    mutating func reject(_ reason: ReasonID, file: String, message: String) {
        report.patch.rejected.append(
            PatchReport.Rejected(
                reason: reason, file: file, line: 0, column: 0, message: message, text: "",
                action: reason.action))
    }

    /// What agent or twin said. The burst's files are those that were saved, and earlier ones of which something went
    /// in now.
    mutating func take(_ patch: PatchReport) {
        var files = report.patch.files
        for applied in patch.applied where !files.contains(applied.file) { files.append(applied.file) }
        report.patch = patch
        report.patch.files = files
        report.patch.kept += leftOut
    }
}

extension PatchReport.Rejected {
    /// The column counts bytes, as all of our scanner's do.
    init(_ error: ScanError, file: String) {
        let reason: ReasonID = error.kind == .unsupportedEncoding ? .encoding : .syntax
        self.init(
            reason: reason, file: file, line: error.line, column: error.column, message: error.description,
            text: "",
            action: reason.action)
    }
}
