import SourceDiff
import SystemPackage

/// Files whose saved content looks like half of a save: an editor truncates first and writes later.
struct HoldBack {
    /// Milliseconds after which such a file is taken as it is.
    static let patience: Int64 = 1000

    /// CLOCK_MONOTONIC in nanoseconds.
    private var deadlines: [FilePath: Int64] = [:]

    /// Empty, or more than half of its definitions are gone.
    static func isSuspicious(old: Outline, new: Outline, changes: ChangeSet) -> Bool {
        guard !old.definitions.isEmpty else { return false }
        if new.definitions.isEmpty, new.statements.isEmpty { return true }
        let removed = changes.definitions.count { $0.new == nil }
        return removed * 2 > old.definitions.count
    }

    var paths: Dictionary<FilePath, Int64>.Keys { deadlines.keys }

    mutating func hold(_ path: FilePath, now: Int64) { deadlines[path] = now + Self.patience * 1_000_000 }

    mutating func release(_ path: FilePath) { deadlines[path] = nil }

    /// Milliseconds until the next file is due; nil if none is held.
    func timeout(now: Int64) -> Int64? {
        deadlines.values.min().map { max(0, ($0 - now + 999_999) / 1_000_000) }
    }

    /// Files whose time is over.
    func due(now: Int64) -> [FilePath] {
        deadlines.filter { $0.value <= now }.map(\.key).sorted { $0.string < $1.string }
    }
}
