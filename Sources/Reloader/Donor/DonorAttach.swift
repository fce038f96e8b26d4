import CLinuxShims
import Glibc
import SystemPackage

/// Starts the agent in a target: one thread is borrowed for about 0.2 ms, one that waits in a system call if there is
/// any.
///
/// Everything runs on the calling thread, to which ptrace(2) ties the tracee. Ends with every thread detached.
package struct DonorAttach: AgentEntry {
    /// The process that is attached to.
    package let target: Target
    /// How long each step may take.
    package let limits: AttachLimits

    /// Looks at nothing yet.
    package init(target: Target, limits: AttachLimits = AttachLimits()) {
        self.target = target
        self.limits = limits
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
        var presence = DonorPresence(target: target, scratch: scratch, donor: donor)
        try waitForPipes(presence)
        guard let numbers = presence.pipeDescriptors() else {
            throw target.isSame ? .targetBusy(pid: target.pid, .left) : target.end
        }
        do throws(Errno) {
            presence.numbers = numbers
            return try PendingAgent(presence: presence, numbers: numbers, limits: limits)
        } catch {
            presence.cancel()
            // The program has closed the agent's descriptors already, or has others under their numbers.
            if [.badFileDescriptor, .noSuchFileOrDirectory].contains(error), target.isSame {
                throw .targetBusy(pid: target.pid, .closesDescriptors)
            }
            throw Target.failure(error, pid: target.pid, procFS: target.procFS, during: .takingThePipes)
        }
    }

    private func fire(_ capacity: Int) throws(AttachError) -> (Scratch, donor: Int32) {
        let deadline = Monotonic.now + limits.donor * 1_000_000
        let search = DonorSearch(target: target)
        var denied = false
        var rule: RunningThreadRule?
        var last: (thread: Int32, refusal: DonorRefusal)?
        repeat {
            let waiting = search.candidates()
            if waiting.isEmpty, rule == nil { rule = runningThreadRule() }
            let running = rule == nil ? [] : search.running().map { (thread: $0, call: BlockedCall?.none) }
            for (thread, call) in waiting.map({ (thread: $0.thread, call: BlockedCall?.some($0.call)) })
                + running
            {
                switch try attempt(thread, seen: call, capacity, rule) {
                case .fired(let scratch): return (scratch, thread)
                case .unsuitable(let refusal): last = (thread, refusal)
                case .execMemoryDenied: denied = true
                case .shadowStack: throw .unsupportedBuild(pid: target.pid, .shadowStack)
                }
            }
            guard target.isSame else { throw target.end }
            if denied { throw .execMemoryDenied(pid: target.pid) }
            // Only some of its waits may be borrowed: whatever runs is looked at too.
            if rule == nil { rule = runningThreadRule() }
            Monotonic.nap(microseconds: 300)
        } while Monotonic.now < deadline
        throw noDonor(last, search)
    }

    /// Made before anything is stopped: it looks into every module that is mapped. Nil if the process is gone.
    private func runningThreadRule() -> RunningThreadRule? {
        (try? target.procFS.memoryMap(target.pid)).map { map in
            RunningThreadRule(
                map: map, evaluationLoop: target.symbols.evaluationLoop,
                restorer: target.symbols.places.restorer, memory: RemoteMemory(pid: target.pid))
        }
    }

    /// Why a thread was not seized. Who traced it is asked once: a tracer that holds it for an instant only is gone when
    /// asked for again, and it would look as if we were not permitted.
    private enum SeizeFailure: Error {
        case traced(by: Int32)
        case other(Errno)
    }

    /// Another tracer may have let it go between our attempt and our look who that is: then once more.
    private func seize(_ id: Int32) throws(SeizeFailure) -> TracedThread {
        var last = Errno.notPermitted
        for _ in 0...100 {
            do throws(Errno) { return try TracedThread(seizing: id, of: target) } catch { last = error }
            guard last == .notPermitted else { break }
            if let tracer = tracer(of: id) { throw .traced(by: tracer) }
            Monotonic.nap(microseconds: 200)
        }
        throw .other(last)
    }

    /// Nil if nobody traces the thread.
    private func tracer(of thread: Int32) -> Int32? {
        let text = try? target.procFS.text(target.pid, "task/\(thread)/status")
        return text.map { ProcessStatus(text: $0).tracerPID }.flatMap { $0 == 0 ? nil : $0 }
    }

    private func noDonor(_ last: (thread: Int32, refusal: DonorRefusal)?, _ search: DonorSearch)
        -> AttachError
    {
        if last?.refusal == .noMemory { return .targetExhausted(pid: target.pid, .memory) }
        if case .traced(let tracer) = last?.refusal {
            return .alreadyTraced(pid: target.pid, tracer: tracer)
        }
        let refusals = search.refusals()
        guard let shown = last ?? refusals.first.map({ ($0.thread, $0.1) }) else {
            return .targetBusy(pid: target.pid, .noAnswer)
        }
        return .targetBusy(pid: target.pid, .noDonor(thread: shown.thread, of: refusals.count, shown.refusal))
    }

    private func attempt(
        _ id: Int32, seen call: BlockedCall?, _ capacity: Int, _ rule: RunningThreadRule?
    ) throws(AttachError) -> DonorThread.Outcome {
        StageLog.shared.enter(.seize)
        let thread: TracedThread
        do throws(SeizeFailure) { thread = try seize(id) } catch {
            switch error {
            case .traced(let tracer): return .unsuitable(.traced(by: tracer))
            case .other(.noSuchProcess): return .unsuitable(.gone)
            case .other(let errno):
                throw Target.failure(errno, pid: target.pid, procFS: target.procFS, during: .stoppingAThread)
            }
        }
        switch thread.interrupt() {
        case .stopped: break
        case .jobControl: throw .targetStopped(pid: target.pid, isTraced: false)
        case .gone: return .unsuitable(.gone)
        }
        StageLog.shared.enter(.stopped)
        let outcome = DonorThread(target: target, capacity: capacity, thread: thread, rule: rule).fire(
            seen: call)
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

    private func waitForPipes(_ presence: DonorPresence) throws(AttachError) {
        var status: UInt32?
        _ = Monotonic.wait(milliseconds: limits.pipes, every: 20) {
            status = presence.agentStatus
            return status.map { $0 >= UInt32(AGENT_HAS_PIPES) } ?? true
        }
        guard let status else { throw target.isSame ? .targetBusy(pid: target.pid, .left) : target.end }
        guard status == UInt32(AGENT_HAS_PIPES) else {
            presence.cancel()
            if status == UInt32(AGENT_REFUSED), let exhausted = noDescriptors { throw exhausted }
            throw .targetBusy(pid: target.pid, .noAnswer)
        }
        StageLog.shared.enter(.pipes)
    }
}
