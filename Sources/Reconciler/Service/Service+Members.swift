import Reloader

/// Processes that come and go.
extension Service {
    /// Looks for processes that were forked or started since, and brings them to the state of the others.
    func welcomeRelatives() {
        for relative in crew.strangers() where !isBetweenForkAndExecution(relative.pid, relative.parent) {
            _ = welcome(relative)
        }
    }

    /// A process that a member, or a child of one, has forked or that has executed another program since.
    func admit(_ pid: Int32, parent: Int32) -> Admission {
        guard let stat = try? ProcFS().stat(pid), !stat.hasEnded else { return .never }
        if crew.roster.member(pid) != nil { return .joined }
        guard let relative = crew.strangers().first(where: { $0.pid == pid }),
            !isBetweenForkAndExecution(pid, parent)
        else { return .later }
        return welcome(relative)
    }

    /// After vfork(2) a child runs in its parent's memory, which is not to be touched on its account.
    private func isBetweenForkAndExecution(_ pid: Int32, _ parent: Int32) -> Bool {
        ProcessFamily().sharesMemory(pid, with: parent)
    }

    /// Attaches, takes the baseline and catches up. What fails is tried again later, unless it can never
    /// work.
    private func welcome(_ relative: ProcessFamily.Relative) -> Admission {
        do throws(SessionError) {
            let member = try crew.connect(relative)
            let kin = crew.roster.member(relative.parent)
            let attached = try member.takeBaseline(&upkeep.shelf, in: crew.scope, kin: kin)
            watch.add(member.files.keys.filter { !crew.isLoaded($0) })
            crew.roster.add(member)
            crew.use(member)
            if member.isFork(of: kin), let kin { member.history = kin.history }
            if !member.isFork(of: kin) { member.expectImports(after: attached.uptime) }
            emit(.joined(attached))
            upkeep.catchUp(member, isPaused: intake.isPaused)
            return .joined
        } catch {
            crew.roster.postpone(relative.pid, error.isWorthTelling ? error : nil)
            // What seems to have ended may have executed a program: that is seen when it is looked at again.
            guard error.verdict == .final, error.isWorthTelling else { return .later }
            emit(.unattached(error))
            return .never
        }
    }

    /// A process that was found by the service's selector and cannot be had; told once.
    func refuse(_ pid: Int32, _ error: SessionError) {
        guard error.verdict == .final else { return }
        crew.roster.refuse(pid)
        if error.isWorthTelling { emit(.unattached(error)) }
    }

    /// The members that have ended are members no more. False if no chosen process is left. `expect`: called with
    /// those that have executed another program, and may join once more.
    func removeEnded(expect: (_ pid: Int32, _ parent: Int32) -> Void) -> Bool {
        guard let ended = crew.roster.removeEnded() else { return false }
        for member in ended {
            let end = member.target.end
            emit(.left(end, remaining: members.count))
            if case .targetReplaced = end, let parent = member.parent { expect(member.pid, parent) }
        }
        return true
    }
}
