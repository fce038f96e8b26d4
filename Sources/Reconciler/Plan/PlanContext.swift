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
            if !was.isConditional, isForCheckers(now) { return [deletion(was)] }
            if change.aspects.isDisjoint(with: .semantic) { return [] }
            if (was.kind == .class) != (now.kind == .class) { return [deletion(was), definition(now)] }
            let operation: PlannedChange.Operation = now.kind == .class ? .classHeader : .function
            let isDecorated = operation == .function && change.aspects.contains(.decorators)
            return [
                step(operation, was, now, change.aspects, isOverwritten: isDecorated && isOverwritten(now))
            ]
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
        _ operation: PlannedChange.Operation, _ was: Definition?, _ now: Definition?, _ aspects: Aspects,
        isOverwritten: Bool = false
    ) -> PlanStep {
        let either = now ?? was
        let qualname = either?.qualname ?? ""
        let planned = PlannedChange(
            id: 0, operation: operation, qualname: qualname, name: either?.name ?? "",
            isClass: either?.kind == .class,
            isRepeated: isRepeated(qualname, in: old) || isRepeated(qualname, in: new),
            isShadowed: now.map(isShadowed) ?? false, isConditional: either?.isConditional ?? false,
            old: was.map(Self.lines), new: now.map(Self.lines),
            aspects: aspects.intersection(.semantic).names + (isOverwritten ? ["overwritten"] : []))
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

    /// A statement after it that did not change binds its name: what that has made is not made again.
    private func isOverwritten(_ definition: Definition) -> Bool {
        let changed = Set(changes.statements.compactMap(\.new))
        return new.statements.contains {
            $0.scope == definition.parent && $0.line > definition.defLine && $0.kind != .delete
                && $0.names.contains(definition.name) && !changed.contains($0.index)
        }
    }

    /// Members of an enumeration behind one that comes or changes, whose values `auto()` counts on from it.
    func followers(of change: StatementChange) -> [String] {
        guard let index = change.new, !change.scope.isEmpty else { return [] }
        let changed = new.statements[index]
        let others = new.statements.filter {
            $0.scope == changed.scope && $0.line > changed.line && $0.kind == .assign && $0.names.count == 1
        }
        return others.filter { Words(new.bytes[$0.span]).contains { $0.elementsEqual("auto".utf8) } }.flatMap(
            \.names)
    }

    /// Plain names that a statement of the former module, which stands in the new one in another way, has bound, and that
    /// nothing binds any more.
    func namesLost(by former: Int?, _ change: StatementChange) -> [String] {
        guard let former, change.scope.isEmpty, old.statements.indices.contains(former) else { return [] }
        return old.statements[former].names.filter { name in
            !name.isEmpty && !name.contains { ".[( ,*".contains($0) } && !change.names.contains(name)
                && !new.definitions.contains { $0.qualname == name }
                && !new.statements.contains {
                    $0.scope == nil && $0.kind != .delete && $0.names.contains(name)
                }
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
