import Glibc
import Reloader
import SystemPackage
import Watcher

/// A sync that is not decided yet.
struct PendingSync {
    /// Who waits for the answer.
    var client: ControlPeer.Caller
    /// The user who asks.
    var user: UInt32
    /// Nil for all of his processes.
    var pid: Int32?
    /// Absolute; empty for all that are loaded.
    var files: [FilePath]
    /// When it looks.
    var pace: SyncPace

    /// `timeout` in milliseconds, from now.
    init(_ arrival: ControlServer.Arrival, files: [FilePath], timeout: Int64) {
        client = arrival.client
        user = arrival.user
        pid = arrival.request.pid
        self.files = files
        pace = SyncPace(since: Monotonic.now, timeout: timeout * 1_000_000)
    }
}

extension ServiceLoop {
    /// Answers what clients ask, some of it when the services have time.
    func serve(_ ready: [Int32]) {
        for arrival in control?.requests(ready) ?? [] {
            let (client, request) = (arrival.client, arrival.request)
            let addressed = services(of: request.pid, for: arrival.user)
            guard !addressed.isEmpty else {
                let name = request.pid.map { "process \($0)" } ?? "none of your processes"
                control?.answer(client, .refused("\(name) is not controlled here"))
                continue
            }
            switch request.action {
            case .status:
                answer(client, addressed, mayWait: false, ServiceStatus.init) { .status($0) }
            case .pause: done(client, addressed) { $0.pause(true) }
            case .resume: done(client, addressed) { $0.pause(false) }
            case .detach(let restoring): detach(client, addressed, restoring: restoring)
            case .undo(let scope):
                answer(client, addressed) {
                    $0.upkeep.undo(scope)
                } with: {
                    .undo(UndoReport($0))
                }
            case .history:
                answer(client, addressed, mayWait: false, \.upkeep.undoable) { .history($0.flatMap { $0 }) }
            case .sync(let files, let timeout):
                syncs.append(PendingSync(arrival, files: files, timeout: timeout))
            case .recall(let recall):
                answer(client, addressed, mayWait: false) {
                    $0.crew.roster.member(request.pid)?.calls
                } with: { calls in
                    .recalled(Recalled(recall, in: calls.compactMap { $0 }.first ?? CallMemory()))
                }
            case .follow:
                followers.append(Follower(client: client, user: arrival.user, pid: request.pid))
                control?.begin(client, .done)
            case .reload, .module, .diff, .look, .collect, .tasks, .locals, .watch, .drain, .unwatch:
                answer(client, [addressed[0]]) { [unowned self] in
                    oneShot(request, $0)
                } with: {
                    $0.first ?? .refused("the process was let go")
                }
            }
        }
    }

    /// Asks each of `services` in its turn, and answers with what came of it.
    private func answer<Value>(
        _ client: ControlPeer.Caller, _ services: [Service], mayWait: Bool = true,
        _ ask: @escaping (Service) -> Value, with answer: @escaping ([Value]) -> ControlAnswer
    ) {
        perform(services, mayWait: mayWait, ask) { [unowned self] in control?.answer(client, answer($0)) }
    }

    /// The same where nothing is to be told but that it was done.
    private func done(
        _ client: ControlPeer.Caller, _ services: [Service], _ body: @escaping (Service) -> Void
    ) {
        answer(client, services, mayWait: false, body) { _ in .done }
    }

    /// Lets go of `services`; before, with `restoring`, patches are taken back.
    private func detach(_ client: ControlPeer.Caller, _ addressed: [Service], restoring: Bool) {
        perform(addressed, mayWait: restoring) {
            restoring ? $0.upkeep.undo(.all) : UndoReport([])
        } then: { [unowned self] reports in
            let leaving = addressed.filter { service in services.contains { $0 === service } }
            for service in leaving { service.emit(.detached(pid: service.crew.roster.chosenPID)) }
            control?.answer(client, restoring ? .undo(UndoReport(reports)) : .done)
            for service in leaving { remove(service) }
            if services.isEmpty { isEnding = true }
        }
    }

    /// Of a process, or all; only those that `user` may signal: a midflight of root's may keep services of several
    /// users.
    func services(of pid: Int32?, for user: UInt32) -> [Service] {
        services.filter { service in
            guard pid == nil || pids(of: service).contains(where: { $0 == pid }) else { return false }
            if user == 0 || user == geteuid() { return true }
            return (service.work.isUnderWay ? service.work.standing.owners : service.crew.owners) == [user]
        }
    }

    /// Looks at the syncs that are due.
    func continueSyncs() {
        let now = Monotonic.now
        let due = syncs.filter { $0.pace.nextLook <= now }
        syncs.removeAll { $0.pace.nextLook <= now }
        for sync in due {
            let addressed = services(of: sync.pid, for: sync.user)
            perform(addressed) {
                $0.synchronize(sync.files)
            } then: { [unowned self] in
                decide(sync, $0)
            }
        }
    }

    /// Answers, or looks again later.
    private func decide(_ sync: PendingSync, _ reports: [SyncReport]) {
        guard !reports.isEmpty else {
            control?.answer(sync.client, .refused("process \(sync.pid ?? 0) has ended or was let go"))
            return
        }
        let report = SyncReport(reports)
        if report.state == .pending, Monotonic.now < sync.pace.deadline {
            var sync = sync
            sync.pace.wait(from: Monotonic.now)
            syncs.append(sync)
        } else {
            control?.answer(sync.client, .sync(report))
        }
    }

    /// What was recorded is kept too, for those who ask later; secrets are only for who has asked for them.
    private func recorded(_ answer: DrainAnswer, by watch: CallWatch, of member: Member) -> ControlAnswer {
        if watch.redacts { member.calls.add(answer.calls) }
        return .drain(answer)
    }

    /// For requests that concern one process: the one of the request's pid. Waits for its answer.
    private func oneShot(_ request: ControlRequest, _ service: Service) -> ControlAnswer {
        guard let member = service.crew.roster.member(request.pid)
        else { return .refused("this needs a process") }
        defer { service.crew.use(member) }
        do throws(SessionError) {
            switch request.action {
            case .reload(let reload):
                let outcome = try reload.run(in: member.connection)
                if outcome.error == nil { member.noteReload(of: outcome.path) }
                return .reload(outcome)
            case .module(let path):
                let inventory = try member.agent.inventory()
                return .module(
                    ModuleFile.module(
                        of: path, spelling: path.string, in: LoadedModules(inventory), paths: member.paths))
            case .diff(let preview): return .diff(try preview.run(in: member.connection))
            case .watch(let watch): return .watch(try watch.start(in: member.connection))
            case .drain(let watch):
                return recorded(try watch.drain(in: member.connection), by: watch, of: member)
            case .unwatch(let watch):
                return recorded(try watch.stop(in: member.connection), by: watch, of: member)
            case .look(let look): return .look(try look.run(in: member.connection))
            case .collect: return .look(try Look.collect(in: member.connection))
            case .tasks: return .tasks(try TaskStacks.read(in: member.connection))
            case .locals(let facts): return .locals(try facts.read(in: member.connection))
            case .status, .pause, .resume, .detach, .undo, .history, .sync, .recall, .follow:
                return .refused("this is no request to one process")
            }
        } catch {
            return .failed(error)
        }
    }
}
