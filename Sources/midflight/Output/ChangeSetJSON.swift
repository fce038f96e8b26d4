import Reconciler
import SourceDiff

/// The schema pydiff/1.
enum ChangeSetJSON {
    static func line(id: String, _ result: Result<ChangeSet, SourceFile.Failure>) -> String {
        let head: [(String, JSON)] = [("schema", .string("pydiff/1")), ("id", .string(id))]
        switch result {
        case .failure(let failure):
            return JSON.object(head + [("ok", .bool(false)), ("error", .string(failure.description))]).line
                + "\n"
        case .success(let changes):
            return JSON.object(
                head + [
                    ("ok", .bool(true)), ("summary", .string(changes.summary.rawValue)),
                    ("reordered", .bool(changes.reordered)),
                    ("defs", .array(changes.definitions.map(object))),
                    ("stmts", .array(changes.statements.map(object))),
                ]
            ).line + "\n"
        }
    }

    private static func object(_ change: DefinitionChange) -> JSON {
        .object([
            ("qualname", .string(change.qualname)), ("occ", .integer(change.occurrence)),
            ("kind", .string(change.kind.schemaWord)),
            ("old_line", change.oldDefinition.map { .integer($0.firstLine) } ?? .null),
            ("new_line", change.newDefinition.map { .integer($0.firstLine) } ?? .null),
            ("change", .array(change.aspects.schemaWords.map { .string($0) })),
        ])
    }

    private static func object(_ change: StatementChange) -> JSON {
        .object([
            ("scope", .string(change.scope)), ("change", .string(change.change.rawValue)),
            ("kind", .string(change.kind.rawValue)), ("names", .array(change.names.map { .string($0) })),
            ("old_line", change.oldLine.map { .integer($0) } ?? .null),
            ("new_line", change.newLine.map { .integer($0) } ?? .null),
        ])
    }
}

extension Aspects {
    /// The schema writes type parameters without a capital.
    fileprivate var schemaWords: [String] { words.map { $0 == "typeParameters" ? "typeparams" : $0 } }
}
