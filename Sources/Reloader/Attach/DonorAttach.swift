import CLinuxShims
import Glibc
import SystemPackage

/// Time limits of an attach, in milliseconds.
package struct AttachLimits: Sendable {
    package var donor: Int64 = 2000
    package var pipes: Int64 = 1000
    package var answer: Int64 = 10000
    package var leave: Int64 = 2000

    package init() {}
}

/// Starts the agent in a target: one thread that waits in a system call is borrowed for about 0.2 ms.
///
/// Everything runs on the calling thread, to which ptrace(2) ties the tracee. Ends with every thread detached.
package struct DonorAttach: Sendable {
    let target: Target
    let limits: AttachLimits

    package init(target: Target, limits: AttachLimits = AttachLimits()) {
        self.target = target
        self.limits = limits
    }

    /// Returns once the agent owns its ends of the pipes; its first answer is still to come.
    package func attach(_ payload: AgentPayload) throws(AttachError) -> AgentChannel {
        for _ in 0..<5 {
            let (scratch, donor) = try fire(payload)
            let presence = AgentPresence(target: target, scratch: scratch.base, donor: donor)
            try waitForPipes(presence)
            if let channel = try takePipes(presence) { return channel }
        }
        throw .targetBusy(pid: target.pid, .forking)
    }

    private func fire(_ payload: AgentPayload) throws(AttachError) -> (Scratch, donor: Int32) {
        let deadline = Monotonic.now + limits.donor * 1_000_000
        let search = DonorSearch(target: target)
        var denied = false
        repeat {
            for candidate in search.candidates() {
                switch try attempt(candidate.thread, payload) {
                case .fired(let scratch): return (scratch, candidate.thread)
                case .unsuitable: continue
                case .execMemoryDenied: denied = true
                }
            }
            guard target.isSame else { throw .targetGone(pid: target.pid) }
            if denied { throw .execMemoryDenied(pid: target.pid) }
            Monotonic.nap(microseconds: 300)
        } while Monotonic.now < deadline
        throw .targetBusy(pid: target.pid, .noIdleThread)
    }

    private func attempt(_ id: Int32, _ payload: AgentPayload) throws(AttachError) -> DonorThread.Outcome {
        StageLog.shared.enter(.seize)
        let thread: TracedThread
        do throws(Errno) { thread = try TracedThread(seizing: id) } catch {
            if error == .noSuchProcess { return .unsuitable }
            throw Target.failure(error, pid: target.pid, procFS: target.procFS)
        }
        switch thread.interrupt() {
        case .stopped: break
        case .jobControl: throw .targetStopped(pid: target.pid)
        case .gone: return .unsuitable
        }
        StageLog.shared.enter(.stopped)
        let outcome = DonorThread(target: target, payload: payload, thread: thread).fire()
        StageLog.shared.enter(.detached)
        return outcome
    }

    private func waitForPipes(_ presence: AgentPresence) throws(AttachError) {
        var status: UInt32?
        _ = Monotonic.wait(milliseconds: limits.pipes, every: 20) {
            status = presence.agentStatus
            return status.map { $0 >= UInt32(AGENT_HAS_PIPES) } ?? true
        }
        guard let status else { throw .targetGone(pid: target.pid) }
        guard status == UInt32(AGENT_HAS_PIPES) else {
            presence.cancel()
            throw .targetBusy(pid: target.pid, .noAnswer)
        }
        StageLog.shared.enter(.pipes)
    }

    /// Nil if a child was forked meanwhile and holds the pipes: its copies would keep them open for ever.
    private func takePipes(_ presence: AgentPresence) throws(AttachError) -> AgentChannel? {
        guard let numbers = presence.pipeDescriptors() else { throw .targetGone(pid: target.pid) }
        let own: [Int32]
        do throws(Errno) { own = try [duplicate(numbers[1], flags: O_WRONLY), duplicate(numbers[2], flags: O_RDONLY)] } catch {
            presence.cancel()
            throw Target.failure(error, pid: target.pid, procFS: target.procFS)
        }
        guard !childHolds(numbers, like: own) else {
            presence.cancel()
            own.forEach { close($0) }
            return nil
        }
        presence.go()
        StageLog.shared.enter(.taken)
        return AgentChannel(presence: presence, toAgent: own[0], fromAgent: own[1], limits: limits)
    }

    /// pidfd_getfd(2), or before Linux 5.6 a new descriptor of the same pipe through /proc.
    private func duplicate(_ number: Int32, flags: Int32) throws(Errno) -> Int32 {
        let copied = midflight_pidfd_getfd(target.pidfd, number)
        if copied >= 0 { return Int32(copied) }
        let opened = open(target.procFS.path(target.pid, "fd/\(number)").string, flags | O_CLOEXEC)
        guard opened >= 0 else { throw Errno(rawValue: errno) }
        return opened
    }

    private func childHolds(_ numbers: [Int32], like own: [Int32]) -> Bool {
        let pipes = own.compactMap { target.procFS.link(getpid(), "fd/\($0)") }
        return target.procFS.children(target.pid).contains { child in
            numbers.contains { number in target.procFS.link(child, "fd/\(number)").map(pipes.contains) ?? false }
        }
    }
}
