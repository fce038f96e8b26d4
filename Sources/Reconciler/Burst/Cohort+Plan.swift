import Reloader
import SourceDiff
import SystemPackage
import Watcher

extension Cohort {
    /// Plans what a saved file means for the members.
    mutating func add(
        _ path: FilePath, _ reading: Reading, isOverdue: Bool
    ) throws(SessionError) {
        guard let head, let state = head.files[path] else { return }
        burst.refusedPaths[state.display] = path
        switch reading {
        case .failed(let failure):
            let reason: ReasonID = failure.reason == .tooBig ? .tooBig : .unreadable
            if failure.reason == .missing {
                members.forEach { $0.files.note(gone: [path], there: []) }
            } else {
                burst.reject(reason, file: state.display, message: failure.message)
            }
        case .unfinished:
            burst.unfinished.append(path)
        case .unscanned(let bytes, let error):
            burst.saved.append(path)
            if bytes == state.baseline?.bytes { return }
            burst.unscanned[state.file.codePath] = PatchReport.Rejected(error, file: state.display)
            burst.edits.append(state.edit(from: state.baseline?.bytes ?? [], to: bytes, changes: []))
        case .source(let source):
            burst.saved.append(path)
            if try waitsForImport(state, path: path) { return }
            guard let baseline = state.baseline else {
                try addUnknown(state, source, path: path, isOverdue: isOverdue)
                return
            }
            guard source.bytes != baseline.bytes else {
                planAgain(state, path: path)
                return
            }
            var found = state
            found.file.isTransformed = try isTransformed(state, baseline)
            plan(found, from: baseline, to: source, path: path, isOverdue: isOverdue)
        }
    }

    /// Whether the file's import goes on: it is looked at again until that has ended, and all of it is there. A worker
    /// that was forked by the import, and a module that serves before it ends, never end it.
    private mutating func waitsForImport(
        _ state: FileState, path: FilePath, now: Int64 = Monotonic.now
    ) throws(SessionError) -> Bool {
        guard let head, state.file.isImporting else { return false }
        let modules = try head.agent.inventory().modules
        let deadline = state.importDeadline ?? now + HoldBack.longestImport * 1_000_000
        guard now < deadline,
            modules.contains(where: { $0.isImporting && state.file.modules.contains($0.name) })
        else {
            for member in members { member.files[path]?.file.isImporting = false }
            return false
        }
        for member in members { member.files[path]?.importDeadline = deadline }
        burst.importing.append(path)
        let plan = PatchPlan(firstID: burst.nextID)
            .keptWhole(.heldBack, "its import has not ended; it goes in as soon as it has")
        burst.add(plan, of: state)
        return true
    }

    /// Whether the process runs other code than the source compiles to. A loader that is not the plain one may have
    /// changed it, and often has not: what it has made is compared.
    private func isTransformed(
        _ state: FileState, _ baseline: FileState.Source
    ) throws(SessionError) -> Bool {
        guard let head, state.file.isTransformed else { return false }
        let compared = state.comparable(source: baseline.bytes)
        let prepared = try head.connection.askTwin { (twin) throws(TwinError) in
            try twin.compareRequest([compared])
        }
        guard prepared.problems.isEmpty else { return true }
        let comparisons = try head.agent.compare(prepared.request)
        return comparisons.contains { !$0.differ.isEmpty || $0.rewritten > 0 }
    }

    /// The file's old source is known. `isOverdue`: content that looked like half of a save was left as it is
    /// for long enough.
    private mutating func plan(
        _ state: FileState, from old: FileState.Source, to new: FileState.Source, path: FilePath,
        isOverdue: Bool
    ) {
        guard let oldOutline = old.outline, let newOutline = new.outline else { return }
        let start = Monotonic.now
        let changes = ChangeSet(from: oldOutline, to: newOutline)
        let planStart = Monotonic.now
        burst.report.timing.scan += planStart - start
        defer { burst.report.timing.plan += Monotonic.now - planStart }
        var plan = PatchPlan(old: oldOutline, new: newOutline, changes: changes, firstID: burst.nextID)
        if state.file.isTransformed {
            plan = plan.keptAsTransformed
        }
        if !isOverdue, HoldBack.isSuspicious(old: oldOutline, new: newOutline, changes: changes) {
            burst.held.append(path)
            plan = plan.keptAsHalf
        }
        let found = Set(plan.planned.map(\.key))
        plan = plan.without(state.pending.keys)
        burst.add(plan, of: state, origin: old)
        burst.touched[path] = Set(changes.statements.compactMap(\.new))
        // A file that is kept whole stays at its old state: the next save is compared with what runs.
        guard !plan.isKeptWhole else { return }
        var edit = state.edit(from: old.bytes, to: new.bytes, changes: plan.planned)
        if state.pending.isEmpty {
            edit.slices = plan.slices(old: oldOutline, new: newOutline, changes: changes)
        }
        burst.edits.append(edit)
        burst.sources[path] = new
        addPending(of: state, in: new, isNew: found)
    }

