import Reloader
import SystemPackage
import Watcher

extension Service {
    /// One burst: reads what was saved once, and brings all processes to it.
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
        let late = strangers.filter { $0.files.isBehind(saved, &files) }
        guard !late.isEmpty else { return }
        apply(saved, &files, to: late, received: received, failures: failures, areLate: true)
    }

    /// Brings `chosen` to the state that `saved` have on disk, as `files` have read it; remembers and tells.
    func apply(
        _ saved: [FilePath], _ files: inout SavedFiles, to chosen: [Member], received: Int64,
        failures: [SessionError] = [], areLate: Bool = false
    ) {
        var outcome = BurstOutcome(id: ledger.nextID(), files: saved.map(display))
        outcome.received = received
        outcome.failures = failures
        var work = BurstWork(
            options: options, members: chosen, outcome: outcome, eventDelay: ledger.eventDelay,
            number: ledger.numbers(of: saved, isLate: areLate))
        work.run(saved, &files, &shelf, &holdBack, display: display)
        // What was rejected and is saved once more as it is, is a retry.
        for path in work.settled.filter(\.burst.isRejected).flatMap(\.burst.saved) {
            watcher?.forgetContent(of: path)
        }
        ledger.news(of: work.outcome, work.settled.map(\.burst), areAsBefore: work.areAsBefore).forEach(emit)
        work.remember()
        work.asked.forEach(use)
        tellOfStaleMounts(saved)
    }

    /// Files of the processes among `changes`.
    private func savedFiles(
        _ changes: [FileChange], _ files: inout SavedFiles, _ failures: inout [SessionError]
    ) -> [FilePath] {
        let changed = ChangedFiles(changes, resolved: resolved, isLoaded: isLoaded)
        if !changed.gone.isEmpty {
            let message =
                changed.gone.count == 1
                ? "the file is gone; its code is" : "the files are gone; their code is"
            tell(changed.gone, .unchanged, "\(message) still serving")
        }
        adopt(changed.unknown, &files, &failures)
        let foreign = changed.unknown.filter { !isLoaded($0) }
        let others = changed.others + foreign.filter(isAnswered)
        let strange = foreign.filter { !isAnswered($0) && scope.isBelowRoot($0) }
        if !strange.isEmpty {
            let nobody = members.count == 1 ? "the process has not" : "no process has"
            tell(
                strange, .notLoaded,
                "\(nobody) imported \(strange.count == 1 ? "it" : "these \(strange.count) files")")
        }
        if !others.isEmpty { emit(.otherFiles(others)) }
        let saved = changed.saved + changed.unknown.filter(isLoaded)
        // The file that an import could not find may be there now.
        return saved.isEmpty && !changed.unknown.isEmpty ? awaitingImports : saved
    }

    /// Files with a change that an import has kept out.
    private var awaitingImports: [FilePath] {
        let found = members.flatMap { member in
            member.files.pending.filter { path in
                let reasons = member.files[path]?.pending.values.map(\.earlier.reason) ?? []
                return reasons.contains(ReasonID.importFailed.rawValue)
            }
        }
        return Set(found).sorted { $0.string < $1.string }
    }

    /// Without symbolic links.
    func resolved(_ path: FilePath) -> FilePath {
        members.first?.paths.resolved(path) ?? ModuleFile.resolved(path)
    }

    func isLoaded(_ path: FilePath) -> Bool { members.contains { $0.files[path] != nil } }

    /// Asks every process that does not have all of `paths` whether it has loaded them since we looked last.
    /// `wherever`: also from directories that are not watched yet.
    func adopt(
        _ paths: [FilePath], _ files: inout SavedFiles, _ failures: inout [SessionError],
        wherever: Bool = false
    ) {
        for member in members where paths.contains(where: { member.files[$0] == nil }) {
            do throws(SessionError) {
                try member.adopt(paths, in: scope, shelf, &files, wherever: wherever) { watch($0) }
            } catch {
                if member.target.isSame, paths.allSatisfy({ !isLoaded($0) }) { failures.append(error) }
            }
            use(member)
        }
    }
}
