/// Which times before and after the next save are compared.
package struct SaveComparison: Sendable {
    /// Why nothing more is to be looked at.
    package enum End: Sendable, Hashable {
        /// The time after the save is over.
        case complete
        /// Another save changed the code again.
        case nextSave
        /// Nobody saved anything in time.
        case nothingSaved
    }

    /// A stretch of time, in nanoseconds of CLOCK_MONOTONIC; the end does not belong to it.
    package struct Span: Sendable, Hashable {
        /// Belongs to the stretch.
        package var start: Int64
        /// The first nanosecond that does not belong to it.
        package var end: Int64
    }

    /// The saves that are looked at as one: the first, and those that followed at once, as a formatter's does.
    package private(set) var saves: [SaveMark] = []
    /// Nanoseconds on each side of the save.
    private let window: Int64
    /// CLOCK_MONOTONIC in nanoseconds: before it nothing was seen.
    private let start: Int64
    /// Nanoseconds; nil to wait for ever.
    private let limit: Int64?
    /// CLOCK_MONOTONIC in nanoseconds of a save that does not belong to the first one; it ends the
    /// comparison.
    private var next: Int64?

    /// Nanoseconds within which another save belongs to the first one.
    private static let joined: Int64 = 2_000_000_000

    /// All in nanoseconds. `window`: before the save and after it. `limit`: how long a save is waited for; nil for
    /// ever.
    package init(window: Int64, limit: Int64?, now: Int64) {
        self.window = window
        self.limit = limit
        start = now
    }

    /// New code went live.
    package mutating func note(_ save: SaveMark) {
        guard next == nil else { return }
        if let last = saves.last, save.noticed - last.live > min(Self.joined, window / 2) {
            next = save.noticed
        } else {
            saves.append(save)
        }
    }

    /// Nil as long as there is something to look at.
    package func end(now: Int64) -> End? {
        guard let last = saves.last else {
            guard let limit, now - start >= limit else { return nil }
            return .nothingSaved
        }
        if next != nil { return .nextSave }
        return now - last.live >= window ? .complete : nil
    }

    /// What was seen before the save; nil as long as there was none.
    package var before: Span? {
        saves.first.map { Span(start: max(start, $0.noticed - window), end: $0.noticed) }
    }

    /// What is seen after it; nil as long as there was none.
    package var after: Span? {
        saves.last.map { Span(start: $0.live, end: min($0.live + window, next ?? .max)) }
    }
}
