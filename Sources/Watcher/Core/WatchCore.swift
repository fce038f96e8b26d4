import SystemPackage

/// Everything the watcher knows, and the only code that acts on it; one thread at a time.
///
/// Decisions are made by the values it holds (`WatchTree`, `AnchorTable`, `Waiting`, `Burst`, `EventMeaning`,
/// `LinkChain`, `MountTable`); here they are carried out.
struct WatchCore: ~Copyable {
    typealias Moment = ContinuousClock.Instant

    let options: WatchOptions
    let filter: PathFilter
    /// nil: the user's limit of inotify instances is reached, so everything is polled.
    let inotify: Inotify?

    var roots: [RootID: Root] = [:]
    var tree = WatchTree()
    var anchors = AnchorTable()
    var fileWatches: [WatchDescriptor: Set<FileKey>] = [:]
    var mounts: MountTable

    var burst = Burst()
    var waiting = Waiting()
    /// Roots and links whose path may lead elsewhere now; true: what is there was saved just now.
    var dirty: [Subject: Bool] = [:]
    /// Found to be changed, not delivered yet.
    var ready = Batch()
    /// When `ready` was last added to; it is held back for `options.debounce`.
    var readySince: Moment?
    /// Said once each.
    var said: Set<WatchNotice> = []

    /// ENOSPC was met: watches are for directories only from now on.
    var isOutOfWatches = false
    var overflowed = false
    /// Nanoseconds since 1970 at which the event queue was last known to be empty.
    var lastEmpty: Int64
    var nextPoll: Moment?
    private let buffer: UnsafeMutableRawBufferPointer
    private var nextRoot = 0

    struct Root: Sendable {
        let path: BytePath
        let isRecursive: Bool
        /// The one file that is watched in the directory; nil: all.
        let only: EntryName?
        /// nil while the path does not exist.
        var directory: DirectoryID?
    }

    /// Bytes; the kernel writes as many whole records as fit.
    private static let bufferSize = 64 << 10
    /// A burst ends after this long even if events keep coming.
    private static let longestBurst = Duration.milliseconds(25)
    private static let readsPerRound = 64

    init(options: WatchOptions) throws(WatcherError) {
        self.options = options
        filter = PathFilter(options)
        var limit: WatchNotice?
        do throws(Errno) {
            inotify = try Inotify()
        } catch {
            guard error == .tooManyOpenFiles || error == .noFunction else {
                throw WatcherError(.noResources(error))
            }
            inotify = nil
            limit = WatchNotice(InotifyLimit.instances.notice)
        }
        mounts = MountTable(Proc.read(MountTable.file))
        lastEmpty = Proc.wallClock()
        buffer = .allocate(byteCount: WatchCore.bufferSize, alignment: 8)
        if let limit { say(limit) }
    }

    deinit { buffer.deallocate() }

    /// nil: nothing is due, sleep until the kernel has news.
    var nextDue: Moment? {
        let debounced = readySince.map { $0 + options.debounce }
        return [waiting.nextDue, nextPoll, debounced].compactMap { $0 }.min()
    }

    /// Reads what is queued, acts on it and on what is due; the burst, or an empty batch.
    mutating func nextBatch(mountsChanged: Bool) -> Batch {
        let start = Moment.now
        var now = start
        if mountsChanged { compareMounts(now: now) }
        while true {
            let anyEvent = readEvents(now: now)
            if overflowed { searchAll(now: now) }
            applyDue(now: now)
            recheckDirty(now: now)
            settle(now: now)
            now = .now
            if !anyEvent || now - start > WatchCore.longestBurst { break }
        }
        return takeReady(now: now)
    }

    private mutating func takeReady(now: Moment) -> Batch {
        if let since = readySince, now < since + options.debounce { return Batch() }
        let batch = ready
        ready = Batch()
        readySince = nil
        return batch
    }

    /// Whether there was any.
    private mutating func readEvents(now: Moment) -> Bool {
        var anyEvent = false
        for _ in 0..<WatchCore.readsPerRound {
            let before = Proc.wallClock()
            let events: [InotifyEvent]
            switch inotify {
            case .some(let inotify): events = inotify.read(into: buffer)
            case .none: return false
            }
            if events.isEmpty {
                lastEmpty = before
                return anyEvent
            }
            anyEvent = true
            for event in events { handle(event, now: now) }
        }
        return anyEvent
    }

    mutating func makeRootID() -> RootID {
        nextRoot += 1
        return RootID(rawValue: nextRoot)
    }

    mutating func say(_ notice: WatchNotice) {
        guard said.insert(notice).inserted else { return }
        ready.notices.append(notice)
    }

    mutating func report(_ path: BytePath, _ kind: FileChange.Kind, now: Moment) {
        ready.changes.append(FileChange(path: path.filePath, kind: kind))
        readySince = now
    }
}
