import Reloader
import SourceDiff

extension PatchPlan {
    /// Against live code instead of an old source: every function that differs gets its new body, and its new doc
    /// string unless the program has set another one, and annotations that are text. Its old defaults, decorators and
    /// other annotations are not known, so they stay.
    init(unknown comparisons: [LiveComparison], new: Outline, firstID: Int) {
        self.init(firstID: firstID)
        for place in Set(comparisons.flatMap(\.differ)).sorted(by: { $0.line < $1.line }) {
            guard let found = new.definition(at: place) else { continue }
            let lines = PlannedChange.Lines(first: found.firstLine, second: found.defLine)
            let change = PlannedChange(
                id: 0, operation: .function, qualname: found.qualname, name: found.name,
                isRepeated: found.occurrence > 0, isConditional: found.isConditional, old: lines, new: lines,
                aspects: ["body", "doc"] + (new.futureFlags.contains(.annotations) ? ["annotations"] : []))
            let subject = Subject(
                name: found.qualname, line: found.firstLine, kind: found.parent == nil ? .function : .method,
                change: .body)
            add([.apply(change, subject)])
        }
        for place in Set(comparisons.flatMap(\.missing)).sorted(by: { $0.line < $1.line }) {
            guard let found = new.definition(at: place), !found.isConditional else { continue }
            if place.isFree, !new.deletes {
                add([.newDefinition(found)])
                continue
            }
            let message = "not in the process, and what it ran before is not known"
            add([
                .keep(
                    Kept(name: place.qualname, line: place.line, reason: .baselineUnknown, message: message))
            ])
        }
        let differing = Set(comparisons.flatMap(\.differ).map(\.qualname))
        var executed: Set<Int> = []
        for fact in Set(comparisons.flatMap(\.facts)).sorted(by: { $0.line < $1.line }) {
            if fact.kind == .defaults, differing.contains(fact.qualname) { continue }
            // One statement may bind several names.
            if fact.kind == .bound, !executed.insert(fact.line).inserted { continue }
            add(Self.steps(for: fact, in: new))
        }
    }

    /// What nothing but the file can have set is set; what the program may have set itself is named.
    private static func steps(for fact: LiveComparison.Fact, in new: Outline) -> [PlanStep] {
        switch fact.kind {
        case .value, .bases, .taken: return [.keep(fact.kept)]
        case .defaults:
            guard
                let found = new.definitions.first(where: {
                    $0.qualname == fact.qualname && $0.defLine == fact.line
                })
            else { return [] }
            let lines = PlannedChange.Lines(first: found.firstLine, second: found.defLine)
            let change = PlannedChange(
                id: 0, operation: .function, qualname: found.qualname, name: found.name,
                isRepeated: found.occurrence > 0, old: lines, new: lines,
                aspects: ["body", "defaults", "unknown"])
            let subject = Subject(
                name: found.qualname, line: found.defLine, kind: found.parent == nil ? .function : .method,
                change: .defaults)
            return [.apply(change, subject)]
        case .bound: return new.deletes ? [] : new.statement(binding: fact).map { [$0] } ?? []
        }
    }
}

extension LiveComparison.Fact {
    /// What is said where it stays as it is.
    var kept: PatchPlan.Kept {
        let reason: ReasonID = kind == .bases ? .basesOrMetaclass : .liveValueKept
        let message =
            switch kind {
            case .bases: "the class of the process has other bases than the file says"
            case .taken:
                "the process has something else there than the import would give; which was changed is not known"
            default: "the process has another value than the file; which of them was changed is not known"
            }
        return PatchPlan.Kept(name: qualname, line: line, reason: reason, message: message)
    }
}

extension LiveComparison {
    /// Definitions of `outline`, the file's, that were never made in the process although nothing in the file would
    /// have stopped that: it ran another source.
    func absent(from outline: Outline) -> [Place] {
        guard !outline.deletes else { return [] }
        return missing.filter { place in
            place.isAbsent && outline.definition(at: place).map { !$0.isConditional } == true
        }
    }
}

extension Outline {
    /// Of that qualified name, if the place's line is one from the first decorator to `def`; nil if there is
    /// none.
    fileprivate func definition(at place: LiveComparison.Place) -> Definition? {
        definitions.first {
            $0.qualname == place.qualname && ($0.firstLine...$0.defLine).contains(place.line)
        }
    }

