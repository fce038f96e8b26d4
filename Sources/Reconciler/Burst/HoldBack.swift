import Reloader
import SourceDiff
import SystemPackage

/// Files whose saved content looks like half of a save: an editor truncates first and writes later.
///
/// A file is held for as long as its content stays the same, and no longer: looking at it again, as a sync does every
/// few milliseconds, changes nothing.
struct HoldBack {
    /// Milliseconds after which such a file is taken as it is.
    static let patience: Int64 = 1000

    /// Milliseconds after which it is asked again whether an import has ended.
    static let importPatience: Int64 = 300

    /// Milliseconds after which an import that has not ended is waited for no more.
    static let longestImport: Int64 = 10_000

    /// A file that is held, with the content that looked unfinished.
    private struct Held {
        /// Other content means another wait.
        var content: [UInt8]
        /// CLOCK_MONOTONIC in nanoseconds.
        var deadline: Int64
    }

    /// Files that are looked at again without a further save.
    private var held: [FilePath: Held] = [:]

    /// Empty, or more than half of its definitions are gone.
    static func isSuspicious(old: Outline, new: Outline, changes: ChangeSet) -> Bool {
        guard !old.definitions.isEmpty else { return false }
        if new.definitions.isEmpty, new.statements.isEmpty { return true }
        let removed = changes.definitions.count { $0.new == nil }
        return removed * 2 > old.definitions.count
    }

    /// Also files whose time is over and that were not looked at yet.
    var paths: Set<FilePath> { Set(held.keys) }

    /// Begins to wait, unless the file is held with this content already, and its time is not over. `patience`: in
    /// milliseconds.
    mutating func hold(_ path: FilePath, _ content: [UInt8], patience: Int64 = HoldBack.patience, now: Int64)
    {
        if let known = held[path], known.deadline > now, known.content.isIdentical(to: content) { return }
        held[path] = Held(content: content, deadline: now + patience * 1_000_000)
    }

    /// Of the files that a burst has looked at those in `suspicious` and in `importing` are held, the others no more.
    mutating func take(
        _ suspicious: Set<FilePath>, importing: Set<FilePath> = [], of readings: [FilePath: Reading],
        now: Int64
    ) {
        for (path, reading) in readings {
            if importing.contains(path), let source = reading.source {
                hold(path, source.bytes, patience: Self.importPatience, now: now)
            } else if suspicious.contains(path), let source = reading.source {
                hold(path, source.bytes, now: now)
            } else {
                release(path)
            }
        }
    }

    /// Somebody still writes it: the wait begins again.
    mutating func prolong(_ path: FilePath, now: Int64) {
        held[path]?.deadline = now + Self.patience * 1_000_000
    }

    /// The file is complete, or nobody runs it any more.
    mutating func release(_ path: FilePath) { held[path] = nil }

    /// Whether the file has been held with this content for long enough.
    func isOverdue(_ path: FilePath, _ content: [UInt8], now: Int64) -> Bool {
        guard let known = held[path], known.deadline <= now else { return false }
        return known.content.isIdentical(to: content)
    }

    /// Milliseconds until the next file is due; nil if none is held.
    func timeout(now: Int64) -> Int64? {
        held.values.map(\.deadline).min().map { Monotonic.milliseconds(until: $0, now: now) }
    }

    /// Files whose time is over.
    func due(now: Int64) -> [FilePath] {
        held.filter { $0.value.deadline <= now }.map(\.key).sorted { $0.string < $1.string }
    }
}
