import Reloader

extension FileState {
    /// A change that could not go in, although the rest of its file did.
    struct Pending {
        /// The file's content in which the definition or statement is as the process runs it.
        var origin: Source
        /// Why it failed; told to the agent, so that the same failure is not told to users again.
        var earlier: PlannedChange.Earlier
    }

    /// Remembers what could not go in of a burst in which this file was planned, and forgets what did.
    mutating func note(_ failures: [Burst.Failure]) {
        let own = failures.filter { $0.file == display }
        let names = Set(own.map(\.name))
        let known = Set(pending.keys).subtracting(own.map(\.key))
        kept.removeAll { remark in
            remark.reason.isRetried && !names.contains(remark.name) && !known.isEmpty
        }
        pending = own.reduce(into: [:]) {
            $0[$1.key] = Pending(origin: $1.origin, earlier: $1.earlier)
        }
    }
}

extension ReasonID {
    /// Whether a change that stays out for this is tried again when something it needs changes.
    var isRetried: Bool {
        switch self {
        case .importFailed, .defaultFailed, .decoratorFailed, .needsKept: true
        default: false
        }
    }
}

extension PlannedChange {
    /// What stays the same from one source of the file to the next.
    var key: String {
        switch operation {
        case .function, .define, .delete, .classHeader: qualname
        case .import, .assign, .constant, .block, .annotation, .doc: "\(scope)=\(qualname)"
        }
    }
}

extension Burst {
    /// One change that could not go in, for the next bursts.
    struct Failure {
        /// As users see the file.
        var file: String
        /// `PlannedChange.key`, by which later saves find the change again.
        var key: String
        /// As the remark on it is named.
        var name: String
        /// The content in which the definition or statement is as the process runs it.
        var origin: FileState.Source
        /// Reason and message of this failure.
        var earlier: PlannedChange.Earlier
    }

    /// What the agent could not evaluate, with what the process runs in its place.
    func failures(of reply: PatchReply) -> [Failure] {
        reply.failed.compactMap { failed in
            guard let plan = plans.first(where: { $0.plan.subjects[failed.change] != nil }),
                let origin = plan.origin, let subject = plan.plan.subjects[failed.change],
                let planned = plan.plan.planned.first(where: { $0.id == failed.change })
            else { return nil }
            return Failure(
                file: plan.file, key: planned.key, name: plan.name(subject.name), origin: origin,
                earlier: PlannedChange.Earlier(reason: failed.cause.reason, message: failed.cause.message))
        }
    }
}

extension PatchPlan {
    /// The same plan without the changes of these keys.
    func without(_ keys: some Collection<String>) -> PatchPlan {
        guard !keys.isEmpty else { return self }
        var plan = self
        plan.planned.removeAll { keys.contains($0.key) }
        return plan
    }

    /// Nothing but the changes of these keys, each told why it failed unless its text is new since.
    func only(_ pending: [String: FileState.Pending], isNew: Set<String>) -> PatchPlan {
        var plan = self
        plan.kept = []
        plan.planned = planned.filter { pending[$0.key] != nil }.map { change in
            var change = change
            if !isNew.contains(change.key) { change.earlier = pending[change.key]?.earlier }
            return change
        }
        return plan
    }
}
