/// The statements of an outline, in source order. Elements are made on access; access is O(1).
public struct Statements: RandomAccessCollection, Sendable {
    /// What the statements are read from.
    let storage: OutlineStorage

    /// 0.
    public var startIndex: Int { 0 }
    /// The number of statements.
    public var endIndex: Int { storage.statements.count }
    /// The statement at `index`, which must be in `indices`.
    public subscript(index: Int) -> Statement { Statement(storage: storage, index: index) }
}

/// One statement of a module or class body: a view, which keeps the outline's storage alive.
public struct Statement: Sendable {
    /// What the statement does.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// Also `lazy import` (3.15).
        case `import`
        /// Also `lazy from … import`; `names` has a `*` as it is written.
        case fromImport
        /// `a = value`, with one target or several.
        case assign
        /// `a: int`, with or without a value.
        case annotatedAssign
        /// `a += value` and the like.
        case augmentedAssign
        /// `type A = value` (3.12).
        case typeAlias
        /// A call, a string that is no docstring, `...`, `await` and `yield`.
        case expression
        /// With its `elif` and `else`, which are no statements of their own.
        case `if`
        /// With its `except`, `except*`, `else` and `finally`.
        case `try`
        /// Also `async for`.
        case `for`
        case `while`
        /// Also `async with`.
        case with
        /// Only where `match` is a keyword (3.10).
        case match
        case delete
        case raise
        case assert
        /// Also `nonlocal`.
        case global
        case pass
        /// `return`, `break` and `continue`: in a module or class body CPython accepts at most the last two,
        /// in loops.
        case other

        /// Has blocks of its own; its other statements name it as their `container`.
        public var isCompound: Bool {
            switch self {
            case .if, .try, .for, .while, .with, .match: true
            case .import, .fromImport, .assign, .annotatedAssign, .augmentedAssign, .typeAlias,
                .expression,
                .delete,
                .raise, .assert, .global, .pass, .other:
                false
            }
        }
    }

    /// What the statement is read from.
    let storage: OutlineStorage
    /// Index in the outline's `statements`.
    public let index: Int

    /// Read from the packed table at each access: O(1), up to 64 statements.
    private var record: StatementRecord { storage.statements[index] }

    /// What the statement does; linear in the length of a simple statement.
    public var kind: Kind {
        storage.withSource { StatementReader(storage: storage, source: $0).kind(of: index) }
    }
    /// The names that it binds in its scope, in source order: of a compound statement also those that its blocks bind,
    /// definitions included. A target that is no name (`a.b`, `a[0]`) appears as its text, single blanks after commas.
    public var names: [String] {
        storage.withSource { StatementReader(storage: storage, source: $0).names(of: index) }
    }
    /// Index of the class definition whose body it belongs to; nil at module level.
    public var scope: Int? { record.scope < 0 ? nil : Int(record.scope) }
    /// Index of the compound statement whose block it stands in; nil directly in its scope's body.
    public var container: Int? { record.container < 0 ? nil : Int(record.container) }
    /// Line of its first token.
    public var line: Int { storage.lines.line(of: Int(record.start)) }
    /// Line of its last token; of a compound statement, of its last block's last token.
    public var endLine: Int { storage.lines.line(of: Int(record.end) - 1) }
    /// From its first to its last token.
    public var span: Range<Int> { Int(record.start)..<Int(record.end) }
    /// Stands inside of another compound statement of its scope.
    public var isConditional: Bool { record.container >= 0 }
}
