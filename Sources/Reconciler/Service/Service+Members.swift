import Glibc
import Reloader
import SystemPackage

extension Service {
    /// The processes that were chosen; the service ends with the last of them.
    var chosen: [Member] { members.filter { $0.parent == nil } }

    /// Of the first of them.
    var chosenPID: Int32 { members.first?.pid ?? 0 }

    /// The users whose processes these are.
    var owners: Set<UInt32> {
        Set(members.compactMap { (try? $0.target.procFS.status($0.pid))?.userIDs.first })
    }

    /// What to poll: readable once a process has ended.
    var descriptors: [Int32] { members.map(\.target.pidfd) }

    /// Attaches to the Python processes below those that are members already. Why some of them could not be had.
    func addRelatives() -> [SessionError] {
        var refused: [SessionError] = []
        for relative in strangers() {
            do throws(SessionError) {
                members.append(try connect(relative))
            } catch {
                if isWorthTelling(error) { refused.append(error) }
            }
        }
        return refused
    }

    /// Python processes below the chosen one that are no members, parents first.
    func strangers() -> [ProcessFamily.Relative] {
        guard let depth = options.workers.depth else { return [] }
        let below = chosen.flatMap { ProcessFamily().pythons(below: $0.pid, depth: depth) }
        return below.filter { relative in
            !members.contains { $0.pid == relative.pid } && !refusedPIDs.contains(relative.pid)
        }
    }

    private func connect(_ relative: ProcessFamily.Relative) throws(SessionError) -> Member {
        do throws(SessionError) {
            let member = Member(
                try Connection(
                    pid: relative.pid, beside: members.map(\.connection), kin: members.first?.connection,
                    mappings: options.mappings), parent: relative.parent)
            member.files = Member.loadedFiles(
                of: member.connection.inventory, in: scope, paths: member.paths)
            return member
        } catch {
            if isFinal(error) { refusedPIDs.insert(relative.pid) }
            throw error
        }
    }

    /// Looks for processes that were forked or started since, and brings them to the state of the others.
    func welcomeRelatives() {
        for relative in strangers() where !isBetweenForkAndExecution(relative.pid, relative.parent) {
            _ = welcome(relative)
        }
    }

    /// A process that a member, or a child of one, has forked or that has executed another program since.
    func admit(_ pid: Int32, parent: Int32) -> Admission {
        let procFS = ProcFS()
        guard let stat = try? procFS.stat(pid), stat.state != "Z", stat.state != "X" else { return .never }
        if members.contains(where: { $0.pid == pid }) { return .joined }
        guard let relative = strangers().first(where: { $0.pid == pid }),
            !isBetweenForkAndExecution(pid, parent)
        else { return .later }
        return welcome(relative)
    }

    /// After vfork(2) a child runs in its parent's memory, which is not to be touched on its account.
    private func isBetweenForkAndExecution(_ pid: Int32, _ parent: Int32) -> Bool {
        ProcessFamily().sharesMemory(pid, with: parent)
    }

    private func welcome(_ relative: ProcessFamily.Relative) -> Admission {
        do throws(SessionError) {
            let member = try connect(relative)
            let kin = members.first { $0.pid == relative.parent }
            let attached = try member.takeBaseline(&shelf, in: scope, kin: kin)
            members.append(member)
            late[relative.pid] = nil
            use(member)
            if !member.isFork(of: kin) { member.expectImports(after: attached.uptime) }
            emit(.joined(attached))
            catchUp(member)
            return .joined
        } catch {
            late[relative.pid] = isWorthTelling(error) ? error : nil
            guard isFinal(error) else { return .later }
            if isWorthTelling(error) { emit(.unattached(error)) }
            return .never
        }
    }

    /// What was saved while we watched, and does not run in a process that joined since. The other processes are the
    /// measure: what was kept or rejected in them stays out here too.
    private func catchUp(_ member: Member) {
        var behind: [FilePath] = []
        for (path, state) in member.files {
            let others = members.lazy.filter { $0 !== member }.compactMap { $0.files[path] }
            if let other = others.first(where: { $0.baseline != nil }) {
                if other.isWaiting { member.files[path]?.isWaiting = true }
                if let bytes = state.baseline?.bytes, bytes == other.baseline?.bytes { continue }
            }
            let isSaved = shelf.versions(of: path).count > 1
            if isSaved, state.baseline?.bytes != shelf.versions(of: path).first?.bytes { behind.append(path) }
        }
        guard !behind.isEmpty, !isPaused else { return }
        var files = SavedFiles()
        apply(behind.sorted { $0.string < $1.string }, &files, to: [member], received: Monotonic.now)
    }

