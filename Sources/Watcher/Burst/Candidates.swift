/// The files that the events of one burst speak of, each once.
struct Candidates: Sendable {
    /// What is already known about a file, from weakest to strongest.
    enum Reason: Int, Sendable, Comparable {
        /// Time to look at a file that is written to and not closed.
        case stillOpen
        /// A new name in a watched directory; an empty file is only just beginning.
        case created
        /// Found by looking, not by an event: it may be finished for long, or in the making.
        case found
        /// Closed after writing, or moved here: somebody thinks it is finished.
        case saved

        /// By how sure it is that the file is finished; of two reasons for one file the greater is kept.
        static func < (one: Reason, other: Reason) -> Bool { one.rawValue < other.rawValue }
    }

    /// A file that may have been saved.
    struct Candidate: Sendable, Hashable {
        /// Where the file stands in the tree; its path is asked for only when it is looked at.
        let file: FileKey
        /// The strongest reason of this burst so far.
        var reason: Reason
        /// How often a look at it was put off.
        var attempt: Int
    }

    /// In the order of the first event of each file, which the delivered batch keeps.
    private var all: [Candidate] = []
    /// Where each file stands in `all`.
    private var places: [FileKey: Int] = [:]

    /// Whether there is none.
    var isEmpty: Bool { all.isEmpty }

    /// Adds a file, or what more is known of it now.
    mutating func add(_ file: FileKey, _ reason: Reason, attempt: Int = 0) {
        if let place = places[file] {
            all[place].reason = max(all[place].reason, reason)
        } else {
            places[file] = all.count
            all.append(Candidate(file: file, reason: reason, attempt: attempt))
        }
    }

    /// All of them in the order in which they came; none is left.
    mutating func takeAll() -> [Candidate] {
        defer { self = Candidates() }
        return all
    }
}
