/// What is recorded of the calls of some functions; for the twin, which compiles it and adds the functions' code.
package struct ProbeFacts: Sendable {
    package var identifier: Int
    /// Nil for every call.
    package var filter: String?
    /// What is shown; none for the parameters and the result.
    package var expressions: [String] = []
    package var onlyErrors = false
    package var before = false
    package var callers = 0
    /// Calls that are recorded in one process; -1 for no end.
    package var limit = -1
    /// Time in hooks that is allowed, as a part of one processor's.
    package var budget = 0.02
    package var depth = 1
    package var isVerbose = false
    package var redacts = true
    package var isRaw = false
    package var allowsCalls = false

    package init(identifier: Int) { self.identifier = identifier }

    var message: MarshalValue {
        [
            "id": .int(Int64(identifier)), "filter": .optional(filter), "late": false,
            "expressions": .strings(expressions), "only_errors": .bool(onlyErrors), "before": .bool(before),
            "callers": .int(Int64(callers)), "limit": .int(Int64(limit)), "budget": .float(budget),
            "depth": .int(Int64(depth)), "verbose": .bool(isVerbose), "redact": .bool(redacts),
            "raw": .bool(isRaw), "allow_calls": .bool(allowsCalls),
        ]
    }
}

/// A function that could not be watched.
package struct Unwatched: Sendable, Hashable {
    /// Qualified, for the twin's refusals without the module.
    package var name: String
    /// A reason id, or a sentence of the twin's.
    package var reason: String

    package init(name: String, reason: String) {
        self.name = name
        self.reason = reason
    }
}

/// What the agent says of a probe that was installed.
package struct ProbeStart: Sendable, Hashable {
    /// Live functions that are watched; 0 if nothing was changed.
    package var installed: Int
    package var failed: [Unwatched]

    package init(installed: Int, failed: [Unwatched]) {
        self.installed = installed
        self.failed = failed
    }

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
