import Reloader
import SystemPackage

extension Upkeep {
    /// Takes patches back in the processes that had them. The files stay as they are: the next save of one of them,
    /// or a sync, brings the processes to it again.
    func undo(_ scope: UndoScope) -> UndoReport {
        let ids = History.ids(scope, in: crew.members.map(\.history))
        var reports: [BurstReport] = []
        var failures: [SessionError] = []
        for group in UndoGroup.groups(scope, ids, crew.members) {
            var outcome = BurstOutcome(id: ledger.nextID(), files: group.paths.map(crew.display))
            outcome.received = Monotonic.now
            outcome.isUndo = true
            var files = group.files
            var work = BurstWork(
                options: crew.options, members: group.members, outcome: outcome, eventDelay: 0)
            work.run(group.paths, &files, &shelf, &holdBack, display: crew.display)
            outcome = work.outcome
            for (index, entry) in work.settled.enumerated() {
                outcome.reports[index].patch.leaveOut(
                    entry.member.history.revisions.filter { ids.contains($0.id) }.map(\.kept))
                outcome.reports[index].patch.kept += group.unknown(in: entry.member)
                guard !entry.burst.isRejected else { continue }
                entry.member.history.forget(scope, ids: ids, paths: Set(group.paths))
            }
            for path in group.paths { watch.forgetContent(of: path) }
            emit(.burst(outcome))
            work.asked.forEach(crew.useSaved)
            reports += outcome.reports
            failures += outcome.failures
        }
        return UndoReport(reports, failures: failures)
    }

    /// What can be taken back, the newest burst first.
    var undoable: [UndoReport.Entry] {
        let all = crew.members.flatMap(\.history.revisions)
        return Dictionary(grouping: all, by: \.id).sorted { $0.key > $1.key }.map { id, revisions in
            let lost = revisions.flatMap { $0.changes.values.flatMap(\.lost) }
            return UndoReport.Entry(
                id: id, files: Set(revisions.flatMap(\.changes.keys)).map(crew.display).sorted(),
                lost: lost.reduce(into: []) { if !$0.contains($1) { $0.append($1) } })
        }
    }
}

extension PatchReport {
    /// What had stayed out of the process needs no way back.
    fileprivate mutating func leaveOut(_ names: [Set<String>]) {
        kept.removeAll { remark in names.contains { $0.contains(remark.name) } }
    }
}
