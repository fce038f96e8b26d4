import Reloader
import SourceDiff

/// Statements of module and class bodies.
extension PlanContext {
    func steps(for change: StatementChange, among all: [StatementChange]) -> [PlanStep] {
        // A compound statement is told by its details, where it has any.
        if change.kind.isCompound, all.contains(where: { isDetail($0, of: change, in: all) }) { return [] }
        if isInNewClass(change) { return [] }
        switch change.change {
        case .doc: return []
        case .reordered: return [keep(change, "it stands in another order now")]
        case .removed:
            return change.kind == .pass ? [] : [keep(change, "removed; what it did stays until a restart")]
        case .added, .changed: return [executed(change)]
        }
    }

    private func executed(_ change: StatementChange) -> PlanStep {
        let isNew = change.change == .added
        switch change.kind {
        case .import, .fromImport:
            return change.container == nil
                ? apply(change, .import) : keep(change, "it stands inside of another statement")
        case .assign, .annotatedAssign:
            if change.names.count == 1, Self.isName(change.names[0]) {
                return apply(change, isNew ? .assign : .constant)
            }
            return isNew
                ? keep(change, "only assignments to one plain name are executed") : changedLambdas(change)
        case .typeAlias: return apply(change, isNew ? .assign : .constant)
        case .pass: return keep(change, "it does nothing")
        case .augmentedAssign, .expression:
            return isNew ? keep(change, "new statement; it is not run") : changedLambdas(change)
        case .if, .try, .for, .while, .with, .match, .delete, .raise, .assert,
            .global,
            .other:
            return keep(
                change, isNew ? "new statement; it is not run" : "changed statement; it is not run again")
        }
    }

    private func isDetail(_ detail: StatementChange, of change: StatementChange, in all: [StatementChange])
        -> Bool
    {
        guard let container = detail.container, all.indices.contains(container) else { return false }
        return all[container].kind == change.kind && all[container].newLine == change.newLine
            && all[container].oldLine == change.oldLine
    }

    private func apply(_ change: StatementChange, _ operation: PlannedChange.Operation) -> PlanStep {
        let planned = PlannedChange(
            id: 0, operation: operation, qualname: name(of: change), name: change.names.first ?? "",
            isConditional: change.container != nil, old: lines(change.old, in: old),
            new: lines(change.new, in: new),
            scope: change.scope)
        let isImport = operation == .import
        return .apply(
            planned,
            PatchPlan.Subject(
                name: planned.qualname, line: change.newLine ?? change.oldLine ?? 0,
                kind: isImport ? .import : .assignment,
                change: isImport ? .executed : operation == .assign ? .added : .value))
    }

    /// Perhaps nothing but lambdas differs, and their bodies go in; else the agent says that the statement stays out.
    private func changedLambdas(_ change: StatementChange) -> PlanStep {
        guard case .apply(var planned, let subject) = apply(change, .constant) else {
            return apply(change, .constant)
        }
        planned.name = ""
        return .apply(planned, subject)
    }

    private func keep(_ change: StatementChange, _ message: String) -> PlanStep {
        .keep(
            PatchPlan.Kept(
                name: name(of: change), line: change.newLine ?? change.oldLine ?? 0, reason: .moduleStatement,
                message: message))
    }

    private func lines(_ index: Int?, in outline: Outline) -> PlannedChange.Lines? {
        index.map {
            PlannedChange.Lines(first: outline.statements[$0].line, second: outline.statements[$0].endLine)
        }
    }

    private func name(of change: StatementChange) -> String {
        let what = change.names.isEmpty ? change.kind.rawValue : change.names.joined(separator: ", ")
        return change.scope.isEmpty ? what : change.scope + "." + what
    }

    private func isInNewClass(_ change: StatementChange) -> Bool {
        !change.scope.isEmpty
            && !(old.definitions.contains { $0.kind == .class && $0.qualname == change.scope }
                && new.definitions.contains { $0.kind == .class && $0.qualname == change.scope })
    }

    private static func isName(_ text: String) -> Bool {
        !text.isEmpty && !text.contains { ".[( ,".contains($0) }
    }
}
