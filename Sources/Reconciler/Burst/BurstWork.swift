import Reloader
import SystemPackage

/// One burst in the processes that it concerns: planned and compiled once for all that are alike, delivered to all at
/// the same time, settled in each.
struct BurstWork {
    /// Whose burst it is, and how it is to be applied.
    let options: SessionOptions
    /// All processes of the service that may need the burst, in the order in which they joined.
    let members: [Member]
    /// Nanoseconds from the kernel's news to the watcher's batch.
    let eventDelay: Int64
    /// The burst that saved a file: a process that joins late has what an earlier one has brought to the others.
    let number: (FilePath) -> Int
    /// Complete once `run` has returned.
    private(set) var outcome: BurstOutcome
    /// Each process's burst, in the order of the processes. Not those that could not be patched.
    private(set) var settled: [(burst: Burst, member: Member)] = []
    /// Processes whose agents were asked.
    private(set) var asked: [Member] = []
    /// Whether every process's burst ended as the one before it did, or failed as that did.
    private(set) var areAsBefore: Bool

    /// In the order of their first members.
    private var cohorts: [Cohort] = []
    /// What each of the settled processes ran before.
    private var earlier: [FileStates] = []

    /// Whom a parcel is for, and the cohort whose request it carries.
    private struct Addressee {
        /// The process that gets the parcel.
        var member: Member
        /// Index in `cohorts`.
        var cohort: Int
    }

    /// `outcome`: of a burst that has not begun; failures in it count from the start. `number`: nil for one
    /// number for all files.
    init(
        options: SessionOptions, members: [Member], outcome: BurstOutcome, eventDelay: Int64,
        number: ((FilePath) -> Int)? = nil
    ) {
        self.options = options
        self.number = number ?? { _ in outcome.id }
        self.members = members
        self.eventDelay = eventDelay
        self.outcome = outcome
        areAsBefore = outcome.failures.isEmpty
    }

    /// Brings the members to the state that `saved` have on disk, as `files` have read it. `display`: how users see a
    /// file.
    mutating func run(
        _ saved: [FilePath], _ files: inout SavedFiles, _ shelf: inout SourceShelf,
        _ holdBack: inout HoldBack,
        display: (FilePath) -> String
    ) {
        shelf.readTime = 0
        shelf.scanTime = 0
        plan(saved, &files, &shelf, &holdBack, display)
        var parcels: [Delivery<AgentSession>.Parcel] = []
        var addressees: [Addressee] = []
        for index in cohorts.indices where !cohorts[index].burst.isRejected {
            prepare(index)
            guard case .request(let request) = cohorts[index].content else { continue }
            for member in cohorts[index].members {
                parcels.append(Delivery.Parcel(request, to: member.agent))
                addressees.append(Addressee(member: member, cohort: index))
            }
        }
        var delivery = Delivery(parcels)
        delivery.run()
        outcome.total = Monotonic.now - outcome.received
        outcome.skew = delivery.skew
        delivery.awaitLines()
        asked = addressees.map(\.member)
        settle(delivery, addressees)
        complete(readTime: shelf.readTime, scanTime: shelf.scanTime)
    }

    // MARK: Planning

    /// Puts the members into cohorts and plans for the first of each. Files that wait from earlier saves are
    /// taken along, but not by an undo.
    private mutating func plan(
        _ saved: [FilePath], _ files: inout SavedFiles, _ shelf: inout SourceShelf,
        _ holdBack: inout HoldBack,
        _ display: (FilePath) -> String
    ) {
        var readings: [FilePath: Reading] = [:]
        let now = Monotonic.now
        for member in members {
            let waiting =
                outcome.isUndo
                ? []
                : member.files.waiting.filter { !saved.contains($0) }
                    .sorted { $0.string < $1.string }
            let paths = saved.filter { member.files[$0] != nil } + waiting
            guard !paths.isEmpty else { continue }
            for path in paths where readings[path] == nil { readings[path] = shelf.read(path, in: &files) }
            do throws(SessionError) { try member.settleDoubts(of: paths, readings) } catch {
                fail(member, paths, error)
                continue
            }
            if let index = cohorts.firstIndex(where: { $0.paths == paths && $0.takes(member, paths) }) {
                cohorts[index].members.append(member)
                continue
            }
            let report = BurstReport(
                pid: member.pid, id: outcome.id, patch: PatchReport(files: paths.map(display)))
            var cohort = Cohort(members: [member], paths: paths, burst: Burst(report: report))
            do throws(SessionError) {
                for path in paths {
                    guard let reading = readings[path] else { continue }
                    let isOverdue = reading.source.map { holdBack.isOverdue(path, $0.bytes, now: now) }
                    try cohort.add(path, reading, isOverdue: outcome.isUndo || isOverdue == true)
                }
                for path in member.files.retried where !outcome.isUndo && !paths.contains(path) {
                    if let state = member.files[path] { cohort.planAgain(state, path: path) }
                }
                cohorts.append(cohort)
            } catch {
                fail(member, paths, error)
            }
        }
        holdBack.take(
            Set(cohorts.flatMap(\.burst.held)), importing: Set(cohorts.flatMap(\.burst.importing)),
            of: readings,
            now: now)
    }

    /// Compiles for all members of a cohort.
    private mutating func prepare(_ index: Int) {
        guard !cohorts[index].burst.edits.isEmpty, let head = cohorts[index].head else {
            cohorts[index].burst.take(PatchReport(keeping: cohorts[index].burst.plans))
            return
        }
        let start = Monotonic.now
        do throws(SessionError) {
            while try compile(index, for: head) {}
            cohorts[index].burst.report.timing.compile = Monotonic.now - start
        } catch {
            for member in cohorts[index].members { fail(member, cohorts[index].paths, error) }
            cohorts[index].members = []
        }
    }

