import Reloader
import SystemPackage
import Watcher

extension Service {
    /// Whom a parcel is for, and the cohort whose request it carries.
    struct Addressee {
        var member: Member
        var cohort: Int
    }

    /// Remembers what the processes run now, and tells.
    func conclude(
        _ cohorts: [Cohort], _ delivery: Delivery<AgentSession>, _ addressees: [Addressee],
        _ outcome: inout BurstOutcome
    ) {
        var concluded: [(burst: Burst, member: Member)] = []
        for cohort in cohorts where !cohort.isOnItsWay {
            for member in cohort.members {
                var burst = cohort.burst
                burst.report.pid = member.pid
                concluded.append((burst, member))
            }
        }
        for (parcel, addressee) in zip(delivery.parcels, addressees) {
            let member = addressee.member
            var burst = cohorts[addressee.cohort].burst
            burst.report.pid = member.pid
            switch parcel.reply {
            case .success(let reply):
                burst.take(PatchReport(burst.plans, reply: reply))
                burst.report.timing.take(parcel, reply, received: outcome.received)
                concluded.append((burst, member))
            case .failure(let error): fail(member, cohorts[addressee.cohort].paths, error, &outcome)
            case nil: break
            }
        }
        outcome.skew = delivery.skew
        let isKnown =
            isSynchronizing && !concluded.isEmpty
            && concluded.allSatisfy { burst, member in isAsBefore(burst, in: member) }
        for member in members {
            for (burst, holder) in concluded where holder === member {
                settle(burst, in: member)
                outcome.reports.append(burst.report)
            }
        }
        for index in outcome.reports.indices {
            outcome.reports[index].timing.total = outcome.total
            outcome.reports[index].timing.event = eventDelay
            outcome.reports[index].timing.read = shelf.readTime
            outcome.reports[index].timing.scan += shelf.scanTime
        }
        if !isKnown || !outcome.failures.isEmpty { report(outcome, concluded.map(\.burst)) }
    }

    /// A save that was refused, or kept out wholly, once more in the same way.
    private func isAsBefore(_ burst: Burst, in member: Member) -> Bool {
        let patch = burst.report.patch
        guard patch.applied.isEmpty, !(patch.rejected.isEmpty && patch.kept.isEmpty) else { return false }
        return burst.saved.allSatisfy { path in
            guard let state = member.files[path] else { return false }
            let rejected = patch.rejected.first { $0.file == state.display } ?? patch.rejected.first
            return rejected == state.rejected && patch.kept.filter { $0.file == state.display } == state.kept
        }
    }

    private func settle(_ burst: Burst, in member: Member) {
        for path in burst.saved + burst.unfinished {
            member.files[path]?.failure = nil
            member.files[path]?.rejected = nil
        }
        if burst.isRejected {
            member.postpone(burst.saved)
            for path in burst.saved {
                let own = burst.report.patch.rejected.first { $0.file == member.files[path]?.display }
                member.files[path]?.rejected = own ?? burst.report.patch.rejected.first
            }
            // Saved once more as it is, it is a retry.
            for path in burst.saved { watcher?.forgetContent(of: path) }
            return
        }
        for path in burst.saved { member.files[path]?.isWaiting = false }
        member.postpone(burst.unfinished)
        for (path, source) in burst.sources { member.files[path]?.take(source, burst.report.patch) }
        // A file that stays out wholly has no new baseline, and all of its remarks are of this burst.
        for path in burst.saved where burst.sources[path] == nil {
            let display = member.files[path]?.display
            let remarks = burst.report.patch.kept.filter { $0.file == display }
            if !remarks.isEmpty { member.files[path]?.kept = remarks }
        }
    }

    private func report(_ outcome: BurstOutcome, _ bursts: [Burst]) {
        var outcome = outcome
        if options.workers == .none, let index = outcome.reports.indices.first {
            keepChildren(&outcome, index)
        }
        // Half a save is no news.
        let isUnfinished = bursts.allSatisfy { $0.edits.isEmpty && !$0.unfinished.isEmpty }
        if !outcome.reports.isEmpty, isUnfinished, outcome.failures.isEmpty { return }
        let isNothing = outcome.reports.allSatisfy {
            $0.patch.rejected.isEmpty && $0.patch.applied.isEmpty && $0.patch.kept.isEmpty
        }
        guard isNothing else { return emit(.burst(outcome)) }
        // The event of a save that a sync was quicker than.
        let isKnown = !synced.isEmpty && bursts.allSatisfy(\.sources.isEmpty)
        let said = Set(bursts.flatMap(\.saved))
        if isKnown, said.isSubset(of: synced) {
            synced.subtract(said)
        } else if !outcome.reports.isEmpty {
            let message =
                bursts.allSatisfy(\.sources.isEmpty)
                ? "nothing changed" : "only comments, layout or lines changed"
            emit(.change(files: outcome.files, reason: .unchanged, message: message))
        }
        if !outcome.failures.isEmpty { outcome.failures.forEach { emit(.failed($0)) } }
    }

    /// Forked workers run the old code: each has its own memory, and only the chosen process was asked for.
    private func keepChildren(_ outcome: inout BurstOutcome, _ index: Int) {
        guard let target = members.first?.target, outcome.reports[index].patch.rejected.isEmpty else {
            return
        }
        let children = ProcessFamily().pythons(below: target.pid, depth: .children).filter {
            target.procFS.link($0.pid, "exe") == target.executable
        }
        outcome.reports[index].patch.kept += children.map { child in
            PatchReport.Remark(
                name: "process \(child.pid)", file: outcome.files.first ?? "", line: 1,
                reason: .notSupportedYet, message: "this child process runs the old code",
                action: "attach without --no-workers, or to \(child.pid) too")
        }
    }
}
