/// The features of `from __future__ import …`; they change what the compiler makes of the whole module.
public struct FutureFlags: OptionSet, Sendable, Hashable {
    /// One bit for each feature.
    public let rawValue: UInt16

    /// The features of `rawValue`.
    public init(rawValue: UInt16) { self.rawValue = rawValue }

    /// `nested_scopes`
    public static let nestedScopes = FutureFlags(rawValue: 1 << 0)
    /// `generators`
    public static let generators = FutureFlags(rawValue: 1 << 1)
    /// `division`
    public static let division = FutureFlags(rawValue: 1 << 2)
    /// `absolute_import`
    public static let absoluteImport = FutureFlags(rawValue: 1 << 3)
    /// `with_statement`
    public static let withStatement = FutureFlags(rawValue: 1 << 4)
    /// `print_function`
    public static let printFunction = FutureFlags(rawValue: 1 << 5)
    /// `unicode_literals`
    public static let unicodeLiterals = FutureFlags(rawValue: 1 << 6)
    /// `barry_as_FLUFL`
    public static let barryAsFLUFL = FutureFlags(rawValue: 1 << 7)
    /// `generator_stop`
    public static let generatorStop = FutureFlags(rawValue: 1 << 8)
    /// `annotations`
    public static let annotations = FutureFlags(rawValue: 1 << 9)

    /// Those that still change what CPython 3.8 and later compile; the other ones are always on, and setting their
    /// flags would only mark the code objects.
    public var effective: FutureFlags { intersection([.annotations, .barryAsFLUFL]) }

    /// In the order of the bits; CPython lists them in `Lib/__future__.py`.
    private static let names: [(StaticString, FutureFlags)] = [
        ("nested_scopes", .nestedScopes), ("generators", .generators), ("division", .division),
        ("absolute_import", .absoluteImport), ("with_statement", .withStatement),
        ("print_function", .printFunction), ("unicode_literals", .unicodeLiterals),
        ("barry_as_FLUFL", .barryAsFLUFL), ("generator_stop", .generatorStop),
        ("annotations", .annotations),
    ]

    /// The features' names as Python spells them, in the order of their raw values.
    public var pythonNames: [String] {
        Self.names.filter { contains($0.1) }.map { $0.0.description }
    }

    /// Reads the `from __future__` statements that a module starts with.
    init(statements: StatementTable, in source: SourceView) {
        self = []
        for statement in statements {
            guard source.spells("from", Int(statement.start)..<Int(statement.start) + 4),
                insert(statement, in: source)
            else { return }
        }
    }

    /// Adds the features of one statement; false if it is no `__future__` import.
    private mutating func insert(_ statement: StatementRecord, in source: SourceView) -> Bool {
        var reader = TokenReader(Int(statement.start)..<Int(statement.end), in: source)
        guard source.spells("from", reader.next().range),
            source.spells("__future__", reader.next().range),
            source.spells("import", reader.next().range)
        else { return false }
        var token = reader.next()
        while token.kind != .end {
            for (name, flag) in Self.names where source.spells(name, token.range) { formUnion(flag) }
            token = reader.next()
            if source.spells("as", token.range) {
                _ = reader.next()
                token = reader.next()
            }
        }
        return true
    }
}
