import SourceDiff

/// The schema pydiff/1.
enum ChangeSetJSON {
    /// The changes of one pair of files, or why they cannot be told, as one line.
    static func line(id: JSON, _ result: Result<ChangeSet, SourceFile.Failure>) -> String {
        var members: [(String, JSON)] = [("schema", .string("pydiff/1")), ("id", id)]
        switch result {
        case .failure(let failure):
            members += [
                ("ok", .bool(false)), ("error", .string(failure.description)), ("defs", .array([])),
                ("stmts", .array([])),
            ]
        case .success(let changes):
            // A compound statement stands for the statements in its blocks.
            let statements = changes.statements.filter { $0.container == nil }
            members += [
                ("ok", .bool(true)), ("summary", .string(changes.summary.rawValue)),
                ("reordered", .bool(changes.reordered)),
                ("defs", .array(changes.definitions.map(object))),
                ("stmts", .array(statements.map(object))),
            ]
        }
        return JSON.object(members).line + "\n"
    }

    /// Lines are those of the first decorator or the keyword; null where the definition is missing.
    private static func object(_ change: DefinitionChange) -> JSON {
        let oldLine = change.oldDefinition?.firstLine
        let newLine = change.newDefinition?.firstLine
        var words = change.aspects.schemaWords
        if oldLine != newLine, oldLine != nil, newLine != nil { words.append("moved") }
        return .object([
            ("qualname", .string(change.qualname)), ("occ", .integer(change.occurrence)),
            ("kind", .string(change.kind.schemaWord)),
            ("old_line", oldLine.map { .integer($0) } ?? .null),
            ("new_line", newLine.map { .integer($0) } ?? .null),
            ("change", .array(words.map { .string($0) })),
        ])
    }

    /// Lines are those of the first token; null where the statement is missing.
    private static func object(_ change: StatementChange) -> JSON {
        .object([
            ("scope", .string(change.scope)), ("change", .string(change.change.rawValue)),
            ("kind", .string(change.change == .doc ? "doc" : change.kind.schemaWord)),
            ("names", .array(change.names.map { .string($0) })),
            ("old_line", change.oldLine.map { .integer($0) } ?? .null),
            ("new_line", change.newLine.map { .integer($0) } ?? .null),
        ])
    }
}

extension Aspects {
    /// The schema's `relined` is other lines inside; its `moved` is another first line, whatever else changed. It has
    /// no word for a move to another name, which is an added and a removed definition.
    private static let schemaNames: [(Aspects, String)] = [
        (.added, "added"), (.removed, "removed"), (.kind, "kind"), (.decorators, "decorators"),
        (.bases, "bases"), (.keywords, "bases"), (.typeParameters, "typeparams"), (.parameters, "params"),
        (.defaults, "defaults"), (.annotations, "annotations"), (.doc, "doc"), (.body, "body"),
        (.nested, "nested"), (.format, "format"), (.reflowed, "relined"), (.rebound, "relined"),
    ]

    /// The words of pydiff/1, each once.
    fileprivate var schemaWords: [String] {
        let shown = contains(.nested) ? subtracting(.body) : self
        return Self.schemaNames.filter { shown.contains($0.0) }.map(\.1).reduce(into: []) { words, word in
            if words.last != word { words.append(word) }
        }
    }
}

extension Statement.Kind {
    /// As in pydiff/1, which tells neither forms of assignment nor of import apart.
    fileprivate var schemaWord: String {
        switch self {
        case .import, .fromImport: "import"
        case .assign, .annotatedAssign, .augmentedAssign, .typeAlias: "assign"
        case .expression: "expr"
        case .delete: "del"
        case .if, .try, .for, .while, .with, .match, .raise, .assert, .global, .pass, .other: rawValue
        }
    }
}
