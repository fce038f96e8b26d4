/// A way into a process. It hands over two byte streams to an agent, and knows who is behind them.
package protocol AgentEntry: Sendable {
    /// The process that it leads into.
    var target: Target { get }
    /// How long each step may take.
    var limits: AttachLimits { get }

    /// Starts an agent that waits for a payload of up to `capacity` bytes, without the GIL; it leaves after three
    /// seconds if none comes. Nothing of it is in the process where this throws.
    func prepare(capacity: Int) throws(AttachError) -> PendingAgent
}

extension AgentEntry {
    /// Returns once the agent has what it needs; its first answer is still to come.
    func attach(_ payload: AgentPayload) throws(AttachError) -> AgentChannel {
        for _ in 0..<5 {
            if let channel = try prepare(capacity: payload.size).start(payload) { return channel }
        }
        throw .targetBusy(pid: target.pid, .forking)
    }
}
