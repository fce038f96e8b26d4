import Reloader
import SystemPackage
import Watcher

/// Keeps the processes of a service at the saved state of their files: each question reads a file once, brings the
/// processes that are behind to it, and tells what came of it.
final class Upkeep {
    /// The processes.
    let crew: Crew
    /// The watcher, which forgets what was rejected.
    let watch: SaveWatch
    /// What was done, and what of it is news.
    var ledger = Ledger()
    /// The last contents of each file.
    var shelf = SourceShelf()
    /// Files that look like half of a save.
    var holdBack = HoldBack()
    /// Tells users, and lets the configuration's reactions follow.
    var emit: (SessionEvent) -> Void = { _ in }
    /// Whether the configuration says what to do when this file changes that is no module.
    private let isAnswered: (FilePath, _ roots: [FilePath]) -> Bool

    /// `isAnswered`: whether the configuration says what to do when a file changes that is no module.
    init(crew: Crew, watch: SaveWatch, isAnswered: @escaping (FilePath, _ roots: [FilePath]) -> Bool) {
        self.crew = crew
        self.watch = watch
        self.isAnswered = isAnswered
    }

    /// One burst: reads what was saved once, and brings all processes to it.
    func patch(_ changes: [FileChange], received: Int64) {
        var failures: [SessionError] = []
        var files = SavedFiles()
        let saved = savedFiles(changes, &files, &failures)
        guard !saved.isEmpty || !failures.isEmpty else { return }
        apply(saved, &files, to: crew.members, received: received, failures: failures)
        patchLate(saved, received: received)
    }

    /// Processes that have loaded some of the files since we looked last are asked only when the others are served.
    private func patchLate(_ saved: [FilePath], received: Int64) {
        let strangers = crew.members.filter { member in saved.contains { member.files[$0] == nil } }
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
        var outcome = BurstOutcome(id: ledger.nextID(), files: saved.map(crew.display))
        outcome.received = received
        outcome.failures = failures
        var work = BurstWork(
            options: crew.options, members: chosen, outcome: outcome, eventDelay: ledger.eventDelay,
            number: ledger.numbers(of: saved, isLate: areLate))
        work.run(saved, &files, &shelf, &holdBack, display: crew.display)
        // What was rejected and is saved once more as it is, is a retry.
        for path in work.settled.filter(\.burst.isRejected).flatMap(\.burst.saved) {
            watch.forgetContent(of: path)
        }
        ledger.news(of: work.outcome, work.settled.map(\.burst), areAsBefore: work.areAsBefore).forEach(emit)
        work.remember()
        work.asked.forEach(crew.useSaved)
        crew.staleMounts(saved).forEach(emit)
    }

    /// A process that joined later is brought to what the others have, unless saves are held back. `concerned`: in
    /// these files only.
    func catchUp(_ member: Member, _ concerned: (FilePath) -> Bool = { _ in true }, isPaused: Bool) {
        let behind = member.catchUp(with: crew.members.filter { $0 !== member }, shelf).filter(concerned)
        guard !behind.isEmpty, !isPaused else { return }
        var files = SavedFiles()
        let paths = behind.sorted { $0.string < $1.string }
        apply(paths, &files, to: [member], received: Monotonic.now, areLate: true)
    }

    /// Files of the processes among `changes`; what users are told about the others is told here.
    private func savedFiles(
        _ changes: [FileChange], _ files: inout SavedFiles, _ failures: inout [SessionError]
    ) -> [FilePath] {
        let changed = ChangedFiles(changes, resolved: crew.resolved, isLoaded: crew.isLoaded)
        changed.newsOfGone(display: crew.display).forEach(emit)
        crew.members.forEach { $0.files.note(gone: changed.gone, there: changed.saved) }
        adopt(changed.unknown, &files, &failures)
        let foreign = ForeignFiles(
            changed, isLoaded: crew.isLoaded, isBelowRoot: crew.scope.isBelowRoot,
            isAnswered: { isAnswered($0, crew.scope.roots) })
        foreign.news(
            processes: crew.members.count, compiled: { crew.compiled }, display: crew.display
        ).forEach(emit)
        let saved = changed.saved + changed.unknown.filter(crew.isLoaded)
        // The file that an import could not find may be there now.
        return saved.isEmpty && !changed.unknown.isEmpty
            ? FileStates.awaitingImports(in: crew.members.map(\.files)) : saved
    }

    /// Asks every process that does not have all of `paths` whether it has loaded them since we looked last.
    /// `wherever`: also from directories that are not watched yet.
    func adopt(
        _ paths: [FilePath], _ files: inout SavedFiles, _ failures: inout [SessionError],
        wherever: Bool = false
    ) {
        for member in crew.members where paths.contains(where: { member.files[$0] == nil }) {
            do throws(SessionError) {
                try member.adopt(paths, in: crew.scope, shelf, &files, wherever: wherever) { watch.add($0) }
            } catch {
                if member.target.isSame, paths.allSatisfy({ !crew.isLoaded($0) }) { failures.append(error) }
            }
            crew.use(member)
        }
    }
}
