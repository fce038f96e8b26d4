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

    /// Nanoseconds from the start of the last attach to the agent's answer; 0 if the agent was still there.
    package private(set) var lastAttachTime: Int64 = 0

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
        guard target.isSame else {
            channel = nil
            throw .targetGone(pid: target.pid)
        }
        lastAttachTime = 0
        guard channel != nil else { return try attach(request) }
        do throws(AttachError) {
            try forward { (channel: borrowing AgentChannel) throws(AttachError) in try channel.send(request) }
            return try receive()
        } catch .targetBusy(_, .left) {
            return try attach(request)  // an agent that is gone has not taken the request
        }
    }

    private func attach(_ request: [UInt8]) throws(AttachError) -> [UInt8] {
        let start = Monotonic.now
        let payload = AgentPayload(agentCode: agentCode, request: request, hexVersion: hexVersion)
        channel = pending.take()?.start(payload)
        if channel == nil { channel = try DonorAttach(target: target, limits: limits).attach(payload) }
        lastAttachTime = Monotonic.now - start
        return try receive()
    }

    /// A further frame that the agent sends after its answer.
    package func receive() throws(AttachError) -> [UInt8] {
        var answer: [UInt8] = []
        try forward { (channel: borrowing AgentChannel) throws(AttachError) in answer = try channel.receive()
        }
        return answer
    }

    /// Ends the agent and waits until nothing of it is left in the target.
    package func letGo() { channel = nil }

    private func forward(_ body: (borrowing AgentChannel) throws(AttachError) -> Void) throws(AttachError) {
        guard let taken = channel.take() else { throw .targetBusy(pid: target.pid, .noAnswer) }
        do throws(AttachError) { try body(taken) } catch {
            throw error  // `taken` ends here: a channel that failed once is not used again
        }
        channel = consume taken
    }
}
