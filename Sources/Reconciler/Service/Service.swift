import Reloader
import SystemPackage
import Watcher

/// The processes of one program, kept at the saved state of its source files.
///
/// Belongs to the thread of its loop; the watcher's thread only posts to the mailbox. What is decided is decided by the
/// values it holds; what is here wires them to processes, files and clocks.
package final class Service {
    /// Which of a loop's services this is.
    let number: Int
    let options: SessionOptions
    /// How it is found again after it has ended; nil for processes that were chosen by hand.
    let specification: ServiceSpecification?
    var roster = Roster<Member>()
    var ledger = Ledger()
    private(set) var intake = Intake()
    var shelf = SourceShelf()
    var holdBack = HoldBack()
    var mounts = StaleMounts()
    private(set) var scope = FirstParty(roots: [], standardLibrary: nil)
    private(set) var watcher: FileWatcher?
    private let mailbox: Mailbox<SessionMessage>
    private let sink: (SessionEvent) -> Void
    private let reactor: Reactor?

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
        specification?.launcher?.tell = { [unowned self] in self.emit(.ended($0)) }
    }

    var members: [Member] { roster.members }

    /// Tells, and does what the configuration asks for when this happens.
    func emit(_ event: SessionEvent) {
        sink(event)
        for step in reactor?.react(to: event, below: scope.roots) ?? [] { take(step) }
    }

    // MARK: Begin and end

    /// Takes the processes that were chosen, and those below them: places the watches, takes the baseline of every
    /// process, and tells that saves are seen from now on.
    ///
    /// `listen` is called once the members are known: who reads that all is ready may ask at once.
    package func start(_ chosen: [Connection], listen: () -> Void) throws(SessionError) {
        guard let first = chosen.first else { return }
        scope = FirstParty(
            inventory: first.inventory, directories: options.directories, paths: first.paths)
        intake.git = GitLock(roots: scope.roots)
        for connection in chosen { roster.add(Member(connection, parent: nil, in: scope)) }
        let refused = addRelatives()
        let notice = watch()
        var attached: [SessionEvent.Attached] = []
        for member in members {
            var facts = try member.takeBaseline(&shelf, in: scope)
            facts.polls = options.poll != nil
            attached.append(facts)
            use(member)
            if options.expectImports { member.expectImports(after: facts.uptime) }
        }
        listen()
        emit(.attached(attached))
        emit(
            .ready(
                processes: members.count, watches: watcher?.watchCount ?? 0, polls: options.poll != nil))
        refused.forEach { emit(.unattached($0)) }
        if let notice { emit(.notice(notice)) }
        tellOfStaleMounts(nil)
        if options.syncOnAttach { _ = synchronize([]) }
    }

    /// Nothing of the service runs any more; what was seen of its files is still good.
    func abandon() {
        letGo()
        roster.removeAll()
        watcher?.stop()
        watcher = nil
    }

    /// The agents are gone when this returns.
    func stop() {
        watcher?.stop()
        letGo()
        specification?.launcher?.stop()
    }

    func letGo() { members.forEach { $0.leave() } }

    /// Its agent stays for a while: the next save may follow at once.
    func use(_ member: Member) { member.stay(options.quietPeriod, now: Monotonic.now) }

    /// Watches before anything is read: a save in between is seen twice rather than never.
    private func watch() -> WatchNotice? {
        let (mailbox, number) = (mailbox, number)
        do throws(WatcherError) {
            watcher = try FileWatcher.forSaves(
                of: members.flatMap(\.files.keys), below: scope.roots, options, scans: shelf.scans
            ) { batch in mailbox.post(.files(batch, received: Monotonic.now, service: number)) }
            return nil
        } catch {
            return WatchNotice(error)
        }
    }

    /// Files that a process has loaded since.
    func watch(_ loaded: [FilePath]) {
        guard let watcher, !loaded.isEmpty else { return }
        do throws(WatcherError) { try watcher.add(loaded, options) } catch {
            emit(.notice(WatchNotice(error)))
        }
    }

    // MARK: What happens

    /// Milliseconds until there is something to do although nothing happens; nil for never.
    var timeout: Int64? {
        let now = Monotonic.now
        let killing = specification?.launcher?.deadline.map { Monotonic.milliseconds(until: $0, now: now) }
        let ours = [killing, holdBack.timeout(now: now), intake.timeout(now: now)]
        return (members.map { $0.timeout(now: now) } + ours).compactMap { $0 }.min()
    }

    func handleTimeout() {
        let now = Monotonic.now
        specification?.launcher?.handleTimeout(now: now)
        if let ready = intake.due(now: now) { patch(ready.changes, received: ready.received) }
        for member in members where member.isToLeave(now: now) { member.leave() }
        for member in members where member.isToLook(now: now) { lookForImports(member) }
        for path in holdBack.due(now: now) where WriterProbe.hasWriter(path) {
            holdBack.prolong(path, now: now)
        }
        let finished = holdBack.due(now: now)
        guard !finished.isEmpty else { return }
        patch(finished.map { FileChange(path: $0, kind: .modified) }, received: now)
        // Nobody runs them any more: they were not looked at.
        for path in holdBack.due(now: now) { holdBack.release(path) }
    }

    func pause(_ isWanted: Bool) { if isWanted != intake.isPaused { togglePause() } }

    func togglePause() {
        let held = intake.togglePause()
        emit(intake.isPaused ? .paused : .resumed)
        guard !held.isEmpty else { return }
        mailbox.post(.files(Batch(changes: held), received: Monotonic.now, service: number))
    }

    func handle(_ batch: Batch, received: Int64) {
        batch.notices.forEach { emit(.notice($0)) }
        if batch.overflowed { emit(.overflow(files: batch.changes.count)) }
        let delay = batch.delay.components
        ledger.eventDelay = delay.seconds * 1_000_000_000 + delay.attoseconds / 1_000_000_000
        if let ready = intake.add(batch.changes, received: received) {
            patch(ready.changes, received: ready.received)
        }
    }

    func tell(_ paths: [FilePath], _ reason: ReasonID, _ message: String) {
        emit(.change(files: paths.map(display), reason: reason, message: message))
    }

    func display(_ path: FilePath) -> String {
        members.lazy.compactMap { $0.files[path]?.display }.first ?? scope.display(path)
    }

    /// Tells, once for each file, that the processes keep another one than is saved. `paths`: nil for all.
    func tellOfStaleMounts(_ paths: [FilePath]?) {
        guard let member = members.first else { return }
        for stale in mounts.new(of: paths, in: member) {
            emit(.staleMount(file: display(stale.path), mounted: stale.spelled))
        }
    }
}
