import Reloader
import SourceDiff

/// Statements of module and class bodies.
extension PlanContext {
    /// `all`: the whole change set's, because a removed and an added statement may be one. Empty where
    /// another step carries it.
    func steps(for change: StatementChange, among all: [StatementChange]) -> [PlanStep] {
        // A compound statement is told by its details, where it has any.
        let details = change.kind.isCompound ? all.filter { isDetail($0, of: change, in: all) } : []
        if !details.isEmpty, !mayFill(change, by: details, in: all) { return [] }
        if isInNewClass(change) || isInFilling(change, in: all) { return [] }
        let partner = partner(of: change, in: all)
        switch change.change {
        case .doc: return change.scope.isEmpty ? [apply(change, .doc)] : []
        case .reordered: return [keep(change, "it stands in another order now")]
        case .removed:
            let lost = lostNames(of: change, in: all)
            if lost?.isEmpty == true || isOfLostName(change) { return [] }
            // The remark on the partner tells only of what that binds.
            if let partner, lost == nil || partner.names == change.names { return [] }
            let isAnnotation =
                change.kind == .annotatedAssign && change.container == nil && change.names.count == 1
                && Self.isName(change.names[0])
            return [
                isAnnotation
                    ? apply(change, .annotation)
                    : keep(change, "removed; what it did stays until a restart", only: lost)
            ]
        case .added, .changed:
            if change.kind == .pass { return [] }
            if holdsNewDefinition(change), !isNewBlock(change, in: all) { return [] }
            let step = executed(change, instead: partner, among: all)
            guard change.change == .changed, change.kind == .fromImport, change.names == ["*"] else {
                return [step]
            }
            return [step, keep(change, "what the former star brought stays until a restart", only: ["*"])]
        }
    }

    /// What becomes of a new or changed statement: only what binds names is run again. `partner`: the one it
    /// stands for.
    private func executed(
        _ change: StatementChange, instead partner: StatementChange?, among all: [StatementChange]
    ) -> PlanStep {
        let isNew = change.change == .added && partner == nil
        if isNew, extendsNew(change, among: all) {
            return apply(change, .block, called: change.names.isEmpty ? base(of: change) : nil)
        }
        if deletesNew(change, among: all) {
            return apply(change, .block, called: base(of: change))
        }
        switch change.kind {
        case .import, .fromImport:
            return apply(change, .import)
        case .assign, .annotatedAssign:
            if change.names.count == 1, Self.isName(change.names[0]) {
                return apply(change, change.change == .added ? .assign : .constant)
            }
            return isNew
                ? keep(change, "only assignments to one plain name are executed")
                : changedLambdas(change, partner)
        case .typeAlias: return apply(change, isNew ? .assign : .constant)
        case .augmentedAssign, .expression:
            return isNew ? keep(change, "new statement; it is not run") : changedLambdas(change, partner)
        case .if where isNew, .try where isNew, .for where isNew && worksOnNew(change, among: all):
            return apply(change, .block, called: touched(by: change).map { $0.joined(separator: ", ") })
        case .if, .try, .for, .while, .with, .match, .delete, .raise, .assert, .global, .pass, .other:
            guard !isNew else {
                return keep(change, "new statement; it is not run", only: touched(by: change))
            }
            let lost = namesLost(by: change.old ?? partner?.old, change)
            let names = lost.isEmpty ? touched(by: change) : change.names + lost
            return keep(change, "changed statement; it is not run again", only: names)
        }
    }

    /// Whether the statement binds several new names, or sets, fills or extends what has a new name: nothing that is
    /// there already is touched, so it may run. The compiler looks closer.
    private func extendsNew(_ change: StatementChange, among all: [StatementChange]) -> Bool {
        guard change.scope.isEmpty, change.container == nil, change.change == .added else { return false }
        switch change.kind {
        case .assign where change.names.allSatisfy(Self.isName):
            return change.names.count > 1 && change.names.allSatisfy { !isBound($0, in: old) }
        case .assign, .augmentedAssign, .expression:
            guard let index = change.new, let name = Self.root(new.bytes[new.statements[index].span]) else {
                return false
            }
            return isMadeNew(name, before: change, among: all)
        case .annotatedAssign, .import, .fromImport, .typeAlias, .if, .try, .for, .while, .with, .match,
            .delete,
            .raise, .assert, .global, .pass, .other:
            return false
        }
    }

