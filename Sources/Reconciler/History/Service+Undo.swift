import Reloader
import SystemPackage
import Watcher

extension Service {
    /// Takes patches back in the processes that had them. The files stay as they are: the next save of one of them, or a
    /// sync, brings the processes to it again.
    func undo(_ scope: UndoScope) -> UndoReport {
        let ids = History.ids(scope, in: members.map(\.history))
        var reports: [BurstReport] = []
        var failures: [SessionError] = []
        for group in UndoGroup.groups(scope, ids, members) {
            var outcome = BurstOutcome(id: ledger.nextID(), files: group.paths.map(display))
            outcome.received = Monotonic.now
            outcome.isUndo = true
            var files = group.files
            var work = BurstWork(options: options, members: group.members, outcome: outcome, eventDelay: 0)
            work.run(group.paths, &files, &shelf, &holdBack, display: display)
            outcome = work.outcome
            for (index, entry) in work.settled.enumerated() {
                outcome.reports[index].patch.leaveOut(
                    entry.member.history.revisions.filter { ids.contains($0.id) }.map(\.kept))
                outcome.reports[index].patch.kept += group.unknown(in: entry.member)
                guard !entry.burst.isRejected else { continue }
                entry.member.history.forget(scope, ids: ids, paths: Set(group.paths))
            }
            for path in group.paths { watcher?.forgetContent(of: path) }
            emit(.burst(outcome))
            work.asked.forEach(use)
            reports += outcome.reports
            failures += outcome.failures
        }
        return UndoReport(reports, failures: failures)
    }

    /// What can be taken back, the newest burst first.
    var undoable: [UndoReport.Entry] {
        let all = members.flatMap(\.history.revisions)
        return Dictionary(grouping: all, by: \.id).sorted { $0.key > $1.key }.map { id, revisions in
            let lost = revisions.flatMap { $0.changes.values.flatMap(\.lost) }
            return UndoReport.Entry(
                id: id, files: Set(revisions.flatMap(\.changes.keys)).map(display).sorted(),
                lost: lost.reduce(into: []) { if !$0.contains($1) { $0.append($1) } })
        }
    }
}

/// Processes in which the same sources are put back.
struct UndoGroup {
    var members: [Member]
    /// Nil for a file whose earlier source is not known.
    var targets: [FilePath: FileState.Source?]

    var paths: [FilePath] {
        targets.filter { $0.value != nil }.map(\.key).sorted { $0.string < $1.string }
    }

    /// In place of what is on disk.
    var files: SavedFiles {
        let targets = targets
        return SavedFiles { path in
            if case .some(.some(let source)) = targets[path] { return .success(source.bytes) }
            return .failure(SourceReader.Failure(reason: .missing, message: "its source is not known"))
        }
    }

    static func groups(_ scope: UndoScope, _ ids: Set<Int>, _ members: [Member]) -> [UndoGroup] {
        members.reduce(into: []) { groups, member in
            let targets = member.history.targets(scope, ids: ids)
            guard !targets.isEmpty else { return }
            let bytes = targets.mapValues { $0?.bytes }
            if let index = groups.firstIndex(where: { $0.targets.mapValues { $0?.bytes } == bytes }) {
                groups[index].members.append(member)
            } else {
                groups.append(UndoGroup(members: [member], targets: targets))
            }
        }
    }

    /// Of files that cannot be taken back.
    func unknown(in member: Member) -> [PatchReport.Remark] {
        targets.filter { $0.value == nil }.keys.sorted { $0.string < $1.string }.compactMap { path in
            guard let state = member.files[path] else { return nil }
            let reason = ReasonID.baselineUnknown
            return PatchReport.Remark(
                name: state.file.modules.first ?? "", file: state.display, line: 1, reason: reason,
                message: "what it ran before is not known as source", action: reason.action)
        }
    }
}

extension PatchReport {
    /// What had stayed out of the process needs no way back.
    fileprivate mutating func leaveOut(_ names: [Set<String>]) {
        kept.removeAll { remark in names.contains { $0.contains(remark.name) } }
    }
}
