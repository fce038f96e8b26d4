import Reloader
import SystemPackage
import Watcher

/// The processes of one program, kept at the saved state of its source files.
///
/// Belongs to the thread of its loop, and to another one while that does something for it that may wait (`work`); the
/// watcher's thread only posts to the mailbox. What is decided is decided by
/// the values that its parts hold; what is here wires these parts to each other, to the clock and to the users who
/// are told.
package final class Service {
    /// Which of a loop's services this is.
    let number: Int
    /// How its processes are watched and patched.
    let options: SessionOptions
    /// How it is found again after it has ended; nil for processes that were chosen by hand.
    let specification: ServiceSpecification?
    /// Its processes.
    let crew: Crew
    /// Its watcher.
    let watch: SaveWatch
    /// What brings its processes to what was saved.
    let upkeep: Upkeep
    /// What is done for it.
    let work = ServiceWork()
    /// Saves on their way in.
    private(set) var intake = Intake()
    /// For what the watcher's thread and commands have to say.
    private let mailbox: Mailbox<SessionMessage>
    /// Where events go that users see; called on the loop's thread.
    private let sink: (SessionEvent) -> Void
    /// Called with all that happens too.
    var overhear: (SessionEvent) -> Void = { _ in }
    /// nil for processes that were chosen by hand: they have no configuration.
    private let reactor: Reactor?

    /// Attaches to nothing yet. `emit`: called on the loop's thread with all that happens.
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
        crew = Crew(options: options)
        watch = SaveWatch(options) { mailbox.post(.files($0, received: Monotonic.now, service: number)) }
        upkeep = Upkeep(crew: crew, watch: watch) { path, roots in
            specification?.reactions.action(for: path, below: roots) != nil
        }
        watch.emit = { [unowned self] in self.emit($0) }
        upkeep.emit = { [unowned self] in self.emit($0) }
        specification?.launcher?.tell = { [unowned self] in self.emit(.ended($0)) }
    }

    /// In the order in which they joined.
    var members: [Member] { crew.members }

    /// We launch its program.
    var isOurs: Bool { specification?.launcher != nil }

    /// What the loop has to know while a thread has the service.
    var standing: ServiceWork.Standing {
        ServiceWork.Standing(
            pids: members.map(\.pid), owners: crew.owners, twins: members.map(\.connection.twin),
            roots: crew.scope.roots)
    }

    /// Tells, and does what the configuration asks for when this happens; by way of the loop while a thread has the
    /// service.
    func emit(_ event: SessionEvent) {
        if work.isUnderWay { return mailbox.post(.event(event, service: number)) }
        tell(event)
        steps(for: event, below: crew.scope.roots).forEach(take)
    }

    /// Tells users.
    func tell(_ event: SessionEvent) {
        sink(event)
        overhear(event)
    }

    /// Starts the commands that the configuration asks for when this happens; what else it asks for. `roots`: of the
    /// service.
    func steps(for event: SessionEvent, below roots: [FilePath]) -> [Reactor.Step] {
        reactor?.react(to: event, below: roots) ?? []
    }

    /// A signal goes to the chosen processes only; what they do with their workers is theirs.
    func take(_ step: Reactor.Step) {
        switch step {
        case .relaunch: specification?.launcher?.restart()
        case .signal(let signal, let occasion):
            let told = crew.roster.chosen.filter { $0.target.send(signal.number) }.map(\.pid)
            emit(.signalled(signal, pids: told, occasion))
        }
    }

    // MARK: Begin and end

    /// Takes the processes that were chosen, and those below them: places the watches, takes the baseline of every
    /// process, and tells that saves are seen from now on.
    ///
    /// `listen` is called once the members are known: who reads that all is ready may ask at once.
    package func start(_ chosen: [Connection], listen: () -> Void) throws(SessionError) {
        guard let first = chosen.first else { return }
        crew.begin(chosen, first)
        intake.git = GitLock(roots: crew.scope.roots)
        let refused = crew.addRelatives()
        // Watched before anything is read: a save in between is seen twice rather than never.
        let notice = watch.begin(
            members.flatMap(\.files.keys), below: crew.scope.roots, scans: upkeep.shelf.scans)
        var attached: [SessionEvent.Attached] = []
        for member in members {
            var facts = try member.takeBaseline(&upkeep.shelf, in: crew.scope)
            facts.polls = options.poll != nil
            attached.append(facts)
            crew.use(member)
            if options.expectImports { member.expectImports(after: facts.uptime) }
        }
        listen()
        emit(.attached(attached))
        emit(.ready(processes: members.count, watches: watch.count, polls: options.poll != nil))
        refused.forEach { emit(.unattached($0)) }
        if let notice { emit(.notice(notice)) }
        crew.staleMounts(nil).forEach(emit)
        members.forEach { $0.files.prepareWords() }
        if options.syncOnAttach { _ = synchronize([]) }
    }

    /// Nothing of the service runs any more; what was seen of its files is still good.
    func abandon() {
        letGo()
        crew.roster.removeAll()
        watch.stop()
    }

    /// The agents are gone when this returns.
    func stop() {
        watch.stop()
        letGo()
        specification?.launcher?.stop()
    }

    // MARK: What happens

    /// Milliseconds until there is something to do although nothing happens; nil for never.
    var timeout: Int64? {
        let now = Monotonic.now
        let killing = specification?.launcher?.deadline.map { Monotonic.milliseconds(until: $0, now: now) }
        let ours = [killing, upkeep.holdBack.timeout(now: now), intake.timeout(now: now)]
        return (members.map { $0.timeout(now: now) } + ours).compactMap { $0 }.min()
    }

    /// Does what is due. Called by the loop, also when nothing is.
    func handleTimeout() {
        let now = Monotonic.now
        specification?.launcher?.handleTimeout(now: now)
        if let ready = intake.due(now: now) { patch(ready.changes, received: ready.received) }
        letGoUnused(now: now)
        for member in members where member.isToLook(now: now) {
            let found = member.lookForImports(in: crew.scope, &upkeep.shelf) { watch.add($0) }
            crew.use(member)
            if !found.isEmpty { upkeep.catchUp(member, found.contains, isPaused: intake.isPaused) }
        }
        for path in upkeep.holdBack.due(now: now) where WriterProbe.hasWriter(path) {
            upkeep.holdBack.prolong(path, now: now)
        }
        let finished = upkeep.holdBack.due(now: now)
        guard !finished.isEmpty else { return }
        upkeep.ledger.isLookingAgain = true
        patch(finished.map { FileChange(path: $0, kind: .modified) }, received: now)
        upkeep.ledger.isLookingAgain = false
        // Nobody runs them any more: they were not looked at.
        for path in upkeep.holdBack.due(now: now) { upkeep.holdBack.release(path) }
    }

    /// Holds saves back, or handles those that were held back.
    func pause(_ isWanted: Bool) { if isWanted != intake.isPaused { togglePause() } }

    /// The same, by a key or a signal: whichever it is not now.
    func togglePause() {
        let held = intake.togglePause()
        emit(intake.isPaused ? .paused : .resumed)
        guard !held.isEmpty else { return }
        mailbox.post(.files(Batch(changes: held), received: Monotonic.now, service: number))
    }

    /// Takes in what the watcher has seen. `received`: CLOCK_MONOTONIC in nanoseconds.
    func handle(_ batch: Batch, received: Int64) {
        batch.notices.forEach { emit(.notice($0)) }
        if batch.overflowed { emit(.overflow(files: batch.changes.count)) }
        let delay = batch.delay.components
        upkeep.ledger.eventDelay = delay.seconds * 1_000_000_000 + delay.attoseconds / 1_000_000_000
        if let ready = intake.add(batch.changes, received: received) {
            patch(ready.changes, received: ready.received)
        }
    }

    /// New processes are looked for before, so that they get the burst, and after.
    private func patch(_ changes: [FileChange], received: Int64) {
        welcomeRelatives()
        upkeep.patch(changes, received: received)
        welcomeRelatives()  // forked while we were at it
    }

    /// Brings all processes to what is on disk now, and tells whether that is live. No paths: all files that are
    /// loaded.
    func synchronize(_ wanted: [FilePath]) -> SyncReport {
        upkeep.synchronize(wanted, isPaused: intake.isPaused) { welcomeRelatives() }
    }
}
