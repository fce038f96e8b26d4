/// Everything that a point in time will decide. Empty while nothing happens, and then no timer runs.
struct Waiting: Sendable {
    /// A point in time of a clock that goes on while the machine sleeps (CLOCK_BOOTTIME, clock_gettime(2)).
    typealias Moment = ContinuousClock.Instant

    /// vim's backup leaves the name free for 0.1 ms, a slow network for longer.
    static let removalDelay = Duration.milliseconds(50)
    /// The second half of a rename follows the first one in the queue at once, if it comes at all.
    static let renameDelay = Duration.milliseconds(20)
    /// A file that a writer holds open counts as saved when it was left alone for this long.
    static let stillness = Duration.milliseconds(600)

    /// A file to look at again.
    struct Look: Sendable, Hashable {
        /// Not before this; a later event of the same file moves or cancels it.
        var due: Moment
        /// Decides how strictly the file is looked at then: one that is still open is reported only if it is
        /// complete.
        var reason: Look.Reason
        /// How often it was put off before.
        var attempt: Int

        /// What the look waits for.
        enum Reason: Sendable, Hashable {
            /// Written to, but not closed.
            case stillOpen
            /// Found unfinished, or held by a writer; what was known of it before.
            case unfinished(Candidates.Reason)
        }
    }

    /// A file that is missing, and counts as removed once its time is over.
    struct Removal: Sendable, Hashable {
        /// The place in the tree that the file had; it may be in no directory any more when its time is over.
        let file: FileKey
        /// Kept beside the key, because the directories that gave the path may be forgotten before `due`.
        let path: BytePath
        /// `removalDelay` after the file was first found missing.
        let due: Moment
    }

    /// One look per file: a new one takes the place of the one before.
    private(set) var looks: [FileKey: Look] = [:]
    /// By path, so that a file that comes back with another place in the tree takes the removal back.
    private(set) var removals: [BytePath: Removal] = [:]
    /// By the cookie of the rename's first half (inotify(7)); several directories where roots overlap.
    private(set) var renames: [UInt32: (directories: [DirectoryID], due: Moment)] = [:]

    /// When something is to be decided next; nil for never.
    var nextDue: Moment? {
        let all = [
            looks.values.lazy.map(\.due).min(), removals.values.lazy.map(\.due).min(),
            renames.values.lazy.map(\.due).min(),
        ]
        return all.compactMap { $0 }.min()
    }

    /// A missing file is no deletion yet: the second half of a save may follow.
    mutating func expectRemoval(of file: FileKey, at path: BytePath, now: Moment) {
        // Found missing again: the wait has begun before.
        let due = removals[path]?.due ?? now + Waiting.removalDelay
        removals[path] = Removal(file: file, path: path, due: due)
    }

    /// Every further write starts the wait again.
    mutating func wrote(_ file: FileKey, now: Moment) {
        looks[file] = Look(due: now + Waiting.stillness, reason: .stillOpen, attempt: 0)
    }

    /// The waits grow: 20 ms, then 600 ms doubled up to 4.8 s.
    mutating func lookAgain(at candidate: Candidates.Candidate, now: Moment) {
        let attempt = candidate.attempt
        let wait = attempt == 0 ? Duration.milliseconds(20) : Waiting.stillness * (1 << min(attempt - 1, 3))
        looks[candidate.file] = Look(
            due: now + wait, reason: .unfinished(candidate.reason), attempt: attempt + 1)
    }

    /// An event says more than the wait would have told.
    mutating func cancelLook(at file: FileKey) { looks[file] = nil }
    /// The file is there again.
    mutating func cancelRemoval(at path: BytePath) { removals[path] = nil }

    /// A directory was moved away: until its time is over it may turn up elsewhere in the tree.
    mutating func directoryLeft(_ id: DirectoryID, cookie: UInt32, now: Moment) {
        let others = renames[cookie]?.directories ?? []
        renames[cookie] = (others + [id], now + Waiting.renameDelay)
    }

    /// The directory whose rename `cookie` completes. Overlapping roots have one each.
    mutating func directoryCame(cookie: UInt32, where isWanted: (DirectoryID) -> Bool) -> DirectoryID? {
        guard cookie != 0, var entry = renames[cookie],
            let index = entry.directories.firstIndex(where: isWanted)
        else { return nil }
        let id = entry.directories.remove(at: index)
        renames[cookie] = entry.directories.isEmpty ? nil : entry
        return id
    }

    /// What is to be decided now.
    struct Due: Sendable {
        /// In no order.
        var looks: [(file: FileKey, look: Look)] = []
        /// In no order; each is checked once more on disk before it is reported.
        var removals: [Removal] = []
        /// Left the tree for good.
        var directories: [DirectoryID] = []
    }

    /// What is due; it waits no more.
    mutating func takeDue(now: Moment) -> Due {
        var due = Due()
        for (file, look) in looks where look.due <= now {
            due.looks.append((file, look))
            looks[file] = nil
        }
        for (path, removal) in removals where removal.due <= now {
            due.removals.append(removal)
            removals[path] = nil
        }
        for (cookie, rename) in renames where rename.due <= now {
            due.directories += rename.directories
            renames[cookie] = nil
        }
        return due
    }
}
