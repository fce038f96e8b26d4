/// What is recorded of the calls of some functions; for the twin, which compiles it and adds the functions' code.
package struct ProbeFacts: Sendable {
    /// Of one watch among those of a process: requests name it.
    package var identifier: Int
    /// Nil for every call.
    package var filter: String?
    /// What is shown; none for the parameters and the result.
    package var expressions: [String] = []
    /// Calls that return are not recorded.
    package var onlyErrors = false
    /// Values are read at entry, before the body can change them.
    package var before = false
    /// Frames that led to each call, at most.
    package var callers = 0
    /// Calls that are recorded in one process; -1 for no end.
    package var limit = -1
    /// Time in hooks that is allowed, as a part of one processor's.
    package var budget = 0.02
    /// Levels of containers and attributes that are shown.
    package var depth = 1
    /// More is shown of large values.
    package var isVerbose = false
    /// Values of names like `password` and `token` are left out.
    package var redacts = true
    /// Values are shown as repr() gives them, which runs code of the program.
    package var isRaw = false
    /// Expressions may call functions of the program.
    package var allowsCalls = false
    /// Nil for the values of calls, else what runs below them is recorded instead.
    package var trace: TraceFacts?
    /// Nothing of a call is recorded but its time.
    package var counts = false

    /// Makes a probe that records all calls.
    package init(identifier: Int) { self.identifier = identifier }

    /// As the twin gets it.
    var message: MarshalValue {
        [
            "id": .int(Int64(identifier)), "filter": .optional(filter), "late": false,
            "expressions": .strings(expressions), "only_errors": .bool(onlyErrors), "before": .bool(before),
            "callers": .int(Int64(callers)), "limit": .int(Int64(limit)), "budget": .float(budget),
            "depth": .int(Int64(depth)), "verbose": .bool(isVerbose), "redact": .bool(redacts),
            "raw": .bool(isRaw), "allow_calls": .bool(allowsCalls), "trace": trace?.message ?? .none,
            "counts": .bool(counts),
        ]
    }
}

/// A function that could not be watched.
package struct Unwatched: Sendable, Hashable {
    /// Qualified, for the twin's refusals without the module.
    package var name: String
    /// A reason id, or a sentence of the twin's.
    package var reason: String

    /// Makes a refusal that is shown as it is.
    package init(name: String, reason: String) {
        self.name = name
        self.reason = reason
    }
}

/// What the agent says of a probe that was installed.
package struct ProbeStart: Sendable, Hashable {
    /// Live functions that are watched; 0 if nothing was changed.
    package var installed: Int
    /// Functions of the watch that are left as they were.
    package var failed: [Unwatched]

    /// Makes what was installed.
    package init(installed: Int, failed: [Unwatched]) {
        self.installed = installed
        self.failed = failed
    }

    /// Reads the agent's answer. Throws `unexpected` if it is none to a `probe`.
    package init(answer: [UInt8]) throws(ProtocolError) {
        let facts = try AgentAnswer.content(of: answer, named: "look")
        guard let installed = facts["installed"]?.integer else { throw .unexpected("probe") }
        let failed = (facts["failed"]?.items ?? []).compactMap { pair -> Unwatched? in
            guard let parts = pair.items, parts.count == 2, let name = parts[0].text,
                let reason = parts[1].text
            else { return nil }
            return Unwatched(name: name, reason: reason)
        }
        self.init(installed: installed, failed: failed)
    }

    /// `facts`: what the twin made of `ProbeFacts`.
    package static func request(observer: [UInt8], facts: [UInt8]) -> [UInt8] {
        MarshalValue.tuple(["look", .bytes(observer), "probe", .bytes(facts)]).marshalled
    }
}
