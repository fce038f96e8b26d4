import Reloader
import SourceDiff
import SystemPackage
import Watcher

extension Service {
    /// One burst: reads what was saved once, plans and compiles once for all processes that are alike, applies it in all
    /// of them at the same time, reports.
    func patch(_ changes: [FileChange], received: Int64) {
        welcomeRelatives()
        var failures: [SessionError] = []
        var files = SavedFiles()
        let saved = savedFiles(changes, &files, &failures)
        if !saved.isEmpty || !failures.isEmpty {
            apply(saved, &files, to: members, received: received, failures: failures)
            patchLate(saved, received: received)
        }
        welcomeRelatives()  // forked while we were at it
    }

    /// Processes that have loaded some of the files since we looked last are asked only when the others are served.
    private func patchLate(_ saved: [FilePath], received: Int64) {
        let strangers = members.filter { member in saved.contains { member.files[$0] == nil } }
        guard !strangers.isEmpty else { return }
        var failures: [SessionError] = []
        var files = SavedFiles()
        adopt(saved, &files, &failures)
        let late = strangers.filter { member in
            saved.contains { path in member.files[path].map { !isLive($0, path, &files) } ?? false }
        }
        if !late.isEmpty { apply(saved, &files, to: late, received: received, failures: failures) }
    }

    /// Brings `chosen` to the state that `saved` have on disk, as `files` have read it.
    func apply(
        _ saved: [FilePath], _ files: inout SavedFiles, to chosen: [Member], received: Int64,
        failures: [SessionError] = []
    ) {
        bursts += 1
        shelf.readTime = 0
        shelf.scanTime = 0
        var outcome = BurstOutcome(id: bursts, files: saved.map(display))
        outcome.received = received
        outcome.failures = failures
        var cohorts = plan(saved, &files, for: chosen, &outcome)
        var parcels: [Delivery<AgentSession>.Parcel] = []
        var addressees: [Addressee] = []
        for index in cohorts.indices where !cohorts[index].burst.isRejected {
            prepare(&cohorts[index], &outcome)
            if case .request(let request) = cohorts[index].content {
                for member in cohorts[index].members {
                    parcels.append(Delivery.Parcel(request, to: member.agent))
                    addressees.append(Addressee(member: member, cohort: index))
                }
            }
        }
        var delivery = Delivery(parcels)
        delivery.run()
        outcome.total = Monotonic.now - received
        delivery.awaitLines()
        conclude(cohorts, delivery, addressees, &outcome)
        for addressee in addressees { use(addressee.member) }
        tellOfStaleMounts(saved)
    }

    /// Files of the processes among `changes`.
    private func savedFiles(
        _ changes: [FileChange], _ files: inout SavedFiles, _ failures: inout [SessionError]
    ) -> [FilePath] {
        var saved: [FilePath] = []
        var unknown: [FilePath] = []
        var others: [FilePath] = []
        for change in changes {
            guard change.path.extension == "py" else {
                others.append(change.path)
                continue
            }
            let path = isLoaded(change.path) ? change.path : resolved(change.path)
            switch (change.kind, isLoaded(path)) {
            case (.removed, true): tell([path], .unchanged, "the file is gone; its code is still serving")
            case (.removed, false): break
            case (.modified, true): if !saved.contains(path) { saved.append(path) }
            case (.modified, false): unknown.append(path)
            }
        }
        adopt(unknown, &files, &failures)
        for path in unknown where !isLoaded(path) {
            if isAnswered(path) { others.append(path) } else { tell([path], .notLoaded, notImported) }
        }
        if !others.isEmpty { emit(.otherFiles(others)) }
        return saved + unknown.filter { isLoaded($0) && !saved.contains($0) }
    }

    /// Without symbolic links.
    func resolved(_ path: FilePath) -> FilePath {
        members.first?.paths.resolved(path) ?? ModuleFile.resolved(path)
    }

    func isLoaded(_ path: FilePath) -> Bool { members.contains { $0.files[path] != nil } }

