import Reloader
import SourceDiff
import SystemPackage
import Watcher

extension Session {
    /// One burst: reads what was saved, plans, compiles, applies, reports.
    func patch(_ changes: [FileChange], received: Int64) throws(SessionError) {
        let saved = try savedFiles(changes)
        guard !saved.isEmpty else { return }
        bursts += 1
        let names = saved.map { files[$0]?.display ?? "\($0)" }
        var burst = Burst(report: BurstReport(pid: target.pid, id: bursts, patch: PatchReport(files: names)))
        for path in saved { try add(path, to: &burst) }
        if !burst.isRejected { try apply(&burst) }
        burst.report.timing.total = Monotonic.now - received
        finish(burst)
    }

    /// Files of the process among `changes`, and those whose last content is still waiting.
    private func savedFiles(_ changes: [FileChange]) throws(SessionError) -> [FilePath] {
        var saved: [FilePath] = []
        var unknown: [FilePath] = []
        for change in changes {
            let path = files[change.path] == nil ? ModuleFile.resolved(change.path) : change.path
            guard files[path] != nil else {
                if change.kind == .modified { unknown.append(path) }
                continue
            }
            if change.kind == .removed {
                tell([path], .unchanged, "the file is gone; its code is still serving")
            } else if !saved.contains(path) {
                saved.append(path)
            }
        }
        if !unknown.isEmpty { saved += try adopt(unknown) }
        guard !saved.isEmpty else { return [] }
        let waiting = files.keys.filter { files[$0]?.isWaiting == true && !saved.contains($0) }
        return saved + waiting.sorted { $0.string < $1.string }
    }

    private func tell(_ paths: [FilePath], _ reason: ReasonID, _ message: String) {
        emit(
            .change(
                files: paths.map { files[$0]?.display ?? scope.display($0) }, reason: reason, message: message
            ))
    }

    /// Files that the process has loaded since we looked last.
    private func adopt(_ paths: [FilePath]) throws(SessionError) -> [FilePath] {
        let loaded = loadedFiles(of: try agent.inventory())
        for path in paths where loaded[path] == nil {
            tell([path], .notLoaded, "the process has not imported it")
        }
        let fresh = paths.filter { loaded[$0] != nil }
        for path in fresh { files[path] = loaded[path] }
        return fresh
    }

    /// Reads a file and plans its changes.
    private func add(_ path: FilePath, to burst: inout Burst) throws(SessionError) {
        guard let state = files[path] else { return }
        let bytes: [UInt8]
        do throws(SourceReader.Failure) { bytes = try SourceReader.read(path) } catch {
            let reason: ReasonID = error.reason == .tooBig ? .tooBig : .unreadable
            if error.reason != .missing { burst.reject(reason, file: state.display, message: error.message) }
            return
        }
        files[path]?.isWaiting = false
        let isOverdue = holdBack.due(now: Monotonic.now).contains(path)
        holdBack.release(path)
        burst.saved.append(path)
        guard let baseline = state.baseline else {
            try addUnknown(state, saved: bytes, path: path, to: &burst)
            return
        }
        guard bytes != baseline.bytes else { return }
        do throws(ScanError) {
            let new = FileState.Source(bytes, try Outline(scanning: bytes))
            plan(state, from: baseline, to: new, path: path, isOverdue: isOverdue, burst: &burst)
        } catch {
            if WriterProbe.hasWriter(path) {
                files[path]?.isWaiting = true  // half a save: the rest comes with an event of its own
                return
            }
            burst.unscanned = PatchReport.Rejected(error, file: state.display)
            burst.edits.append(state.edit(from: baseline.bytes, to: bytes, changes: []))
        }
    }

    private func plan(
        _ state: FileState, from old: FileState.Source, to new: FileState.Source, path: FilePath,
        isOverdue: Bool,
        burst: inout Burst
    ) {
        guard let oldOutline = old.outline, let newOutline = new.outline else { return }
        let changes = ChangeSet(from: oldOutline, to: newOutline)
        var plan = PatchPlan(old: oldOutline, new: newOutline, changes: changes, firstID: burst.nextID)
        if state.file.isTransformed {
            plan = plan.keptWhole(.transformedSource, "an import hook made this module's code")
        }
        if !isOverdue, HoldBack.isSuspicious(old: oldOutline, new: newOutline, changes: changes) {
            holdBack.hold(path, now: Monotonic.now)
            plan = plan.keptWhole(
                .heldBack, "most of the file is gone; taken as it is in a second if it stays so")
        }
        burst.add(plan, of: state)
        // A file that is kept whole stays at its old state: the next save is compared with what runs.
        guard !plan.isKeptWhole else { return }
        burst.edits.append(state.edit(from: old.bytes, to: new.bytes, changes: plan.planned))
        burst.sources[path] = new
    }

    /// Compiles and applies; fills the report.
    private func apply(_ burst: inout Burst) throws(SessionError) {
        guard !burst.edits.isEmpty else {
            burst.take(PatchReport(keeping: burst.plans))
            return
        }
        let start = Monotonic.now
        let edits = burst.edits
        let patchOptions = PatchOptions(
            keepCaches: options.keepCaches, force: options.force, strict: options.strict)
        let preparation = try connection.askTwin { (twin) throws(TwinError) in
            try twin.patchRequest(edits, options: patchOptions)
        }
        burst.report.timing.compile = Monotonic.now - start
        switch preparation {
        case .rejected(let problems):
            var report = PatchReport(burst.plans, problems: problems)
            for (index, problem) in problems.enumerated() {
                report.rejected[index].file = display(ofCode: problem.file)
            }
            burst.take(report)
        case .request(let request):
            if let unscanned = burst.unscanned {
                burst.report.patch.rejected = [unscanned]
                return
            }
            let reply = try agent.patch(request)
            burst.report.timing.attach = agent.lastAttachTime
            burst.take(PatchReport(burst.plans, reply: reply))
            keepChildren(in: &burst)
            _ = try agent.moved()
        }
    }

    /// Forked workers run the old code: each has its own memory, and only this process was asked for.
    private func keepChildren(in burst: inout Burst) {
        let procFS = target.procFS
        let children = procFS.children(target.pid).filter { procFS.link($0, "exe") == target.executable }
        guard !children.isEmpty, !burst.isRejected else { return }
        burst.report.patch.kept += children.map { child in
            PatchReport.Remark(
                name: "process \(child)", file: burst.report.patch.files.first ?? "", line: 1,
                reason: .notSupportedYet,
                message: "this child process runs the old code", action: "attach to \(child) too")
        }
    }

    /// Remembers what the process runs now, and tells.
    private func finish(_ burst: Burst) {
        if burst.isRejected {
            for path in burst.saved {
                files[path]?.isWaiting = true
                watcher?.forgetContent(of: path)  // saved once more as it is, it is a retry
            }
            emit(.rejected(burst.report))
            return
        }
        for (path, source) in burst.sources { files[path]?.baseline = source }
        // Half a save is no news.
        if burst.edits.isEmpty, burst.saved.contains(where: { files[$0]?.isWaiting == true }) { return }
        if burst.report.patch.applied.isEmpty, burst.report.patch.kept.isEmpty {
            let message = burst.sources.isEmpty ? "nothing changed" : "only comments, layout or lines changed"
            emit(.change(files: burst.report.patch.files, reason: .unchanged, message: message))
        } else {
            emit(.reload(burst.report))
        }
    }
}