    /// `del name`, where the change set has given the module that name.
    private func deletesNew(_ change: StatementChange, among all: [StatementChange]) -> Bool {
        guard change.kind == .delete, change.scope.isEmpty, change.container == nil, let index = change.new,
            let name = deletedName(index, in: new)
        else { return false }
        let former = change.old ?? partner(of: change, in: all)?.old
        let isFormerGone = former.map { deletedName($0, in: old).map(isLost) ?? false } ?? true
        return isFormerGone && isMadeNew(name, before: change, among: all)
    }

    /// A removed `del name`, where nothing gives the module that name any more.
    private func isOfLostName(_ change: StatementChange) -> Bool {
        change.kind == .delete && change.scope.isEmpty && change.container == nil
            && (deletedName(change).map(isLost) ?? false)
    }

    /// Whether the former module's own text gave it the name, and the new one's does not.
    private func isLost(_ name: String) -> Bool { isBound(name, in: old) && !isBound(name, in: new) }

    /// The name that a statement begins with; nil if it begins in another way.
    private static func root(_ text: ArraySlice<UInt8>) -> String? {
        var words = Words(text)
        guard let word = words.next(), word.startIndex == text.startIndex else { return nil }
        return String(decoding: word, as: UTF8.self)
    }

    /// Whether an earlier statement or definition, which the old file has not, gives the module this name, that
    /// meant nothing in it before.
    func isMadeNew(_ name: String, before change: StatementChange, among all: [StatementChange])
        -> Bool
    {
        guard !isBound(name, in: old), let line = change.newLine else { return false }
        let isAssigned = all.contains { other in
            other.change == .added && other.scope.isEmpty && other.container == nil
                && other.names.contains(name)
                && [.assign, .annotatedAssign].contains(other.kind) && other.newLine.map { $0 < line } == true
        }
        return isAssigned
            || new.definitions.contains { $0.qualname == name && !$0.isConditional && $0.defLine < line }
    }

    /// Whether the module's own text gives it the name.
    private func isBound(_ name: String, in outline: Outline) -> Bool {
        outline.definitions.contains { $0.qualname == name }
            || outline.statements.contains {
                $0.scope == nil && $0.kind != .delete && $0.names.contains(name)
            }
    }

    /// Whether the former module itself has taken the name away again, for certain: not in a block, which may not have run,
    /// and where no function gives the module names.
    private func isDeleted(_ name: String) -> Bool {
        let last = old.statements.last {
            $0.scope == nil
                && ($0.kind == .delete
                    ? $0.container == nil && deletedName($0.index, in: old) == name : $0.names.contains(name))
        }
        return last?.kind == .delete && !Words(old.bytes[...]).contains { $0.elementsEqual("global".utf8) }
    }

    /// For a removed statement the added one that stands for it now, and the reverse: of one kind in one scope, in
    /// order. What binds plain names is told apart by them.
    func partner(of change: StatementChange, in all: [StatementChange]) -> StatementChange? {
        switch change.kind {
        case .import, .fromImport, .typeAlias, .pass: return nil
        case .assign, .annotatedAssign:
            if Self.isOfOneName(change) { return nil }
        case .augmentedAssign, .expression, .if, .try, .for, .while, .with, .match, .delete, .raise, .assert,
            .global, .other:
            break
        }
        func alike(_ wanted: StatementChange.Change) -> [StatementChange] {
            all.filter {
                $0.change == wanted && $0.kind == change.kind && $0.scope == change.scope
                    && ($0.container == nil) == (change.container == nil) && !Self.isOfOneName($0)
            }
        }
        let (removed, added) = (alike(.removed), alike(.added))
        switch change.change {
        case .removed:
            let index = removed.firstIndex { $0.old == change.old }
            return index.flatMap { added.indices.contains($0) ? added[$0] : nil }
        case .added:
            let index = added.firstIndex { $0.new == change.new }
            return index.flatMap { removed.indices.contains($0) ? removed[$0] : nil }
        case .changed, .reordered, .doc: return nil
        }
    }