    /// Asks the twin once; true if it is to be asked again, without the files that it refused.
    private mutating func compile(_ index: Int, for head: Member) throws(SessionError) -> Bool {
        let edits = cohorts[index].burst.edits
        let patchOptions = PatchOptions(
            keepCaches: options.keepCaches, force: options.force, strict: options.strict,
            atomic: options.atomic)
        let around = cohorts[index].around
        let preparation = try head.connection.askTwin { (twin) throws(TwinError) in
            try twin.patchRequest(edits, options: patchOptions, around: around)
        }
        switch preparation {
        case .rejected(let problems):
            var report = PatchReport(cohorts[index].burst.plans, problems: problems)
            for (place, problem) in problems.enumerated() {
                report.rejected[place].file = head.display(ofCode: problem.file)
            }
            let refused = problems.map(\.file)
            if !options.atomic, cohorts[index].burst.leaveOut(report.rejected, at: refused) { return true }
            cohorts[index].burst.take(report)
        case .request(let request):
            let unscanned = cohorts[index].burst.unscanned.sorted { $0.key < $1.key }
            let reasons = unscanned.map(\.value)
            if unscanned.isEmpty {
                cohorts[index].content = .request(request)
            } else if !options.atomic, cohorts[index].burst.leaveOut(reasons, at: unscanned.map(\.key)) {
                return true
            } else {
                cohorts[index].burst.report.patch.rejected = reasons
            }
        }
        return false
    }

    /// The burst could not be delivered to this process; its files wait for the next save.
    private mutating func fail(_ member: Member, _ paths: [FilePath], _ error: SessionError) {
        guard member.target.isSame else { return }  // its end is told by its pidfd
        areAsBefore = areAsBefore && member.files.haveFailed(paths, error)
        member.files.fail(paths, error)
        outcome.failures.append(error)
    }

    // MARK: What became of it

    /// Remembers what the processes run now.
    private mutating func settle(_ delivery: Delivery<AgentSession>, _ addressees: [Addressee]) {
        var concluded: [(burst: Burst, member: Member)] = []
        for cohort in cohorts where !cohort.isOnItsWay {
            concluded += cohort.members.map { (cohort.burst, $0) }
        }
        for (parcel, addressee) in zip(delivery.parcels, addressees) {
            var burst = cohorts[addressee.cohort].burst
            switch parcel.reply {
            case .success(let reply):
                burst.take(PatchReport(burst.plans, reply: reply))
                burst.report.patch.notes.removeAll { note in
                    [.notAtomic, .heapTooLarge].contains(note.reason)
                        && !addressee.member.toldReasons.insert(note.reason).inserted
                }
                for index in burst.report.patch.notes.indices
                where burst.report.patch.notes[index].reason == .derivedValue {
                    let file = burst.report.patch.notes[index].file
                    burst.report.patch.notes[index].file = addressee.member.display(ofCode: file)
                }
                burst.failures = burst.failures(of: reply)
                burst.report.timing.take(parcel, reply, received: outcome.received)
                concluded.append((burst, addressee.member))
            case .failure(let error): fail(addressee.member, cohorts[addressee.cohort].paths, error)
            case nil: break
            }
        }
        for member in members {
            for (burst, holder) in concluded where holder === member { settled.append((burst, member)) }
        }
        for index in settled.indices {
            let member = settled[index].member
            settled[index].burst.report.pid = member.pid
            areAsBefore =
                areAsBefore
                && (settled[index].burst.saysNothing || member.files.isAsBefore(settled[index].burst))
            earlier.append(member.files)
            member.files.settle(settled[index].burst, isAtomic: options.atomic)
        }
        if !settled.isEmpty, settled.allSatisfy(\.burst.saysNothing) { areAsBefore = false }
    }

    /// Makes the inverse of what went in, and what the next burst will ask for. Called when the burst was told:
    /// nobody waits for it.
    func remember() {
        var inverse = Inverse()
        for ((burst, member), before) in zip(settled, earlier) where !outcome.isUndo && !burst.isRejected {
            let changes = inverse.changes(of: burst.saved, from: before, to: member.files)
            let kept = Set(burst.report.patch.kept.map(\.name))
            if !changes.isEmpty { member.history.add(changes, keeping: kept, number: number) }
        }
        for (_, member) in settled { member.files.prepareWords() }
    }

    /// Both in nanoseconds: the files were read and scanned once for all processes, so every report has the
    /// same.
    private mutating func complete(readTime: Int64, scanTime: Int64) {
        outcome.reports = settled.map { burst, _ in
            var report = burst.report
            report.timing.total = outcome.total
            report.timing.event = eventDelay
            report.timing.read = readTime
            report.timing.scan += scanTime
            return report
        }
        if options.workers == .none { outcome.keepChildren(of: members.first?.target) }
    }
}

extension Burst {
    /// Nothing went in, and nothing stayed out.
    fileprivate var saysNothing: Bool {
        report.patch.applied.isEmpty && report.patch.rejected.isEmpty && report.patch.kept.isEmpty
    }
}

extension BurstOutcome {
    /// Forked workers of `target` run the old code: each has its own memory, and only the chosen process was asked for.
    fileprivate mutating func keepChildren(of target: Target?) {
        guard let target, let report = reports.first, report.patch.rejected.isEmpty else { return }
        let children = ProcessFamily().pythons(below: target.pid, depth: .children).filter {
            target.procFS.link($0.pid, "exe") == target.executable
        }
        reports[0].patch.kept += children.map { child in
            PatchReport.Remark(
                name: "process \(child.pid)", file: files.first ?? "", line: 1,
                reason: .notSupportedYet, message: "this child process runs the old code",
                action: "attach without --no-workers, or to \(child.pid) too")
        }
    }
}
