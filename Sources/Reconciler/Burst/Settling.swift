import Reloader
import SystemPackage
import Watcher

/// Saves that belong together: a checkout, a formatter or an editor's "save all" writes many files, and the processes
/// get them as one burst.
///
/// One file that is saved alone is handled at once. Several are held until no further one has come for a moment, and
/// as long as git says that it is at work.
struct Settling {
    /// Nanoseconds without a further save.
    static let quiet: Int64 = 50_000_000
    /// The same once git is done: the watcher reads every file that it wrote, and is behind on a busy machine.
    static let quietAfterGit: Int64 = 200_000_000
    /// Nanoseconds after the first save, however many follow.
    static let limit: Int64 = 3_000_000_000
    /// Nanoseconds between two looks whether git is done.
    private static let look: Int64 = 20_000_000

    /// In the order of arrival; a file that was saved twice stands there twice.
    private var changes: [FileChange] = []
    /// CLOCK_MONOTONIC in nanoseconds, of the first and the last change that is held. `last` is later if git was seen
    /// to be done after it: what git wrote last is still on its way to us then.
    private var first: Int64 = 0
    private var last: Int64 = 0
    /// From when `limit` counts: not while git is at work.
    private var start: Int64 = 0
    /// What git's lock said when it was looked at last.
    private var isLocked = false
    /// Nanoseconds of quiet that end the wait.
    private var pause = quiet
    /// What was handled last, and when.
    private var previous: (path: FilePath, time: Int64)?

    /// What was saved, with the time of the first save. Nil while more may follow.
    typealias Ready = (changes: [FileChange], received: Int64)

    /// `isLocked`: git is at work. Returns what is to be handled now.
    mutating func add(_ more: [FileChange], received: Int64, isLocked: Bool) -> Ready? {
        guard !more.isEmpty else { return nil }
        if changes.isEmpty {
            (first, start, self.isLocked, pause) = (received, received, isLocked, Self.quiet)
        }
        changes += more
        last = max(last, received)
        note(isLocked, now: received)
        if changes.count == 1, !isLocked, !follows(changes[0].path, received) { return take() }
        return due(now: received, isLocked: isLocked)
    }

    /// Another file was saved a moment ago: this one may be the second of many.
    private func follows(_ path: FilePath, _ now: Int64) -> Bool {
        guard let previous else { return false }
        return previous.path != path && now - previous.time < Self.quiet
    }

    /// Milliseconds until `due` is to be asked; nil if nothing is held.
    func timeout(now: Int64) -> Int64? {
        guard !changes.isEmpty else { return nil }
        let next = isLocked ? max(now, last) + Self.look : min(last + pause, start + Self.limit)
        return Monotonic.milliseconds(until: next, now: now)
    }

    /// What is to be handled now: nil while git is at work, or further saves may follow.
    mutating func due(now: Int64, isLocked: Bool) -> Ready? {
        guard !changes.isEmpty else { return nil }
        note(isLocked, now: now)
        guard !isLocked, now >= min(last + pause, start + Self.limit) else { return nil }
        return take()
    }

    /// When git lets go of its lock the wait begins again, with the longer pause.
    private mutating func note(_ isLocked: Bool, now: Int64) {
        if self.isLocked, !isLocked {
            (start, last, pause) = (now, max(last, now), Self.quietAfterGit)
        }
        self.isLocked = isLocked
    }

    /// Gives away all that is held and remembers the last file, to know a series of saves by it.
    private mutating func take() -> Ready {
        defer { changes = [] }
        if let path = changes.last?.path { previous = (path, last) }
        return (changes, first)
    }
}
