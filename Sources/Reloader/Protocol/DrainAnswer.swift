/// What was recorded since the last look.
package struct DrainAnswer: Sendable, Hashable {
    /// The calls themselves, oldest first.
    package var calls: [CallRecord] = []
    /// Of all calls since the probe began: how many there were, how many of them passed the filter, and how many of
    /// those found no room.
    package var counted = 0
    /// Calls that passed the filter.
    package var passed = 0
    /// Calls that passed it and found no room.
    package var dropped = 0
    /// Nanoseconds in hooks, and how often the budget took the probe out.
    package var hookTime = 0
    /// How often the budget took the probe out.
    package var unwatched = 0
    /// The probe is out until the budget allows it again.
    package var isOverBudget = false
    /// There is no such probe: a save has ended it, or the agent has left.
    package var isGone = false
    /// At the end: every function has its first code again.
    package var isRestored = false
    /// How long the calls took of which nothing else is recorded.
    package var costs: [CallCosts] = []

    /// Nothing was recorded.
    package init() {}

    /// Reads the agent's answer. Throws `unexpected` if it is none to a `drain` or `unprobe`.
    package init(answer: [UInt8]) throws(ProtocolError) {
        let facts = try AgentAnswer.content(of: answer, named: "look")
        isGone = facts["gone"]?.flag ?? false
        isRestored = facts["restored"]?.flag ?? false
        isOverBudget = facts["over"]?.flag ?? false
        calls = (facts["results"]?.items ?? []).compactMap(CallRecord.init)
        counted = facts["calls"]?.integer ?? 0
        passed = facts["passed"]?.integer ?? 0
        dropped = facts["dropped"]?.integer ?? 0
        hookTime = facts["hook_time"]?.integer ?? 0
        unwatched = facts["unwatched"]?.integer ?? 0
        costs = (facts["costs"]?.items ?? []).compactMap(CallCosts.init)
    }

    /// `verb`: `drain` or `unprobe`.
    package static func request(_ verb: String, _ identifier: Int, observer: [UInt8]) -> [UInt8] {
        MarshalValue.tuple(["look", .bytes(observer), .string(verb), ["id": .int(Int64(identifier))]])
            .marshalled
    }
}
