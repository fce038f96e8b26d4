/// When events were lost: what changed since then has to be found by looking. Nanoseconds since 1970.
struct EventGap {
    /// When the event queue was last known to be empty.
    private var lastEmpty: Int64
    /// When it was last empty before events were lost; nil if none were.
    private var lostSince: Int64?

    /// `now`: nothing is queued yet.
    init(now: Int64) { lastEmpty = now }

    /// The queue was empty at `moment`.
    mutating func noteEmpty(at moment: Int64) { lastEmpty = moment }

    /// Events were lost since the queue was last empty.
    mutating func noteLoss() { lostSince = lostSince ?? lastEmpty }

    /// From when on changes may be unknown; nil if nothing was lost. Told once.
    mutating func take() -> Int64? { lostSince.take() }
}