    /// Processes that belong here and could not be had yet, although they may be later.
    var awaited: [(pid: Int32, error: SessionError)] {
        strangers().compactMap { stranger in late[stranger.pid].map { (stranger.pid, $0) } }
    }

    /// No later attempt will do better.
    private func isFinal(_ error: SessionError) -> Bool {
        guard Self.hasDescriptors else { return false }  // whatever failed, it was our fault
        guard case .attach(let cause) = error else { return true }
        switch cause {
        case .notPython, .targetBusy, .targetExiting, .targetStopped, .targetExhausted, .alreadyTraced,
            .systemError:
            return false
        // Before its loader is done a program looks like this.
        case .unsupportedBuild(let pid, .symbolsMissing): return !isStarting(pid)
        case .noSuchProcess, .targetGone, .targetReplaced, .notPermitted, .execMemoryDenied,
            .disabledByOperator,
            .unsupportedPython, .unsupportedBuild, .alreadyControlled, .lockDirectoryUnsafe:
            return true
        }
    }

    /// As many as attaching takes.
    private static var hasDescriptors: Bool {
        let copies = (0..<24).map { _ in dup(STDERR_FILENO) }
        for copy in copies where copy >= 0 { close(copy) }
        return copies.allSatisfy { $0 >= 0 }
    }

    /// Whether it has executed its program, or was forked, in the last seconds.
    private func isStarting(_ pid: Int32) -> Bool {
        guard let stat = try? ProcFS().stat(pid) else { return false }
        return ProcessClock.realTimeNow - ProcessClock.realTime(startTime: stat.startTime) < 5_000_000_000
    }

    /// A process that was found by the service's selector and cannot be had; told once.
    func refuse(_ pid: Int32, _ error: SessionError) {
        guard isFinal(error) else { return }
        refusedPIDs.insert(pid)
        if isWorthTelling(error) { emit(.unattached(error)) }
    }

    /// Somebody was found and refused: it is no news that nobody is there.
    var isRefused: Bool { !refusedPIDs.isEmpty }

    /// A child that ended meanwhile, or that runs no Python, was none of ours.
    private func isWorthTelling(_ error: SessionError) -> Bool {
        guard case .attach(let cause) = error else { return true }
        switch cause {
        case .noSuchProcess, .targetGone, .targetReplaced, .targetExiting, .notPython: return false
        case .notPermitted, .alreadyTraced, .execMemoryDenied, .disabledByOperator, .unsupportedPython,
            .unsupportedBuild, .targetStopped, .targetBusy, .targetExhausted, .alreadyControlled,
            .lockDirectoryUnsafe, .systemError:
            return true
        }
    }

    /// Modules that a process has imported since we looked last: their baseline is taken before they are saved.
    func lookForImports(_ member: Member) {
        member.looks.removeFirst()
        do throws(SessionError) {
            let loaded = Member.loadedFiles(
                of: try member.agent.inventory(), in: scope, paths: member.paths)
            let new = loaded.keys.filter { member.files[$0] == nil }
            for path in new { member.files[path] = loaded[path] }
            if !new.isEmpty { try member.takeBaseline(&shelf, in: scope, of: new) }
        } catch {
            // It is busy starting, or has ended: the next look, or a save, asks again.
        }
        use(member)
    }

    /// The members that have ended are members no more. False if no chosen process is left.
    func removeEnded() -> Bool {
        let ended = members.filter { !$0.target.isSame }
        guard !ended.isEmpty else { return true }
        let rest = members.filter { member in !ended.contains { $0 === member } }
        guard rest.contains(where: { $0.parent == nil }) else { return false }
        members = rest
        for member in ended { emit(.left(member.target.end, remaining: members.count)) }
        return true
    }
}
