/// Requests to a target's agent, which is there only as long as it is needed.
///
/// Attaches for the first request, keeps the agent while requests follow each other, and lets it go when told. Not for
/// several threads at once: one thread owns a target.
package final class AgentSession {
    package let target: Target
    private let agentCode: [UInt8]
    private let hexVersion: Int
    private let limits: AttachLimits
    private var channel: AgentChannel?
    private var pending: PendingAgent?
    /// Given to an agent that was there already: it may have left just before.
    private var unanswered: [UInt8]?
    /// CLOCK_MONOTONIC in nanoseconds when `prepare` began to attach.
    private var attachStart: Int64?

    /// Nanoseconds from the start of the last attach to the agent's answer; 0 if the agent was still there.
    package private(set) var lastAttachTime: Int64 = 0

    /// Inodes of its latest agent's pipes.
    private var pipes: Set<UInt64> = []

    /// `pending`: an agent that was started while its code was still being compiled.
    package init(
        target: Target, programs: CompiledPrograms, pending: consuming PendingAgent? = nil,
        limits: AttachLimits = AttachLimits()
    ) {
        self.target = target
        self.pending = pending
        agentCode = programs.agent
        hexVersion = programs.facts.hexVersion
        self.limits = limits
    }

    package var isAttached: Bool { channel != nil }

    /// The agent's answer to `request`. Nothing of the request was done where this throws before an answer was due,
    /// `.targetBusy(.noGIL)` for instance.
    package func exchange(_ request: [UInt8]) throws(AttachError) -> [UInt8] {
        try begin(request)
        return try finish()
    }

    /// Has an agent wait in the target for a request of up to `size` bytes, without the GIL; it leaves by itself if none
    /// comes within three seconds. Not needed before `begin`: it lets several targets begin at the same time.
    package func prepare(size: Int) throws(AttachError) {
        try checkTarget()
        guard channel == nil, pending == nil else { return }
        attachStart = Monotonic.now
        let payload = AgentPayload(agentCode: agentCode, request: [], hexVersion: hexVersion)
        pending = try DonorAttach(target: target, limits: limits).prepare(capacity: payload.size + size)
    }

    /// Hands a request over; `finish` has its answer.
    package func begin(_ request: [UInt8]) throws(AttachError) {
        try checkTarget()
        lastAttachTime = 0
        unanswered = nil
        guard channel != nil else { return try attach(request) }
        do throws(AttachError) {
            try forward { (channel: borrowing AgentChannel) throws(AttachError) in try channel.send(request) }
            unanswered = request
        } catch .targetBusy(_, .left) {
            try attach(request)
        }
    }

    /// The answer to what was handed over last.
    package func finish() throws(AttachError) -> [UInt8] {
        guard let request = unanswered else { return try receive() }
        unanswered = nil
        do throws(AttachError) {
            return try receive()
        } catch .targetBusy(_, .left) {
            try attach(request)  // an agent that is gone has not taken the request
            return try receive()
        }
    }

    /// A process that was stopped would keep us, and every other process of the burst, waiting for its answer.
    private func checkTarget() throws(AttachError) {
        guard target.isSame else {
            channel = nil
            throw .targetGone(pid: target.pid)
        }
        let state = (try? target.procFS.stat(target.pid))?.state
        if state == "T" || state == "t" { throw .targetStopped(pid: target.pid) }
    }

    private func attach(_ request: [UInt8]) throws(AttachError) {
        let start = attachStart ?? Monotonic.now
        attachStart = nil
        let payload = AgentPayload(agentCode: agentCode, request: request, hexVersion: hexVersion)
        let made: AgentChannel
        if let ready = pending.take()?.start(payload) {
            made = ready
        } else {
            made = try DonorAttach(target: target, limits: limits).attach(payload)
        }
        pipes = made.pipes
        channel = consume made
        lastAttachTime = Monotonic.now - start
    }

    /// A further frame that the agent sends after its answer.
    package func receive() throws(AttachError) -> [UInt8] {
        var answer: [UInt8] = []
        try forward { (channel: borrowing AgentChannel) throws(AttachError) in answer = try channel.receive()
        }
        return answer
    }

    /// Removes what the process was forked with while an agent was in its parent. Nothing is lost if it cannot be done now.
    package func removeInherited() {
        let inherited = PipeEnd.marked(in: target).filter { !pipes.contains($0.inode) }
        // An agent of a midflight that was killed closes its own ends, whose numbers may be something else's by then.
        guard !inherited.isEmpty, target.agentThreads.count <= 1 else { return }
        let ends = inherited.map { end in
            MarshalValue.list([.int(Int64(end.number)), .int(Int64(end.inode))])
        }
        _ = try? exchange(MarshalValue.tuple(["tidy", .list(ends)]).marshalled)
    }

    /// Ends the agent and waits until nothing of it is left in the target.
    package func letGo() {
        channel = nil
        pending = nil
        attachStart = nil
    }

    private func forward(_ body: (borrowing AgentChannel) throws(AttachError) -> Void) throws(AttachError) {
        guard let taken = channel.take() else { throw .targetBusy(pid: target.pid, .noAnswer) }
        do throws(AttachError) { try body(taken) } catch {
            throw error  // `taken` ends here: a channel that failed once is not used again
        }
        channel = consume taken
    }
}
