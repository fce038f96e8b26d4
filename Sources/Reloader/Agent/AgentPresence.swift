/// What the way into a process knows of an agent that came by it. The conversation itself needs two byte streams only.
protocol AgentPresence: Sendable {
    /// The process that the agent works in.
    var target: Target { get }
    /// Nil once nothing of the agent is in the process.
    var progress: AgentProgress? { get }

    /// Hands the payload over and lets the agent take the GIL. `pipes`: our two ends. False if the agent must be made
    /// again: it has left, has no room for the payload, or a child was forked meanwhile and holds the pipes (its
    /// copies would keep them open for ever).
    func start(_ payload: AgentPayload, over pipes: [Int32]) -> Bool

    /// The agent leaves without running Python; it looks until it has the GIL.
    func cancel()

    /// What the way in has borrowed runs its own code again: the agent need not wait for that before it goes.
    func confirmLeft()

    /// Helps the agent to the GIL where the process does not let it have it, until `isDone`.
    func helpToGIL(until isDone: () -> Bool)
}

/// How far an agent is.
enum AgentProgress: Sendable, Hashable {
    /// It has done nothing that the program could see.
    case beforeGIL
    /// It has the GIL, so the program may have seen something of it.
    case running
    /// CPython let it do nothing: the interpreter ends, or has not begun.
    case unfit
}
