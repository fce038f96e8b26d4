package import Reloader
import SourceDiff
package import SystemPackage

/// `diff PID [FILE…]`: what applying the files as they are on disk would do to a process; changes nothing in it.
///
/// What runs is known as code, not as source: bodies that differ and definitions that are new are found by comparing
/// code, so a changed default, decorator or constant is not.
package struct SavePreview {
    /// Absolute, without symbolic links; empty for every file of the program's own.
    package var files: [FilePath]
    /// How the change would be applied.
    package var options: PatchOptions

    /// `files`: absolute; empty for all that the process has loaded.
    package init(files: [FilePath], options: PatchOptions = PatchOptions()) {
        self.files = files
        self.options = options
        self.options.dryRun = true
    }

    /// Everything but the swap: the agent resolves and checks, and changes nothing.
    package func run(in connection: Connection) throws(SessionError) -> PatchReport {
        let states = chosen(connection.inventory, connection.paths)
        var report = PatchReport(files: states.map(\.display))
        for file in files where !states.contains(where: { $0.file.path == file }) {
            report.kept.append(remark(file.string, .notLoaded, "the process has not imported it"))
        }
        var plans: [FilePlan] = []
        var edits: [FileEdit] = []
        for state in states {
            do throws(Unusable) {
                let bytes = try read(state)
                guard let comparisons = try compare(state, bytes, in: connection, &report) else { continue }
                let outline = try scan(bytes, state)
                let first = plans.last?.plan.nextID ?? 0
                let plan = PatchPlan(unknown: comparisons, new: outline, firstID: first)
                guard !plan.isEmpty else { continue }
                let module = state.file.modules.first ?? ""
                plans.append(
                    FilePlan(file: state.display, codeFile: state.file.codePath, module: module, plan: plan))
                edits.append(state.edit(from: bytes, to: bytes, changes: plan.planned))
            } catch {
                switch error {
                case .rejected(let rejected): report.rejected.append(rejected)
                case .session(let error): throw error
                }
            }
        }
        if report.rejected.isEmpty, !edits.isEmpty { try ask(plans, edits, in: connection, &report) }
        return report
    }

    /// Why a file cannot be looked at.
    private enum Unusable: Error {
        /// Told in the report; the other files are looked at.
        case rejected(PatchReport.Rejected)
        /// The process cannot be asked: the preview ends.
        case session(SessionError)
    }

    /// The process's files that were asked for; without a wish all of the program's own, libraries left out.
    private func chosen(_ inventory: Inventory, _ paths: ProcessPaths) -> [FileState] {
        let directory = FilePath(inventory.workingDirectory)
        let scope = FirstParty(inventory: inventory, directories: [], paths: paths)
        return ModuleFile.group(inventory.modules, workingDirectory: directory, paths: paths).filter { file in
            // Debian's sitecustomize.py is a library by its name, and lies elsewhere.
            files.isEmpty
                ? scope.contains(file.path) && !scope.isLibrary(file.spelling, isHere: paths.isPlain)
                : files.contains(file.path)
        }.map { FileState(file: $0, display: scope.display($0.path)) }
    }

    /// Throws `rejected` for a file that is missing, unreadable or too big.
    private func read(_ state: FileState) throws(Unusable) -> [UInt8] {
        do throws(SourceReader.Failure) { return try SourceReader.read(state.file.path) } catch {
            let reason: ReasonID = error.reason == .tooBig ? .tooBig : .unreadable
            throw .rejected(rejection(state.display, reason, error.message))
        }
    }

    /// Throws `rejected` for a source that our scanner refuses.
    private func scan(_ bytes: [UInt8], _ state: FileState) throws(Unusable) -> Outline {
        do throws(ScanError) { return try Outline(reading: bytes) } catch {
            throw .rejected(PatchReport.Rejected(error, file: state.display))
        }
    }

    /// Nil if the compiler refuses the file.
    private func compare(
        _ state: FileState, _ bytes: [UInt8], in connection: Connection, _ report: inout PatchReport
    ) throws(Unusable) -> [LiveComparison]? {
        do throws(SessionError) {
            let baseline = state.comparable(source: bytes)
            let prepared = try connection.askTwin { (twin) throws(TwinError) in
                try twin.compareRequest([baseline])
            }
            guard prepared.problems.isEmpty else {
                let plan = FilePlan(
                    file: state.display, codeFile: state.file.codePath, module: "",
                    plan: PatchPlan(firstID: 0))
                report.rejected += PatchReport([plan], problems: prepared.problems).rejected
                return nil
            }
            return try connection.agent.compare(prepared.request)
        } catch {
            throw .session(error)
        }
    }

    /// A dry run: the request says so, and the agent answers as if it had patched.
    private func ask(
        _ plans: [FilePlan], _ edits: [FileEdit], in connection: Connection, _ report: inout PatchReport
    ) throws(SessionError) {
        let preparation = try connection.askTwin { (twin) throws(TwinError) in
            try twin.patchRequest(edits, options: options)
        }
        let found: PatchReport
        switch preparation {
        case .rejected(let problems): found = PatchReport(plans, problems: problems)
        case .request(let request):
            let delivered = try Delivery.one(request, to: connection.agent, received: Monotonic.now)
            found = PatchReport(plans, reply: delivered.reply)
        }
        report.applied += found.applied
        report.kept += found.kept
        report.notes += found.notes
        report.rejected += found.rejected
    }

    /// About a whole file, so it has no name and stands at line 1.
    private func remark(_ file: String, _ reason: ReasonID, _ message: String) -> PatchReport.Remark {
        PatchReport.Remark(
            name: "", file: file, line: 1, reason: reason, message: message, action: reason.action)
    }

    /// About a whole file: line and column are 0.
    private func rejection(_ file: String, _ reason: ReasonID, _ message: String) -> PatchReport.Rejected {
        PatchReport.Rejected(
            reason: reason, file: file, line: 0, column: 0, message: message, text: "", action: reason.action)
    }
}
