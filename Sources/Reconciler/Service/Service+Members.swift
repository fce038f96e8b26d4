import Reloader
import SystemPackage

extension Service {
    /// The users whose processes these are.
    var owners: Set<UInt32> {
        // A process that has ended has no owner any more.
        Set(members.compactMap { (try? $0.target.procFS.status($0.pid))?.userIDs.first })
    }

    /// What to poll: readable once a process has ended.
    var descriptors: [Int32] { members.map(\.target.pidfd) }

    /// Python processes below the chosen ones, parents first.
    private var relatives: [ProcessFamily.Relative] {
        guard let depth = options.workers.depth else { return [] }
        return roster.chosen.flatMap { ProcessFamily().pythons(below: $0.pid, depth: depth) }
    }

    /// Of those: no members yet.
    func strangers() -> [ProcessFamily.Relative] { roster.strangers(among: relatives) }

    /// Processes that belong here and could not be had yet, although they may be later.
    var awaited: [(pid: Int32, error: SessionError)] { roster.awaited(among: relatives) }

    /// Attaches to the Python processes below those that are members already. Why some of them could not be had.
    func addRelatives() -> [SessionError] {
        var refused: [SessionError] = []
        for relative in strangers() {
            do throws(SessionError) { roster.add(try connect(relative)) } catch {
                if error.isWorthTelling { refused.append(error) }
            }
        }
        return refused
    }

    private func connect(_ relative: ProcessFamily.Relative) throws(SessionError) -> Member {
        do throws(SessionError) {
            let connection = try Connection(
                pid: relative.pid, beside: members.map(\.connection), kin: members.first?.connection,
                mappings: options.mappings)
            return Member(connection, parent: relative.parent, in: scope)
        } catch {
            if error.verdict == .final { roster.refuse(relative.pid) }
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
        guard let stat = try? ProcFS().stat(pid), stat.state != "Z", stat.state != "X" else { return .never }
        if roster.member(pid) != nil { return .joined }
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
            let kin = roster.member(relative.parent)
            let attached = try member.takeBaseline(&shelf, in: scope, kin: kin)
            watch(member.files.keys.filter { !isLoaded($0) })
            roster.add(member)
            use(member)
            if member.isFork(of: kin), let kin { member.history = kin.history }
            if !member.isFork(of: kin) { member.expectImports(after: attached.uptime) }
            emit(.joined(attached))
            catchUp(member)
            return .joined
        } catch {
            roster.postpone(relative.pid, error.isWorthTelling ? error : nil)
            guard error.verdict == .final else { return .later }
            if error.isWorthTelling { emit(.unattached(error)) }
            return .never
        }
    }

    private func catchUp(_ member: Member) {
        let behind = member.catchUp(with: members.filter { $0 !== member }, shelf)
        guard !behind.isEmpty, !intake.isPaused else { return }
        var files = SavedFiles()
        let paths = behind.sorted { $0.string < $1.string }
        apply(paths, &files, to: [member], received: Monotonic.now, areLate: true)
    }

    /// A process that was found by the service's selector and cannot be had; told once.
    func refuse(_ pid: Int32, _ error: SessionError) {
        guard error.verdict == .final else { return }
        roster.refuse(pid)
        if error.isWorthTelling { emit(.unattached(error)) }
    }

    func lookForImports(_ member: Member) {
        member.lookForImports(in: scope, &shelf) { watch($0) }
        use(member)
    }

    /// The members that have ended are members no more. False if no chosen process is left.
    func removeEnded() -> Bool {
        guard let ended = roster.removeEnded() else { return false }
        for member in ended { emit(.left(member.target.end, remaining: members.count)) }
        return true
    }
}
