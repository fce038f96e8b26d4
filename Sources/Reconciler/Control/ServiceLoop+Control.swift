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
            let asked = Asked(client: client, user: arrival.user, services: addressed)
            switch request.action {
            case .status: answer(asked, mayWait: false, ServiceStatus.init) { .status($0) }
            case .pause:
                answer(asked, mayWait: false) {
                    $0.pause(true)
                } with: { _ in
                    .done
                }
            case .resume:
                answer(asked, mayWait: false) {
                    $0.pause(false)
                } with: { _ in
                    .done
                }
            case .detach(let restoring): detach(asked, restoring: restoring)
            case .undo(let scope):
                answer(asked) {
                    $0.upkeep.undo(scope)
                } with: {
                    .undo(UndoReport($0))
                }
            case .history: answer(asked, mayWait: false, \.upkeep.undoable) { .history($0.flatMap { $0 }) }
            case .sync(let files, let timeout):
                syncs.append(PendingSync(arrival, files: files, timeout: timeout))
            case .recall(let recall):
                answer(asked, mayWait: false) {
                    $0.crew.roster.member(request.pid)?.calls
                } with: { calls in
                    .recalled(Recalled(recall, in: calls.compactMap { $0 }.first ?? CallMemory()))
                }
            case .follow:
                followers.append(Follower(client: client, user: arrival.user, pid: request.pid))
                control?.begin(client, .done)
            case .reload, .module, .diff, .look, .collect, .tasks, .locals, .watch, .drain, .unwatch:
                answer(asked.first) { [unowned self] in
                    oneShot(request, $0)
                } with: {
                    $0[0]
                }
            }
        }
    }

    /// What a client asks of services.
    private struct Asked {
        /// Who waits for the answer.
        var client: ControlPeer.Caller
        /// The user who asks.
        var user: UInt32
        /// At least one.
        var services: [Service]

        /// The same of the first one only.
        var first: Asked { Asked(client: client, user: user, services: [services[0]]) }
    }

    /// Asks each of the services in its turn, and answers with what came of it. A service that was let go before its
    /// turn, or has processes of others by then, has no answer for this user.
    private func answer<Value>(
        _ asked: Asked, mayWait: Bool = true, _ ask: @escaping (Service) -> Value,
        with answer: @escaping ([Value]) -> ControlAnswer
    ) {
        let user = asked.user
        perform(asked.services, mayWait: mayWait) {
            Self.mayAsk(user, $0.crew.owners) ? ask($0) : nil
        } then: { [unowned self] in
            let values = $0.compactMap { $0 }
            let isWhole = values.count == asked.services.count
            control?.answer(asked.client, isWhole ? answer(values) : .refused("it was let go meanwhile"))
        }
    }

    /// Lets go of the services; before, with `restoring`, patches are taken back.
    private func detach(_ asked: Asked, restoring: Bool) {
        let user = asked.user
        perform(asked.services, mayWait: restoring) { service -> UndoReport? in
            guard Self.mayAsk(user, service.crew.owners) else { return nil }
            return restoring ? service.upkeep.undo(.all) : UndoReport([])
        } then: { [unowned self] in
            let reports = $0.compactMap { $0 }
            let leaving = asked.services.filter { service in services.contains { $0 === service } }
            guard reports.count == asked.services.count else {
                control?.answer(asked.client, .refused("it was let go meanwhile"))
                return
            }
            remove(leaving) {
                for service in leaving { service.emit(.detached(pid: service.crew.roster.chosenPID)) }
                control?.answer(asked.client, restoring ? .undo(UndoReport(reports)) : .done)
            }
            if services.isEmpty { isEnding = true }
        }
    }

    /// Of a process, or all; only those that `user` may signal: a midflight of root's may keep services of several
    /// users.
    func services(of pid: Int32?, for user: UInt32) -> [Service] {
        services.filter { service in
            guard pid == nil || pids(of: service).contains(where: { $0 == pid }) else { return false }
            return Self.mayAsk(
                user, service.work.isUnderWay ? service.work.standing.owners : service.crew.owners)
        }
    }

    /// Whether `user` may steer a service whose processes are these users'.
    private static func mayAsk(_ user: UInt32, _ owners: @autoclosure () -> Set<UInt32>) -> Bool {
        user == 0 || user == geteuid() || owners() == [user]
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
        guard let member = service.crew.roster.member(request.pid) else {
            return .refused(
                request.pid.map { "process \($0) is not controlled here" } ?? "this needs a process")
        }
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
            if case .reload(let reload) = request.action, error.mayBeDone {
                member.files.forget { $0.file.modules.contains(reload.module) }
            }
            return .failed(error)
        }
    }
}
