/// What the agent did with a burst. Reason ids are plain text here; the plan knows them.
package struct PatchReply: Sendable, Hashable {
    /// A change that is in the process, verified.
    package struct Applied: Sendable, Hashable {
        /// `PlannedChange.id`.
        package var change: Int
        /// Function objects that have the new code: one, or one for each closure.
        package var functions: Int
        /// Frames that finish on the old code.
        package var activeFrames: Int
    }

    /// A change that stays out, or a remark; `change` is nil if it concerns the whole burst.
    package struct Remark: Sendable, Hashable {
        /// `PlannedChange.id`; nil if it concerns the whole burst.
        package var change: Int?
        /// A reason id.
        package var reason: String
        /// One sentence without a full stop; empty where the id says all.
        package var message: String
        /// What it counts: frames, cache entries; 1 if it counts nothing.
        package var count: Int
        /// Of what is no change of the burst itself.
        package var place: Place?
    }

    /// Where something stands that a remark is about.
    package struct Place: Sendable, Hashable {
        /// Module and qualified name.
        package var name: String
        /// `co_filename`.
        package var file: String
        /// In the new file, 1-based; 0 if it is not known.
        package var line: Int
    }

    /// A change that cannot go in: an exception came while it was evaluated, or it needs what was kept.
    package struct Failed: Sendable, Hashable {
        /// `PlannedChange.id`.
        package var change: Int
        /// What went wrong.
        package var cause: Rejected
        /// It was tried before, and nothing is new.
        package var isKnown: Bool
    }

    /// Why something did not go in.
    package struct Rejected: Sendable, Hashable {
        /// A reason id.
        package var reason: String
        /// `co_filename`; empty if no file is at fault.
        package var file: String
        /// In the new file, 1-based; 0 if it is not known.
        package var line: Int
        /// What Python said, or we do.
        package var message: String
    }

    /// CLOCK_MONOTONIC in nanoseconds, as the process sees it: when the work began, when all changes were in, and when
    /// they were verified.
    package struct Clock: Sendable, Hashable {
        /// When the agent began, when all was in, and when it had verified it: its clock, in nanoseconds.
        package var began: Int64
        /// See `began`.
        package var swapped: Int64
        /// See `began`.
        package var ended: Int64
    }

    /// What is in the process now.
    package var applied: [Applied]
    /// What stays out, while the rest is in.
    package var kept: [Remark]
    /// What to know of what is in.
    package var notes: [Remark]
    /// What could not go in with the rest, and what depends on it.
    package var failed: [Failed]
    /// Not nil: nothing of the burst is in the process.
    package var rejected: Rejected?
    /// Nanoseconds from the first look at live objects to the end of the swap.
    package var pause: Int
    /// Nil if nothing was changed.
    package var clock: Clock?
    /// The whole heap was searched for holders of the changed code.
    package var searchedHeap: Bool
    /// What the process's next agent is to be given; empty for what the last one was.
    package var heap: [UInt8]

    /// Reads the agent's answer. Throws `unexpected` if it is none to a `patch`.
    package init(answer: [UInt8]) throws(ProtocolError) {
        let facts = try AgentAnswer.content(of: answer, named: "patch")
        guard let pause = facts["pause"]?.integer else { throw .unexpected("patch") }
        self.pause = pause
        applied = (facts["applied"]?.items ?? []).compactMap(Applied.init)
        kept = (facts["kept"]?.items ?? []).compactMap(Remark.init)
        notes = (facts["notes"]?.items ?? []).compactMap(Remark.init)
        failed = (facts["failed"]?.items ?? []).compactMap(Failed.init)
        rejected = facts["rejected"].flatMap(Rejected.init)
        searchedHeap = facts["searched"]?.flag ?? false
        heap = facts["heap"]?.data ?? []
        clock = facts["clock"].flatMap(Clock.init)
    }

    /// The second frame after a patch: how many functions only moved and have new line numbers.
    package static func moved(answer: [UInt8]) throws(ProtocolError) -> Int {
        try AgentAnswer.content(of: answer, named: "done")["moved"]?.integer ?? 0
    }
}

extension PatchReply.Applied {
    /// Change, functions, active frames; nil for anything else.
    init?(_ value: MarshalValue) {
        guard let numbers = value.items?.compactMap(\.integer), numbers.count == 3 else { return nil }
        self.init(change: numbers[0], functions: numbers[1], activeFrames: numbers[2])
    }
}

extension PatchReply.Remark {
    /// Change (below 0 for none), reason, message, then count and place if there are any.
    init?(_ value: MarshalValue) {
        guard let parts = value.items, parts.count >= 3, let change = parts[0].integer,
            let reason = parts[1].text
        else { return nil }
        self.init(
            change: change < 0 ? nil : change, reason: reason, message: parts[2].text ?? "",
            count: parts.count > 3 ? parts[3].integer ?? 1 : 1, place: PatchReply.Place(parts))
    }
}

extension PatchReply.Place {
    /// What follows the count of a remark, if anything does.
    init?(_ parts: [MarshalValue]) {
        guard parts.count >= 7, let name = parts[4].text, let file = parts[5].text,
            let line = parts[6].integer
        else { return nil }
        self.init(name: name, file: file, line: line)
    }
}

extension PatchReply.Failed {
    /// The change, the four parts of its cause, and whether the failure was known before.
    init?(_ value: MarshalValue) {
        guard let parts = value.items, parts.count == 6, let change = parts[0].integer,
            let cause = PatchReply.Rejected(.list(Array(parts[1...4])))
        else { return nil }
        self.init(change: change, cause: cause, isKnown: parts[5].flag ?? false)
    }
}

extension PatchReply.Rejected {
    /// Reason, file, line and message; only the reason must be there.
    init?(_ value: MarshalValue) {
        guard let parts = value.items, parts.count == 4, let reason = parts[0].text else { return nil }
        self.init(
            reason: reason, file: parts[1].text ?? "", line: parts[2].integer ?? 0,
            message: parts[3].text ?? "")
    }
}

extension PatchReply.Clock {
    /// Three moments of CLOCK_MONOTONIC in nanoseconds, in their order.
    init?(_ value: MarshalValue) {
        guard let times = value.items?.compactMap(\.integer), times.count == 3 else { return nil }
        self.init(began: Int64(times[0]), swapped: Int64(times[1]), ended: Int64(times[2]))
    }
}