    /// Whether it stands in a block of the changed statement.
    func isDetail(_ detail: StatementChange, of change: StatementChange, in all: [StatementChange])
        -> Bool
    {
        guard let container = detail.container, all.indices.contains(container) else { return false }
        return all[container].kind == change.kind && all[container].newLine == change.newLine
            && all[container].oldLine == change.oldLine
    }

    /// Lines are those of the whole statement; its old lines are its partner's where it has none.
    private func apply(
        _ change: StatementChange, _ operation: PlannedChange.Operation,
        instead partner: StatementChange? = nil, called: String? = nil
    ) -> PlanStep {
        let planned = PlannedChange(
            id: 0, operation: operation, qualname: called ?? name(of: change), name: change.names.first ?? "",
            isConditional: change.container != nil, old: lines(change.old ?? partner?.old, in: old),
            new: lines(change.new, in: new),
            scope: change.scope)
        let kind: PatchReport.Kind =
            operation == .import ? .import : operation == .block ? .statement : .assignment
        return .apply(
            planned,
            PatchPlan.Subject(
                name: planned.qualname, line: change.newLine ?? change.oldLine ?? 0,
                kind: kind, change: Self.change(operation), followers: followers(of: change)))
    }

    /// As users read it.
    private static func change(_ operation: PlannedChange.Operation) -> PatchReport.Change {
        switch operation {
        case .import, .block: .executed
        case .assign, .define: .added
        case .annotation, .delete: .removed
        case .doc: .doc
        case .constant, .function, .classHeader: .value
        }
    }

    /// Perhaps nothing but lambdas differs, and their bodies go in; else the agent says that the statement stays out.
    private func changedLambdas(_ change: StatementChange, _ partner: StatementChange?) -> PlanStep {
        let object = change.kind == .expression ? base(of: change) : nil
        let base = object.map { change.scope.isEmpty ? $0 : change.scope + "." + $0 }
        let step = apply(change, .constant, instead: partner, called: base)
        guard case .apply(var planned, let subject) = step else { return step }
        planned.name = ""
        return .apply(planned, subject)
    }

    /// The remark is named by the object that the statement changes, where that is known.
    /// `only`: of the names that it binds.
    private func keep(_ change: StatementChange, _ message: String, only names: [String]? = nil) -> PlanStep {
        let what = names?.joined(separator: ", ") ?? base(of: change)
        let name = what.map { change.scope.isEmpty ? $0 : change.scope + "." + $0 }
        return .keep(
            PatchPlan.Kept(
                name: name ?? self.name(of: change), line: change.newLine ?? change.oldLine ?? 0,
                reason: .moduleStatement, message: message))
    }

    /// The name whose object a statement uses or changes, as `table` in `table.update(…)` and `table[1] = …`; nil if it
    /// begins in another way, and for an attribute that is set, which has a name of its own.
    func base(of change: StatementChange) -> String? {
        if change.kind == .delete { return deleted(by: change) }
        guard change.kind == .expression || change.names.count == 1 && change.names[0].hasSuffix("]") else {
            return nil
        }
        let (outline, index) = change.new.map { (new, $0) } ?? (old, change.old ?? -1)
        guard outline.statements.indices.contains(index) else { return nil }
        let text = outline.bytes[outline.statements[index].span]
        var words = Words(text)
        guard let word = words.next(), word.startIndex == text.startIndex,
            let next = text[word.endIndex...].first, [UInt8(ascii: "."), UInt8(ascii: "[")].contains(next)
        else { return nil }
        return String(decoding: word, as: UTF8.self)
    }

    /// `del name`; nil of what deletes anything else.
    private func deleted(by change: StatementChange) -> String? { deletedName(change).map { "del " + $0 } }