    /// The import or assignment that a name of the process lacks, to be executed.
    fileprivate func statement(binding fact: LiveComparison.Fact) -> PlanStep? {
        let parts = fact.qualname.split(separator: ".").map(String.init)
        guard let name = parts.last,
            let statement = statements.first(where: { $0.line == fact.line && $0.names.contains(name) })
        else { return nil }
        let isImport = statement.kind == .import || statement.kind == .fromImport
        let change = PlannedChange(
            id: 0, operation: isImport ? .import : .assign, qualname: fact.qualname, name: name,
            new: PlannedChange.Lines(first: statement.line, second: statement.endLine),
            scope: parts.dropLast().joined(separator: "."))
        return .apply(
            change,
            PatchPlan.Subject(
                name: fact.qualname, line: fact.line, kind: isImport ? .import : .assignment,
                change: isImport ? .executed : .added))
    }

    /// A `del` may have taken any name away again.
    var deletes: Bool { statements.contains { $0.kind == .delete } }
}

extension LiveComparison {
    /// Without what is about these definitions, and what is missing in these classes, which are made as a whole.
    func without(_ names: Set<String>, in classes: Set<String>) -> LiveComparison {
        var rest = self
        rest.differ.removeAll { names.contains($0.qualname) }
        rest.missing.removeAll { place in
            names.contains(place.qualname) || classes.contains { place.qualname.hasPrefix($0 + ".") }
        }
        rest.facts.removeAll { names.contains($0.qualname) }
        return rest
    }
}

extension PatchPlan {
    /// What a save changed of what the process is known to run, of a file of which it does not run all. `lacking`:
    /// functions of `new` that the process does not have.
    init(partial: FileState.PartialBaseline, new: Outline, lacking: Set<String>, firstID: Int) {
        self.init(firstID: firstID)
        guard let old = partial.source.outline else { return }
        self.init(old: old, new: new, changes: ChangeSet(from: old, to: new), firstID: firstID)
        planned.removeAll { change in
            subjects[change.id].map { partial.differing.contains($0.name) } ?? false
        }
        kept.removeAll { partial.differing.contains($0.name) }
        // New to the file, and not to the process: it ran a source that had it. What lives is changed, not made twice.
        planned.removeAll { change in
            guard change.operation == .define, let name = subjects[change.id]?.name else { return false }
            let functions = new.definitions.filter {
                $0.kind != .class && !$0.qualname.contains(".<locals>.")
                    && ($0.qualname == name || $0.qualname.hasPrefix(name + "."))
            }
            return !functions.isEmpty && !functions.contains { lacking.contains($0.qualname) }
        }
        for index in planned.indices where planned[index].operation == .define {
            planned[index].aspects.append("unknown")
        }
    }

    /// Qualified names, without the module, of what it is about.
    var names: Set<String> {
        let all = planned.compactMap { subjects[$0.id]?.name } + kept.map(\.name)
        return Set(all.flatMap(Self.single))
    }

    /// Classes that it makes, with all that is in them.
    var madeClasses: Set<String> {
        Set(planned.filter { $0.operation == .define && $0.isClass }.compactMap { subjects[$0.id]?.name })
    }

    /// `C.a, b`, as a statement is named that binds two names: `C.a` and `C.b`.
    private static func single(_ name: String) -> [String] {
        let parts = name.split(separator: ",").map { String($0.drop { $0 == " " }) }
        guard parts.count > 1, let first = parts.first else { return [name] }
        let owner = first.lastIndex(of: ".").map { String(first[...$0]) } ?? ""
        return [first] + parts.dropFirst().map { owner + $0 }
    }

    /// Nothing of the file goes in yet: it looks like half of a save.
    var keptAsHalf: PatchPlan {
        keptWhole(.heldBack, "most of the file is gone; taken as it is in a second if it stays so")
    }

    /// Nothing of the file goes in: what an import hook has put into its code would be lost.
    var keptAsTransformed: PatchPlan {
        keptWhole(.transformedSource, "an import hook has changed this module's code")
    }

    /// The same file, with nothing of it going in.
    func keptWhole(_ reason: ReasonID, _ message: String) -> PatchPlan {
        var plan = PatchPlan(firstID: nextID)
        plan.add([.keep(Kept(name: "", line: 1, reason: reason, message: message))])
        plan.isKeptWhole = true
        return plan
    }
}
