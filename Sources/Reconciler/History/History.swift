import SystemPackage

/// What was patched in one process, as sources: enough to take it back.
struct History {
    /// Older revisions are forgotten, but for what the process ran before the first of all.
    static let limit = 100

    /// Oldest first.
    private(set) var revisions: [Revision] = []
    /// What the process ran of each patched file before midflight changed it; nil if that is not known.
    private var originals: [FilePath: FileState.Source?] = [:]

    /// Remembers what one burst changed. `number`: of the burst that saved a file. A process that joined late has the
    /// changes of several bursts at once.
    mutating func add(
        _ changes: [FilePath: Revision.Change], keeping kept: Set<String>, number: (FilePath) -> Int
    ) {
        for (id, own) in Dictionary(grouping: changes, by: { number($0.key) }).sorted(by: { $0.key < $1.key })
        {
            for (path, change) in own where originals[path] == nil {
                originals.updateValue(change.before, forKey: path)
            }
            let added = Revision(id: id, changes: Dictionary(uniqueKeysWithValues: own), kept: kept)
            if let index = revisions.firstIndex(where: { $0.id == id }) {
                revisions[index].changes.merge(added.changes) { old, new in
                    Revision.Change(before: old.before, after: new.after, lost: old.lost + new.lost)
                }
                revisions[index].kept.formUnion(kept)
            } else {
                revisions.append(added)
            }
        }
        revisions.sort { $0.id < $1.id }
        if revisions.count > Self.limit { revisions.removeFirst(revisions.count - Self.limit) }
    }

    /// What files hold once it is taken back; nil for a file whose earlier source is not known. `ids`: the revisions
    /// that are taken back; with `.all` everything is.
    func targets(_ scope: UndoScope, ids: Set<Int>) -> [FilePath: FileState.Source?] {
        switch scope {
        case .all: return originals
        case .last:
            return revisions.reversed().filter { ids.contains($0.id) }.reduce(into: [:]) { found, revision in
                for (path, change) in revision.changes { found.updateValue(change.before, forKey: path) }
            }
        case .file(let path):
            let newest = revisions.last { ids.contains($0.id) && $0.changes[path] != nil }
            guard let change = newest?.changes[path] else { return [:] }
            var found: [FilePath: FileState.Source?] = [:]
            found.updateValue(change.before, forKey: path)
            return found
        }
    }

    /// `paths` were taken back.
    mutating func forget(_ scope: UndoScope, ids: Set<Int>, paths: Set<FilePath>) {
        for index in revisions.indices where ids.contains(revisions[index].id) || scope == .all {
            for path in paths { revisions[index].changes[path] = nil }
        }
        revisions.removeAll { $0.changes.isEmpty }
        for path in paths where !revisions.contains(where: { $0.changes[path] != nil }) {
            originals[path] = nil
        }
    }
}

extension History {
    /// The bursts that are taken back in processes with these histories.
    static func ids(_ scope: UndoScope, in histories: [History]) -> Set<Int> {
        let revisions = histories.flatMap(\.revisions)
        switch scope {
        case .all: return Set(revisions.map(\.id))
        case .last(let count): return Set(Set(revisions.map(\.id)).sorted().suffix(max(0, count)))
        case .file(let path):
            return Set([revisions.filter { $0.changes[path] != nil }.map(\.id).max()].compactMap { $0 })
        }
    }
}
