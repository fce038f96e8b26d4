import Reloader
import SourceDiff
import SystemPackage
import Watcher

/// The processes of one program, kept at the saved state of its source files.
///
/// Belongs to the thread of its loop; the watcher's thread only posts to the mailbox.
package final class Service {
    /// Which of a loop's services this is.
    let number: Int
    let options: SessionOptions
    /// How it is found again after it has ended; nil for processes that were chosen by hand.
    let specification: ServiceSpecification?
    private let sink: (SessionEvent) -> Void
    private let reactor: Reactor?
    var scope: FirstParty
    /// In the order in which they joined; those without a parent were chosen, the others found below them.
    var members: [Member] = []
    /// Processes below the chosen one that cannot be members, each told of once.
    var refusedPIDs: Set<Int32> = []
    /// Why processes below the chosen one are no members yet.
    var late: [Int32: SessionError] = [:]
    var shelf = SourceShelf()
    /// Files that a sync applied: the watcher's event of the same save is no news.
    var synced: Set<FilePath> = []
    /// Files that the processes have from a mount of their own which is not the saved file any more; told of.
    var staleMounts: Set<FilePath> = []
    /// What is tried again because somebody asks is told only if it ends in another way.
    var isSynchronizing = false
    var bursts = 0
    /// Nanoseconds from the kernel's news to the last batch.
    var eventDelay: Int64 = 0
    var holdBack = HoldBack()
    private(set) var isPaused = false
    private(set) var watcher: FileWatcher?

    private let mailbox: Mailbox<SessionMessage>
    private var held: [FileChange] = []

    package init(
        options: SessionOptions, mailbox: Mailbox<SessionMessage>, number: Int,
        specification: ServiceSpecification? = nil, emit: @escaping (SessionEvent) -> Void
    ) {
        self.number = number
        self.options = options
        self.mailbox = mailbox
        self.specification = specification
        sink = emit
        reactor = specification.map { specification in
            Reactor(specification.reactions, service: options.name ?? "") { report in
                mailbox.post(.command(report, service: number))
            }
        }
        scope = FirstParty(roots: [], standardLibrary: nil)
        specification?.launcher?.tell = { [unowned self] in self.emit(.ended($0)) }
    }

    /// Tells, and does what the configuration asks for when this happens.
    func emit(_ event: SessionEvent) {
        sink(event)
        for step in reactor?.react(to: event, below: scope.roots) ?? [] { take(step) }
    }

    /// Takes the processes that were chosen, and those below them: places the watches, takes the baseline of every
    /// process, and tells that saves are seen from now on.
    ///
    /// `listen` is called once the members are known: who reads that all is ready may ask at once.
    package func start(_ chosen: [Connection], listen: () -> Void) throws(SessionError) {
        guard let first = chosen.first else { return }
        scope = FirstParty(
            inventory: first.inventory, directories: options.directories, paths: first.paths)
        members = chosen.map { Member($0, parent: nil) }
        for member in members {
            member.files = Member.loadedFiles(
                of: member.connection.inventory, in: scope, paths: member.paths)
        }
        let refused = addRelatives()
        let notice = watch()
        var attached: [SessionEvent.Attached] = []
        for member in members {
            var facts = try member.takeBaseline(&shelf, in: scope)
            facts.polls = options.poll != nil
            attached.append(facts)
            use(member)
            if options.expectImports { member.expectImports(after: attached.last?.uptime ?? 0) }
        }
        listen()
        emit(.attached(attached))
        emit(
            .ready(
                processes: members.count, watches: watcher?.watchCount ?? 0, polls: options.poll != nil))
        refused.forEach { emit(.unattached($0)) }
        if let notice { emit(.notice(notice)) }
        tellOfStaleMounts()
        if options.syncOnAttach { _ = synchronize([]) }
    }

    /// Nothing of the service runs any more; what was seen of its files is still good.
    func abandon() {
        letGo()
        members = []
        refusedPIDs = []
        late = [:]
        watcher?.stop()
        watcher = nil
    }

    /// The agents are gone when this returns.
    func stop() {
        watcher?.stop()
        letGo()
        specification?.launcher?.stop()
    }

    func letGo() {
        for member in members { leave(member) }
    }

    private func leave(_ member: Member) {
        member.agent.letGo()
        member.leaveTime = nil
    }

    /// Its agent stays for a while: the next save may follow at once.
    func use(_ member: Member) {
        member.leaveTime =
            member.agent.isAttached ? Monotonic.now + options.quietPeriod * 1_000_000 : nil
    }

    // MARK: What happens

    /// Milliseconds until there is something to do although nothing happens; nil for never.
    var timeout: Int64? {
        let now = Monotonic.now
        let leaving = members.compactMap(\.leaveTime).min().map { max(0, ($0 - now + 999_999) / 1_000_000) }
        let looking = members.compactMap(\.looks.first).min().map { max(0, ($0 - now + 999_999) / 1_000_000) }
        let killing = specification?.launcher?.deadline.map { max(0, ($0 - now) / 1_000_000 + 1) }
        return [leaving, looking, killing, holdBack.timeout(now: now)].compactMap { $0 }.min()
    }

    func handleTimeout() {
        let now = Monotonic.now
        specification?.launcher?.handleTimeout(now: now)
        for member in members where member.leaveTime.map({ $0 <= now }) == true { leave(member) }
        for member in members where member.looks.first.map({ $0 <= now }) == true { lookForImports(member) }
        let due = holdBack.due(now: now)
        for path in due where WriterProbe.hasWriter(path) { holdBack.prolong(path, now: now) }
        let finished = holdBack.due(now: now)
        guard !finished.isEmpty else { return }
        patch(finished.map { FileChange(path: $0, kind: .modified) }, received: now)
        // Nobody runs them any more: they were not looked at.
        for path in holdBack.due(now: now) { holdBack.release(path) }
    }

    func togglePause() {
        isPaused.toggle()
        emit(isPaused ? .paused : .resumed)
        guard !isPaused, !held.isEmpty else { return }
        mailbox.post(.files(Batch(changes: held), received: Monotonic.now, service: number))
        held = []
    }

    func handle(_ batch: Batch, received: Int64) {
        batch.notices.forEach { emit(.notice($0)) }
        if batch.overflowed { emit(.overflow(files: batch.changes.count)) }
        let delay = batch.delay.components
        eventDelay = delay.seconds * 1_000_000_000 + delay.attoseconds / 1_000_000_000
        if isPaused {
            held += batch.changes
        } else if !batch.changes.isEmpty {
            patch(batch.changes, received: received)
        }
    }

    func tell(_ paths: [FilePath], _ reason: ReasonID, _ message: String) {
        emit(.change(files: paths.map(display), reason: reason, message: message))
    }

    func display(_ path: FilePath) -> String {
        members.lazy.compactMap { $0.files[path]?.display }.first ?? scope.display(path)
    }

    /// Watches before anything is read: a save in between is seen twice rather than never.
    private func watch() -> WatchNotice? {
        let (mailbox, number, scans) = (mailbox, number, shelf.scans)
        var watchOptions = WatchOptions()
        watchOptions.ignore += options.ignore
        watchOptions.include += options.alsoInclude
        watchOptions.respectGitignore = options.respectGitignore
        watchOptions.debounce = options.debounce
        watchOptions.isComplete = { path, bytes in
            path.extension != "py" || !bytes.isEmpty && scans.source(bytes, of: path).outline != nil
        }
        watchOptions.usesInotify = options.poll == nil
        if let pause = options.poll { watchOptions.pollInterval = pause }
        do throws(WatcherError) {
            let watcher = try FileWatcher(options: watchOptions) { batch in
                mailbox.post(.files(batch, received: Monotonic.now, service: number))
            }
            for root in scope.roots where root != "/" && options.scope == .tree {
                try watcher.addRoot(root, recursive: true)
            }
            let files = members.flatMap(\.files.keys)
            for directory in Set(files.map { $0.removingLastComponent() }) {
                try watcher.addRoot(directory, recursive: false)
            }
            self.watcher = watcher
            return nil
        } catch {
            switch error.code {
            case .notPermitted(let cause), .noResources(let cause):
                return WatchNotice(.unreadableDirectory(cause), path: error.path)
            case .notAbsolute, .notWatchable, .stopped: return WatchNotice(.rootMissing, path: error.path)
            }
        }
    }
}
