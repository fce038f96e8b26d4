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

    /// Returns once the agent has what it needs; its first answer is still to come.
    package func attach(_ payload: AgentPayload) throws(AttachError) -> AgentChannel {
        for _ in 0..<5 {
            if let channel = try prepare(capacity: payload.size).start(payload) { return channel }
        }
        throw .targetBusy(pid: target.pid, .forking)
    }

    /// Starts the agent's thread, which waits up to three seconds for its payload, without the GIL.
    ///
    /// A program may close descriptors that it has not opened, the agent's among them: then once more.
    package func prepare(capacity: Int) throws(AttachError) -> PendingAgent {
        for _ in 0..<4 {
            do throws(AttachError) { return try startAgent(capacity) } catch {
                guard case .targetBusy(_, .closesDescriptors) = error else { throw error }
            }
        }
        return try startAgent(capacity)
    }

    private func startAgent(_ capacity: Int) throws(AttachError) -> PendingAgent {
        let (scratch, donor) = try fire(capacity)
        let presence = AgentPresence(target: target, scratch: scratch, donor: donor)
        try waitForPipes(presence)
        guard let numbers = presence.pipeDescriptors() else { throw .targetGone(pid: target.pid) }
        do throws(Errno) {
            return try PendingAgent(presence: presence, numbers: numbers, limits: limits)
        } catch {
            presence.cancel()
            // The program has closed the agent's descriptors already, or has others under their numbers.
            if error == .badFileDescriptor { throw .targetBusy(pid: target.pid, .closesDescriptors) }
            throw Target.failure(error, pid: target.pid, procFS: target.procFS, during: .takingThePipes)
        }
    }

    private func fire(_ capacity: Int) throws(AttachError) -> (Scratch, donor: Int32) {
        let deadline = Monotonic.now + limits.donor * 1_000_000
        let search = DonorSearch(target: target)
        var denied = false
        repeat {
            for candidate in search.candidates() {
                switch try attempt(candidate, capacity) {
                case .fired(let scratch): return (scratch, candidate.thread)
                case .unsuitable: continue
                case .execMemoryDenied: denied = true
                case .shadowStack: throw .unsupportedBuild(pid: target.pid, .shadowStack)
                }
            }
            guard target.isSame else { throw .targetGone(pid: target.pid) }
            if denied { throw .execMemoryDenied(pid: target.pid) }
            Monotonic.nap(microseconds: 300)
        } while Monotonic.now < deadline
        throw .targetBusy(pid: target.pid, .noIdleThread)
    }

    private func attempt(_ candidate: DonorSearch.Candidate, _ capacity: Int) throws(AttachError)
        -> DonorThread.Outcome
    {
        StageLog.shared.enter(.seize)
        let thread: TracedThread
        do throws(Errno) { thread = try TracedThread(seizing: candidate.thread, of: target) } catch {
            if error == .noSuchProcess { return .unsuitable }
            throw Target.failure(error, pid: target.pid, procFS: target.procFS, during: .stoppingAThread)
        }
        switch thread.interrupt() {
        case .stopped: break
        case .jobControl: throw .targetStopped(pid: target.pid)
        case .gone: return .unsuitable
        }
        StageLog.shared.enter(.stopped)
        let outcome = DonorThread(target: target, capacity: capacity, thread: thread).fire(
            seen: candidate.call)
        StageLog.shared.enter(.detached)
        return outcome
    }

    /// Why no pipes could be made: the two of them take four numbers for a moment.
    private var noDescriptors: AttachError? {
        guard
            let limit = (try? target.procFS.text(target.pid, "limits")).flatMap(ProcessLimits.init(text:))?
                .descriptors
        else { return nil }
        let open = target.procFS.descriptors(target.pid).count
        return open + 4 > limit
            ? .targetExhausted(pid: target.pid, .descriptors(open: open, limit: limit)) : nil
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
            if status == UInt32(AGENT_REFUSED), let exhausted = noDescriptors { throw exhausted }
            throw .targetBusy(pid: target.pid, .noAnswer)
        }
        StageLog.shared.enter(.pipes)
    }
}
