import SystemPackage

/// Everything the watcher knows, and the only code that acts on it; one thread at a time.
///
/// Decisions are made by the values it holds (`RootTable`, `WatchTree`, `AnchorTable`, `Waiting`, `Candidates`,
/// `Outbox`, `EventGap`, `EventMeaning`, `LinkChain`, `MountTable`); here they are carried out.
struct WatchCore: ~Copyable {
    /// A point in time of the clock that goes on while the machine sleeps.
    typealias Moment = ContinuousClock.Instant

    /// As the watcher was made with; they never change.
    let options: WatchOptions
    /// The patterns of `options`. Rules of `.gitignore` files stand with each directory.
    let filter: PathFilter
    /// nil: not wanted, or the user's limit of them is reached, so everything is polled.
    let source: EventSource?

    /// What the user asked for, and which of it has to be looked at again.
    var roots = RootTable()
    /// All directories below all roots that the filter lets through, with their files.
    var tree = WatchTree()
    /// Directories outside the tree on which the place of a root or the end of a link depends.
    var anchors = AnchorTable()
    /// Watches of single files; several files where hard links share an inode.
    var fileWatches: [WatchID: Set<FileKey>] = [:]
    /// As of the last change that poll(2) reported; compared with the new table then.
    var mounts: MountTable

    /// Files to read before the burst ends.
    var candidates = Candidates()
    /// What a later moment decides: missing files, unfinished files, half renames.
    var waiting = Waiting()
    /// Found and not delivered yet.
    var outbox: Outbox

    /// ENOSPC was met: watches are for directories only from now on.
    var isOutOfWatches = false
    /// Whether events were lost, and since when.
    var gap: EventGap
    /// nil: nothing has to be polled.
    var nextPoll: Moment?
    /// For one read of the event queue. Owned by the core, freed when it ends.
    private let buffer: UnsafeMutableRawBufferPointer

    /// Bytes; the kernel writes as many whole records as fit.
    private static let bufferSize = 64 << 10
    /// A burst ends after this long even if events keep coming: a reader of it waits no longer for a
    /// busy neighbour.
    private static let longestBurst = Duration.milliseconds(25)
    /// Up to 4 MiB of events are taken in before their files are looked at.
    private static let readsPerRound = 64

    /// `open`: makes the source of events.
    init(
        options: WatchOptions,
        open: () throws(Errno) -> EventSource = { () throws(Errno) in
            try EventSource()
        }
    ) throws(WatcherError) {
        var limit: WatchNotice?
        let source = options.usesInotify ? try Self.instance(open, limit: &limit) : nil
        self.init(options, source: source, limit: limit)
    }

    /// Cannot fail: an initializer that throws with a part of its properties set is where compilers were
    /// found to differ.
    private init(_ options: WatchOptions, source: consuming EventSource?, limit: WatchNotice?) {
        self.options = options
        filter = PathFilter(options)
        self.source = source
        mounts = MountTable(Proc.read(MountTable.file))
        outbox = Outbox(debounce: options.debounce, said: limit.map { [$0] } ?? [])
        gap = EventGap(now: Proc.wallClock())
        buffer = .allocate(byteCount: WatchCore.bufferSize, alignment: 8)
    }

    /// Nil with a notice in `limit`: the user has no instance left, or the kernel has none.
    private static func instance(
        _ open: () throws(Errno) -> EventSource, limit: inout WatchNotice?
    ) throws(WatcherError) -> EventSource? {
        do throws(Errno) { return try open() } catch {
            guard error == .tooManyOpenFiles || error == .noFunction else {
                throw WatcherError(.noResources(error))
            }
            limit = WatchNotice(SourceLimit.instances.notice)
            return nil
        }
    }

    deinit { buffer.deallocate() }

    /// nil: nothing is due, sleep until the kernel has news.
    var nextDue: Moment? {
        [waiting.nextDue, nextPoll, outbox.due].compactMap { $0 }.min()
    }

    /// Reads what is queued, acts on it and on what is due at `start`; the burst, or an empty batch.
    mutating func nextBatch(mountsChanged: Bool, at start: Moment = .now) -> Batch {
        var now = start
        if mountsChanged { compareMounts(now: now) }
        while true {
            let anyEvent = readEvents(now: now)
            if let since = gap.take() { compareAll(since: since, now: now) }
            applyDue(now: now)
            recheckDirty(now: now)
            settle(now: now)
            now = max(start, .now)
            if !anyEvent || now - start > WatchCore.longestBurst { break }
        }
        return outbox.take(now: now)
    }

    /// Whether there was any. A reading that did not fill the buffer ends the round: what came since is seen by
    /// the next one, after this one's files have been looked at.
    private mutating func readEvents(now: Moment) -> Bool {
        var anyEvent = false
        for _ in 0..<WatchCore.readsPerRound {
            let before = Proc.wallClock()
            let reading: EventSource.Reading
            switch source {
            case .some(let source): reading = source.read(into: buffer)
            case .none: return false
            }
            if reading.events.isEmpty {
                gap.noteEmpty(at: before)
                return anyEvent
            }
            anyEvent = true
            for event in reading.events { handle(event, now: now) }
            if !reading.isFull { break }
        }
        return anyEvent
    }

    /// Puts a notice into the next batch, unless the same one was given before.
    mutating func say(_ notice: WatchNotice) { outbox.say(notice) }

    /// Puts a change into the next batch and starts the pause of `options.debounce` again.
    mutating func report(_ path: BytePath, _ kind: FileChange.Kind, now: Moment) {
        outbox.add(FileChange(path: path.filePath, kind: kind), now: now)
    }
}
