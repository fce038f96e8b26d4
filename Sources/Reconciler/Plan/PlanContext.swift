import Reloader
import SourceDiff

/// The two outlines of a file, asked what a change means.
struct PlanContext {
    /// What the process runs.
    let old: Outline
    /// What was saved.
    let new: Outline
    /// From `old` to `new`.
    let changes: ChangeSet

    /// Local definitions are a part of their function's code: its change carries theirs.
    func isPartOfFunction(_ change: DefinitionChange) -> Bool { change.qualname.contains(".<locals>.") }
    /// Statements of a class that a function makes: the function's code has them.
    func isPartOfFunction(_ change: StatementChange) -> Bool { change.scope.contains("<locals>") }

    /// Empty where nothing is to be done: the change has no meaning, or a class that comes or goes carries
    /// it.
    func steps(for change: DefinitionChange) -> [PlanStep] {
        switch (change.oldDefinition, change.newDefinition) {
        case (let was?, let now?):
            if change.aspects.isDisjoint(with: .semantic) { return [] }
            if (was.kind == .class) != (now.kind == .class) { return [deletion(was), definition(now)] }
            let operation: PlannedChange.Operation = now.kind == .class ? .classHeader : .function
            return [step(operation, was, now, change.aspects)]
        case (nil, let now?):
            // A class is made with all that is in it.
            return isInAddedClass(now) ? [] : [definition(now)]
        case (let was?, nil):
            return isInRemovedClass(was) ? [] : [deletion(was)]
        case (nil, nil):
            return []
        }
    }

    /// A function whose text is the same, to be compiled again.
    func recompiled(_ definition: Definition) -> PlanStep? {
        guard definition.kind != .class, !definition.qualname.contains(".<locals>."),
            let was = changes.old(of: definition.index).map({ old.definitions[$0] }), was.kind != .class
        else { return nil }
        return step(.function, was, definition, [.body, .annotations])
    }

    /// The definition is made again.
    private func definition(_ now: Definition) -> PlanStep { step(.define, nil, now, .added) }
    /// The name is deleted.
    private func deletion(_ was: Definition) -> PlanStep { step(.delete, was, nil, .removed) }

    /// `was` or `now` is nil where one file lacks it. Only semantic aspects are told to the agent.
    private func step(
        _ operation: PlannedChange.Operation, _ was: Definition?, _ now: Definition?, _ aspects: Aspects
    ) -> PlanStep {
        let either = now ?? was
        let qualname = either?.qualname ?? ""
        let planned = PlannedChange(
            id: 0, operation: operation, qualname: qualname, name: either?.name ?? "",
            isClass: either?.kind == .class,
            isRepeated: isRepeated(qualname, in: old) || isRepeated(qualname, in: new),
            isShadowed: now.map(isShadowed) ?? false, isConditional: either?.isConditional ?? false,
            old: was.map(Self.lines), new: now.map(Self.lines),
            aspects: aspects.intersection(.semantic).names)
        let isClass = either?.kind == .class
        return .apply(
            planned,
            PatchPlan.Subject(
                name: qualname, line: now?.defLine ?? was?.defLine ?? 0,
                kind: isClass ? .class : qualname.contains(".") ? .method : .function,
                change: Self.change(aspects)))
    }

    /// The one word that says most of several aspects.
    private static func change(_ aspects: Aspects) -> PatchReport.Change {
        let order: [(Aspects, PatchReport.Change)] = [
            (.added, .added), (.removed, .removed), (.bases, .bases), (.decorators, .decorators),
            (.parameters, .signature), (.body, .body), (.defaults, .defaults), (.annotations, .annotations),
            (.typeParameters, .annotations), (.doc, .doc),
        ]
        return order.first { aspects.contains($0.0) }?.1 ?? .body
    }

    /// Whether several definitions have the name: then the agent must find out which live object is meant.
    private func isRepeated(_ qualname: String, in outline: Outline) -> Bool {
        outline.definitions.contains { $0.occurrence > 0 && $0.qualname == qualname }
    }

    /// The name leads to a later definition whatever this one makes.
    private func isShadowed(_ definition: Definition) -> Bool {
        new.definitions.contains {
            $0.occurrence > definition.occurrence && $0.qualname == definition.qualname
        }
    }

    /// Its class, or one around that, is new or was no class before.
    private func isInAddedClass(_ definition: Definition) -> Bool {
        guard let parent = definition.parent else { return false }
        guard let match = changes.old(of: parent), isClass(old, match) == isClass(new, parent) else {
            return true
        }
        return isInAddedClass(new.definitions[parent])
    }

    /// Its class, or one around that, is gone or is no class any more.
    private func isInRemovedClass(_ definition: Definition) -> Bool {
        guard let parent = definition.parent else { return false }
        guard let match = changes.new(of: parent), isClass(new, match) == isClass(old, parent) else {
            return true
        }
        return isInRemovedClass(old.definitions[parent])
    }

    private func isClass(_ outline: Outline, _ index: Int) -> Bool {
        outline.definitions[index].kind == .class
    }

    /// First the line that the definition begins in with its decorators (CPython's `co_firstlineno`), second
    /// that of `def`.
    private static func lines(_ definition: Definition) -> PlannedChange.Lines {
        PlannedChange.Lines(first: definition.firstLine, second: definition.defLine)
    }
}