    /// The plain name that alone is deleted, or nil.
    private func deletedName(_ change: StatementChange) -> String? {
        let (outline, index) = change.new.map { (new, $0) } ?? (old, change.old ?? -1)
        return outline.statements.indices.contains(index) ? deletedName(index, in: outline) : nil
    }

    private func deletedName(_ index: Int, in outline: Outline) -> String? {
        let targets = outline.bytes[outline.statements[index].span].dropFirst("del ".utf8.count)
        let text = String(decoding: targets, as: UTF8.self)
        return text.contains { ",.[(\\#\n".contains($0) } ? nil : text
    }

    /// nil where the statement is not in that text.
    private func lines(_ index: Int?, in outline: Outline) -> PlannedChange.Lines? {
        index.map {
            PlannedChange.Lines(first: outline.statements[$0].line, second: outline.statements[$0].endLine)
        }
    }

    /// What it binds, with the class's name before it; a statement that binds nothing is named by its kind.
    private func name(of change: StatementChange) -> String {
        if change.change == .doc { return "__doc__" }
        let what = change.names.isEmpty ? change.kind.rawValue : change.names.joined(separator: ", ")
        return change.scope.isEmpty ? what : change.scope + "." + what
    }

    /// Names that a removed assignment or import has bound, and no definition or new statement binds: those that only
    /// type checkers see do not count. None of a `pass`; nil of what binds no plain names.
    private func lostNames(of change: StatementChange, in all: [StatementChange]) -> [String]? {
        switch change.kind {
        case .pass: return []
        case .assign, .annotatedAssign, .import, .fromImport:
            guard !change.names.isEmpty else { return nil }
            let prefix = change.scope.isEmpty ? "" : change.scope + "."
            // What a star has brought does not come with another one.
            return change.names.filter { name in
                name == "*"
                    || !(change.scope.isEmpty && isDeleted(name))
                        && !new.definitions.contains { $0.qualname == prefix + name && !$0.isConditional }
                        && !all.contains {
                            $0.change == .added && $0.scope == change.scope && $0.names.contains(name)
                                && !isForCheckers($0, in: all)
                        }
            }
        case .augmentedAssign, .typeAlias, .expression, .if, .try, .for, .while, .with, .match, .delete,
            .raise,
            .assert, .global, .other:
            return nil
        }
    }

    /// Whether it stands below `if TYPE_CHECKING:`, or is that.
    func isForCheckers(_ change: StatementChange, in all: [StatementChange]) -> Bool {
        let around = change.container.flatMap { all.indices.contains($0) ? all[$0] : nil } ?? change
        guard around.kind == .if, let index = around.new, new.statements.indices.contains(index) else {
            return false
        }
        return isForCheckers(new.statements[index])
    }

    /// Whether it is `if TYPE_CHECKING:`, or that name of a module, with no other condition and no other block.
    func isForCheckers(_ statement: Statement) -> Bool {
        let text = new.bytes[statement.span].dropFirst("if ".utf8.count)
        let condition = String(decoding: text.prefix { $0 != UInt8(ascii: ":") }, as: UTF8.self)
        return condition.split(separator: ".").last == "TYPE_CHECKING" && !condition.contains(" ")
            && !Words(text).contains { word in ["else", "elif"].contains { word.elementsEqual($0.utf8) } }
    }

    /// Its class is made or deleted as a whole, so the statement needs no step.
    private func isInNewClass(_ change: StatementChange) -> Bool {
        !change.scope.isEmpty
            && !(old.definitions.contains { $0.kind == .class && $0.qualname == change.scope }
                && new.definitions.contains { $0.kind == .class && $0.qualname == change.scope })
    }

    /// An assignment to one plain name, which tells it apart from others.
    private static func isOfOneName(_ change: StatementChange) -> Bool {
        [.assign, .annotatedAssign].contains(change.kind) && change.names.count == 1
            && isName(change.names[0])
    }

    /// False for an attribute, a subscript, a call and a list of targets.
    static func isName(_ text: String) -> Bool {
        !text.isEmpty && !text.contains { ".[( ,".contains($0) }
    }
}
