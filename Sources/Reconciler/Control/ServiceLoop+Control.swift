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
    /// Answers what clients ask. True if the last service was let go.
    func serve(_ ready: [Int32]) -> Bool {
        for arrival in control?.requests(ready) ?? [] {
            let (client, request) = (arrival.client, arrival.request)
            let addressed = services(of: request.pid, for: arrival.user)
            guard !addressed.isEmpty else {
                let name = request.pid.map { "process \($0)" } ?? "none of your processes"
                control?.answer(client, .refused("\(name) is not controlled here"))
                continue
            }
            switch request.action {
            case .status: control?.answer(client, .status(addressed.map(ServiceStatus.init)))
            case .pause: done(client, addressed) { $0.pause(true) }
            case .resume: done(client, addressed) { $0.pause(false) }
            case .detach(let restoring):
                let report = UndoReport(restoring ? addressed.map { $0.upkeep.undo(.all) } : [])
                for service in addressed { service.emit(.detached(pid: service.crew.roster.chosenPID)) }
                control?.answer(client, restoring ? .undo(report) : .done)
                for service in addressed { remove(service) }
            case .undo(let scope):
                control?.answer(client, .undo(UndoReport(addressed.map { $0.upkeep.undo(scope) })))
            case .history: control?.answer(client, .history(addressed.flatMap(\.upkeep.undoable)))
            case .sync(let files, let timeout):
                syncs.append(PendingSync(arrival, files: files, timeout: timeout))
            case .recall(let recall):
                let calls = addressed.lazy.compactMap { $0.crew.roster.member(request.pid)?.calls }.first
                control?.answer(client, .recalled(Recalled(recall, in: calls ?? CallMemory())))
            case .follow:
                followers.append(Follower(client: client, user: arrival.user, pid: request.pid))
                control?.begin(client, .done)
            case .reload, .module, .diff, .look, .collect, .tasks, .locals, .watch, .drain, .unwatch:
                control?.answer(client, oneShot(request, addressed))
            }
        }
        return services.isEmpty
    }

    /// Of a process, or all; only those that `user` may signal: a midflight of root's may keep services of several
    /// users.
    func services(of pid: Int32?, for user: UInt32) -> [Service] {
        services.filter { service in
            guard pid == nil || service.crew.roster.member(pid) != nil else { return false }
            return user == 0 || user == geteuid() || service.crew.owners == [user]
        }
    }

    /// Does `body` for each addressed service and says that it was done.
    private func done(_ client: ControlPeer.Caller, _ addressed: [Service], _ body: (Service) -> Void) {
        addressed.forEach(body)
        control?.answer(client, .done)
    }

    /// Looks at the syncs that are due.
    func continueSyncs() {
        var waiting: [PendingSync] = []
        for var sync in syncs {
            guard sync.pace.nextLook <= Monotonic.now else {
                waiting.append(sync)
                continue
            }
            let addressed = services(of: sync.pid, for: sync.user)
            guard !addressed.isEmpty else {
                control?.answer(sync.client, .refused("process \(sync.pid ?? 0) has ended or was let go"))
                continue
            }
            let report = SyncReport(addressed.map { $0.synchronize(sync.files) })
            if report.state == .pending, Monotonic.now < sync.pace.deadline {
                sync.pace.wait(from: Monotonic.now)
                waiting.append(sync)
            } else {
                control?.answer(sync.client, .sync(report))
            }
        }
        syncs = waiting
    }

    /// What was recorded is kept too, for those who ask later; secrets are only for who has asked for them.
    private func recorded(_ answer: DrainAnswer, by watch: CallWatch, of member: Member) -> ControlAnswer {
        if watch.redacts { member.calls.add(answer.calls) }
        return .drain(answer)
    }

    /// For requests that concern one process: the one of the request's pid. The loop waits for its answer.
    private func oneShot(_ request: ControlRequest, _ addressed: [Service]) -> ControlAnswer {
        guard let service = addressed.first, let member = service.crew.roster.member(request.pid)
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
