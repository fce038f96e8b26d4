import SystemPackage

/// What a service has done, and what of it is news.
struct Ledger {
    /// How many bursts there have been; also the number of the last one.
    private(set) var bursts = 0
    /// Nanoseconds from the kernel's news to the last batch.
    var eventDelay: Int64 = 0
    /// Somebody asks, by a sync: what is tried again is told only if it ends in another way.
    var isSynchronizing = false
    /// The time of what was held is over: the same.
    var isLookingAgain = false
    /// The last burst that saved each file.
    private var saves: [FilePath: Int] = [:]
    /// Files that a sync applied: the watcher's event of the same save is no news.
    private var synced: Set<FilePath> = []

    /// The number of the burst that begins now.
    mutating func nextID() -> Int {
        bursts += 1
        return bursts
    }

    /// The numbers of the bursts that saved `paths`: the last one, but where `isLate`, where processes are brought to
    /// what others have, those that brought it to them.
    mutating func numbers(of paths: [FilePath], isLate: Bool) -> (FilePath) -> Int {
        for path in paths where !isLate || saves[path] == nil { saves[path] = bursts }
        let (saves, bursts) = (saves, bursts)
        return { saves[$0] ?? bursts }
    }

    /// A sync is about to apply these files.
    mutating func noteSync(_ paths: [FilePath]) { synced.formUnion(paths) }

    /// What users are told about a burst that was settled. `bursts`: as each process had it; `areAsBefore`: whether
    /// they ended as the ones before in all processes.
    mutating func news(of outcome: BurstOutcome, _ bursts: [Burst], areAsBefore: Bool) -> [SessionEvent] {
        if isSynchronizing || isLookingAgain, areAsBefore, !(bursts.isEmpty && outcome.failures.isEmpty) {
            return []
        }
        // Half a save is no news.
        let isUnfinished = bursts.allSatisfy { $0.edits.isEmpty && !$0.unfinished.isEmpty }
        if !outcome.reports.isEmpty, isUnfinished, outcome.failures.isEmpty { return [] }
        let isNothing = outcome.reports.allSatisfy {
            $0.patch.rejected.isEmpty && $0.patch.applied.isEmpty && $0.patch.kept.isEmpty
        }
        guard isNothing else { return [.burst(outcome)] }
        return unchanged(outcome, bursts) + outcome.failures.map { .failed($0) }
    }

    /// Nothing to tell where the event is that of a save that a sync has applied already.
    private mutating func unchanged(_ outcome: BurstOutcome, _ bursts: [Burst]) -> [SessionEvent] {
        // The event of a save that a sync was quicker than.
        let said = Set(bursts.flatMap(\.saved))
        if !synced.isEmpty, bursts.allSatisfy(\.sources.isEmpty), said.isSubset(of: synced) {
            synced.subtract(said)
            return []
        }
        guard !outcome.reports.isEmpty else { return [] }
        let message =
            bursts.allSatisfy(\.sources.isEmpty)
            ? "nothing changed" : "only comments, layout or lines changed"
        return [.change(files: outcome.files, reason: .unchanged, message: message)]
    }
}