    /// Changes of earlier saves that could not go in, of a file that is as it was.
    mutating func planAgain(_ state: FileState, path: FilePath) {
        guard let baseline = state.baseline, !state.pending.isEmpty, burst.sources[path] == nil else {
            return
        }
        burst.sources[path] = baseline
        addPending(of: state, in: baseline, isNew: [])
    }

    /// What could not go in is compared with the source that it is as.
    private mutating func addPending(of state: FileState, in new: FileState.Source, isNew: Set<String>) {
        var origins: [FileState.Source] = []
        for pending in state.pending.values
        where !origins.contains(where: { $0.bytes == pending.origin.bytes }) {
            origins.append(pending.origin)
        }
        for origin in origins {
            guard let old = origin.outline, let outline = new.outline else { continue }
            let group = state.pending.filter { $0.value.origin.bytes == origin.bytes }
            let changes = ChangeSet(from: old, to: outline)
            let plan = PatchPlan(old: old, new: outline, changes: changes, firstID: burst.nextID)
                .only(group, isNew: isNew)
            guard !plan.planned.isEmpty else { continue }
            burst.add(plan, of: state, origin: origin)
            var edit = state.edit(from: origin.bytes, to: new.bytes, changes: plan.planned)
            edit.isAgain = true
            burst.edits.append(edit)
        }
    }

    /// A saved file of which we do not know, as source, what the process runs: it was loaded after we attached, or
    /// edited before. What differs is found by comparing the saved content with the live code.
    private mutating func addUnknown(
        _ state: FileState, _ source: FileState.Source, path: FilePath, isOverdue: Bool
    ) throws(SessionError) {
        guard let head, let outline = source.outline else { return }
        let changes = state.partial?.source.outline.map { ChangeSet(from: $0, to: outline) }
        if !isOverdue, let old = state.partial?.source.outline, let changes,
            HoldBack.isSuspicious(old: old, new: outline, changes: changes)
        {
            burst.held.append(path)
            burst.add(PatchPlan(firstID: burst.nextID).keptAsHalf, of: state)
            return
        }
        let baseline = state.comparable(source: source.bytes)
        let prepared = try head.connection.askTwin { (twin) throws(TwinError) in
            try twin.compareRequest([baseline])
        }
        guard prepared.problems.isEmpty else {
            burst.edits.append(state.edit(from: [], to: source.bytes, changes: []))
            return
        }
        let comparisons = try head.agent.compare(prepared.request)
        let isTransformed = comparisons.contains { !$0.differ.isEmpty || $0.rewritten > 0 }
        guard !state.file.isTransformed || !isTransformed else {
            burst.add(PatchPlan(firstID: burst.nextID).keptAsTransformed, of: state)
            return
        }
        let lacking = Set(comparisons.flatMap(\.missing).map(\.qualname))
        let known = state.partial.map {
            PatchPlan(partial: $0, new: outline, lacking: lacking, firstID: burst.nextID)
        }
        if let known, let partial = state.partial {
            burst.add(known, of: state, origin: partial.source)
            let old = partial.source.bytes
            burst.touched[path] = Set((changes?.statements ?? []).compactMap(\.new))
            burst.edits.append(state.edit(from: old, to: source.bytes, changes: known.planned))
        }
        let unknown = comparisons.map { $0.without(known?.names ?? [], in: known?.madeClasses ?? []) }
        let plan = PatchPlan(unknown: unknown, new: outline, firstID: burst.nextID)
        burst.add(plan, of: state)
        var edit = state.edit(from: source.bytes, to: source.bytes, changes: plan.planned)
        edit.isAgain = known != nil
        burst.edits.append(edit)
        burst.sources[path] = source
    }
}
