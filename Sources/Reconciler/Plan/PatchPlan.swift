package import Reloader
package import SourceDiff

/// What one changed file means for a process that runs its old source: what is asked of the agent, and what stays out
/// although nobody has looked at the process yet.
package struct PatchPlan: Sendable {
    /// For the compiler twin, in the order of the new source.
    package internal(set) var planned: [PlannedChange] = []
    /// What stays out whatever the process looks like.
    package internal(set) var kept: [Kept] = []
    /// What a planned change is about, by its id.
    package internal(set) var subjects: [Int: Subject] = [:]
    /// The id after the last one used.
    package internal(set) var nextID: Int
    /// Nothing of the file goes in, and the process keeps its old source: a plan that was turned into remarks only.
    package internal(set) var isKeptWhole = false

    /// A change that stays out. `line` is in the new file, or in the old one for what is gone.
    package struct Kept: Sendable, Hashable {
        /// The qualified name, without the module.
        package var name: String
        /// 1-based.
        package var line: Int
        /// Why it stays out.
        package var reason: ReasonID
        /// One sentence without a full stop.
        package var message: String
    }

    /// What a planned change is about, for its reader.
    package struct Subject: Sendable, Hashable {
        /// The qualified name, without the module.
        package var name: String
        /// In the new file, 1-based; in the old one for what is gone.
        package var line: Int
        /// What it is.
        package var kind: PatchReport.Kind
        /// What happened to it.
        package var change: PatchReport.Change
        /// Of a member of an enumeration: those after it, whose values count on from it.
        package var followers: [String] = []
    }

    /// Nothing to ask of the process but line numbers, and nothing to tell.
    package var isEmpty: Bool { planned.isEmpty && kept.isEmpty }

    /// Asks for nothing; `firstID`: the id of its first change.
    init(firstID: Int) { nextID = firstID }

    /// `firstID`: ids must be unique in a burst; the next file's plan starts at this one's `nextID`.
    package init(old: Outline, new: Outline, changes: ChangeSet, firstID: Int = 0) {
        self.init(firstID: firstID)
        let context = PlanContext(old: old, new: new, changes: changes)
        for change in changes.definitions
        where !context.isPartOfFunction(change) && !context.isInNewBlock(change, of: changes.statements) {
            add(context.steps(for: change))
        }
        for change in changes.statements where !context.isPartOfFunction(change) {
            add(context.steps(for: change, among: changes.statements))
        }
        if changes.futureChanged { addEveryFunction(of: context) }
    }

    /// Gives every change its id, in the order of the steps.
    mutating func add(_ steps: [PlanStep]) {
        for step in steps {
            switch step {
            case .keep(let kept): self.kept.append(kept)
            case .apply(var change, let subject):
                change.id = nextID
                planned.append(change)
                subjects[nextID] = subject
                nextID += 1
            }
        }
    }

    /// Another `__future__` import changes code and annotations of functions whose header, or whose whole text, is the
    /// same.
    private mutating func addEveryFunction(of context: PlanContext) {
        let known = Set(planned.compactMap(\.new))
        for index in planned.indices where planned[index].operation == .function {
            let missing = Aspects.annotations.names.filter { !planned[index].aspects.contains($0) }
            planned[index].aspects += missing
        }
        for definition in context.new.definitions {
            guard let step = context.recompiled(definition), case .apply(let change, _) = step else {
                continue
            }
            if let lines = change.new, !known.contains(lines) { add([step]) }
        }
    }
}

/// One thing that a plan decides.
enum PlanStep {
    /// To be asked of the process; the change's id is set when it is added to a plan.
    case apply(PlannedChange, PatchPlan.Subject)
    /// Stays out whatever the process looks like.
    case keep(PatchPlan.Kept)

    /// A function that the process has never had.
    static func newDefinition(_ found: Definition) -> PlanStep {
        let lines = PlannedChange.Lines(first: found.firstLine, second: found.defLine)
        let change = PlannedChange(
            id: 0, operation: .define, qualname: found.qualname, name: found.name,
            isRepeated: found.occurrence > 0, new: lines, aspects: Aspects.added.names)
        return .apply(
            change,
            PatchPlan.Subject(
                name: found.qualname, line: found.defLine, kind: found.parent == nil ? .function : .method,
                change: .added))
    }
}
