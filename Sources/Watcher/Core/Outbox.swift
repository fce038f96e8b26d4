/// What is to be delivered: changes wait until none has come for a while, notices do not.
struct Outbox {
    /// Found and not delivered yet.
    private var batch = Batch()
    /// When a change was added last; nil if none waits.
    private var lastChange: ContinuousClock.Instant?
    /// Notices that were given already.
    private var said: Set<WatchNotice> = []
    /// How long a change waits for another one; each starts the pause again.
    private let debounce: Duration

    /// `said`: notices for the first batch.
    init(debounce: Duration, said: [WatchNotice]) {
        self.debounce = debounce
        self.said = Set(said)
        batch.notices = said
    }

    /// When `take` has something to give because no further change came; nil if no change waits.
    var due: ContinuousClock.Instant? { lastChange.map { $0 + debounce } }

    /// Each path once; empty while the pause is not over.
    mutating func take(now: ContinuousClock.Instant) -> Batch {
        if let due, now < due { return Batch() }
        var ready = batch
        ready.keepOnePerPath()
        batch = Batch()
        lastChange = nil
        return ready
    }

    /// Starts the pause again.
    mutating func add(_ change: FileChange, now: ContinuousClock.Instant) {
        batch.changes.append(change)
        lastChange = now
    }

    /// For the next batch, unless the same notice was given before and not taken back.
    mutating func say(_ notice: WatchNotice) {
        guard said.insert(notice).inserted else { return }
        batch.notices.append(notice)
    }

    /// It may be given again; whether it had been given.
    @discardableResult
    mutating func unsay(_ notice: WatchNotice) -> Bool { said.remove(notice) != nil }

    /// Whether a notice of this kind was given.
    func hasSaid(where matches: (WatchNotice) -> Bool) -> Bool { said.contains(where: matches) }

    /// Events were lost: the next batch says so.
    mutating func noteOverflow() { batch.overflowed = true }
}