    /// Asks every process that does not have all of `paths` whether it has loaded them since we looked last.
    func adopt(_ paths: [FilePath], _ files: inout SavedFiles, _ failures: inout [SessionError]) {
        let names = Set(paths.compactMap(\.lastComponent))
        for member in members where paths.contains(where: { member.files[$0] == nil }) {
            do throws(SessionError) {
                let inventory = try member.agent.inventory()
                let loaded = Member.loadedFiles(of: inventory, in: scope, paths: member.paths) {
                    names.contains($0)
                }
                let late = paths.filter { member.files[$0] == nil && loaded[$0] != nil }
                for path in late { member.files[path] = loaded[path] }
                try member.identifyLate(late, shelf, &files)
            } catch {
                if member.target.isSame, paths.allSatisfy({ !isLoaded($0) }) { failures.append(error) }
            }
            use(member)
        }
    }

    private var notImported: String {
        members.count == 1 ? "the process has not imported it" : "no process has imported it"
    }

    // MARK: Planning

    private func plan(
        _ saved: [FilePath], _ files: inout SavedFiles, for chosen: [Member], _ outcome: inout BurstOutcome
    ) -> [Cohort] {
        var readings: [FilePath: Reading] = [:]
        let now = Monotonic.now
        var cohorts: [Cohort] = []
        for member in chosen {
            let waiting = member.waiting.filter { !saved.contains($0) }.sorted { $0.string < $1.string }
            let paths = saved.filter { member.files[$0] != nil } + waiting
            guard !paths.isEmpty else { continue }
            for path in paths where readings[path] == nil { readings[path] = shelf.read(path, in: &files) }
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
                    let isOverdue =
                        reading.source.map { holdBack.isOverdue(path, $0.bytes, now: now) } ?? false
                    try cohort.add(path, reading, isOverdue: isOverdue)
                }
                cohorts.append(cohort)
            } catch {
                fail(member, paths, error, &outcome)
            }
        }
        let held = Set(cohorts.flatMap(\.burst.held))
        for (path, reading) in readings {
            if held.contains(path), let source = reading.source {
                holdBack.hold(path, source.bytes, now: now)
            } else {
                holdBack.release(path)
            }
        }
        return cohorts
    }

    /// Compiles for all members of a cohort.
    private func prepare(_ cohort: inout Cohort, _ outcome: inout BurstOutcome) {
        guard !cohort.burst.edits.isEmpty, let head = cohort.head else {
            cohort.burst.take(PatchReport(keeping: cohort.burst.plans))
            return
        }
        let start = Monotonic.now
        let edits = cohort.burst.edits
        let patchOptions = PatchOptions(
            keepCaches: options.keepCaches, force: options.force, strict: options.strict)
        do throws(SessionError) {
            let preparation = try head.connection.askTwin { (twin) throws(TwinError) in
                try twin.patchRequest(edits, options: patchOptions)
            }
            cohort.burst.report.timing.compile = Monotonic.now - start
            switch preparation {
            case .rejected(let problems):
                var report = PatchReport(cohort.burst.plans, problems: problems)
                for (index, problem) in problems.enumerated() {
                    report.rejected[index].file = head.display(ofCode: problem.file)
                }
                cohort.burst.take(report)
            case .request(let request):
                if let unscanned = cohort.burst.unscanned {
                    cohort.burst.report.patch.rejected = [unscanned]
                } else {
                    cohort.content = .request(request)
                }
            }
        } catch {
            for member in cohort.members { fail(member, cohort.paths, error, &outcome) }
            cohort.members = []
        }
    }

    func fail(_ member: Member, _ paths: [FilePath], _ error: SessionError, _ outcome: inout BurstOutcome) {
        guard member.target.isSame else { return }  // its end is told by its pidfd
        member.postpone(paths)
        for path in paths { member.files[path]?.failure = error }
        if case .attach(.targetBusy(_, .answerLost)) = error {
            for path in paths { member.files[path]?.baseline = nil }  // it may have been done
        }
        outcome.failures.append(error)
    }
}
