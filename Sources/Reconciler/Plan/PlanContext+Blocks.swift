import SourceDiff

/// Statements with blocks.
extension PlanContext {
    /// A new statement with blocks is run whole, if it only imports, defines and assigns: then its definitions come
    /// with it.
    func isInNewBlock(_ change: DefinitionChange, of statements: [StatementChange]) -> Bool {
        guard change.old == nil, let definition = change.newDefinition, definition.isConditional else {
            return false
        }
        return statements.contains { statement in
            guard isNewBlock(statement, in: statements), let index = statement.new else { return false }
            let found = new.statements[index]
            return (found.line...found.endLine).contains(definition.defLine)
        }
    }

    /// It stands for no statement that was there before.
    func isNewBlock(_ change: StatementChange, in all: [StatementChange]) -> Bool {
        change.change == .added && (change.kind == .if || change.kind == .try)
            && partner(of: change, in: all) == nil
    }

    /// A definition that is new in it has a remark of its own.
    func holdsNewDefinition(_ change: StatementChange) -> Bool {
        guard change.kind.isCompound, let index = change.new else { return false }
        let lines = new.statements[index].line...new.statements[index].endLine
        return new.definitions.contains {
            $0.isConditional && lines.contains($0.defLine) && changes.old(of: $0.index) == nil
        }
    }

    /// Whether a new compound statement has no details but `name[…] = …`: it may do nothing but fill what is new, and then it
    /// runs whole. The compiler looks closer.
    func mayFill(
        _ change: StatementChange, by details: [StatementChange], in all: [StatementChange]
    ) -> Bool {
        [.if, .for].contains(change.kind) && change.change == .added && change.scope.isEmpty
            && change.container == nil && partner(of: change, in: all) == nil
            && details.allSatisfy { detail in
                detail.change == .added && detail.names.count == 1 && detail.names[0].hasSuffix("]")
                    && base(of: detail).map { isMadeNew($0, before: change, among: all) } == true
            }
    }

    /// Whether a compound statement may fill what the same save has made.
    func worksOnNew(_ change: StatementChange, among all: [StatementChange]) -> Bool {
        (touched(by: change) ?? change.names).contains { name in
            isMadeNew(String(name.prefix { !".[".contains($0) }), before: change, among: all)
        }
    }

    /// Whether it stands in a statement that runs whole.
    func isInFilling(_ change: StatementChange, in all: [StatementChange]) -> Bool {
        guard let container = change.container, all.indices.contains(container) else { return false }
        let around = all[container]
        return mayFill(around, by: all.filter { isDetail($0, of: around, in: all) }, in: all)
    }

    /// What a compound statement binds, with the names whose objects the lines of its blocks begin with, as `table` in
    /// `table.update(…)`; nil if there are none of these.
    func touched(by change: StatementChange) -> [String]? {
        guard change.kind.isCompound, let index = change.new, new.statements.indices.contains(index) else {
            return nil
        }
        let dot = UInt8(ascii: ".")
        let lines = new.bytes[new.statements[index].span].split(separator: UInt8(ascii: "\n")).dropFirst()
        let found = lines.compactMap { line -> String? in
            var words = Words(line)
            guard let word = words.next(), line[..<word.startIndex].allSatisfy({ $0 == UInt8(ascii: " ") }),
                let next = line[word.endIndex...].first, next == dot || next == UInt8(ascii: "[")
            else { return nil }
            return String(decoding: word, as: UTF8.self)
        }
        guard !found.isEmpty else { return nil }
        return (change.names.filter(Self.isName) + found).reduce(into: []) {
            if !$0.contains($1) { $0.append($1) }
        }
    }

    /// Whether a definition stands below `if TYPE_CHECKING:`, which only type checkers follow.
    func isForCheckers(_ definition: Definition) -> Bool {
        definition.isConditional
            && new.statements.contains {
                $0.kind == .if && ($0.line...$0.endLine).contains(definition.defLine) && isForCheckers($0)
            }
    }
}
