/// What of a definition differs between two outlines.
public struct Aspects: OptionSet, Sendable, Hashable {
    /// One bit for each aspect.
    public let rawValue: UInt32

    /// The aspects of `rawValue`.
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// The code of a function's body, that of nested definitions, lambdas and comprehensions included; not the
    /// docstring. Never set for a class: its statements are `StatementChange`s, its methods have changes of their own.
    public static let body = Aspects(rawValue: 1 << 0)
    /// Comes with `body`: nothing but nested definitions differs.
    public static let nested = Aspects(rawValue: 1 << 1)
    /// The docstring's value, or whether there is one.
    public static let doc = Aspects(rawValue: 1 << 2)
    /// Names, kinds or order of the parameters.
    public static let parameters = Aspects(rawValue: 1 << 3)
    /// A default's expression, or which parameters have one.
    public static let defaults = Aspects(rawValue: 1 << 4)
    /// Of a parameter or of the result.
    public static let annotations = Aspects(rawValue: 1 << 5)
    /// `[T: bound]` after the name (3.12).
    public static let typeParameters = Aspects(rawValue: 1 << 6)
    /// The decorators, their arguments or their order.
    public static let decorators = Aspects(rawValue: 1 << 7)
    /// Function, async function or class.
    public static let kind = Aspects(rawValue: 1 << 8)
    /// The base classes.
    public static let bases = Aspects(rawValue: 1 << 9)
    /// Keywords of a class header, `metaclass=` among them.
    public static let keywords = Aspects(rawValue: 1 << 10)
    /// Only the new file has it.
    public static let added = Aspects(rawValue: 1 << 11)
    /// Only the old file has it.
    public static let removed = Aspects(rawValue: 1 << 12)
    /// Comes with `added` or `removed`: the same code stands under another name or in another scope (`similarTo`).
    public static let moved = Aspects(rawValue: 1 << 13)
    /// The tokens are equal, the first line differs.
    public static let relined = Aspects(rawValue: 1 << 14)
    /// The tokens are equal, but lines or columns inside differ relative to the first line: only a new code object has
    /// the right positions.
    public static let reflowed = Aspects(rawValue: 1 << 15)
    /// The tokens differ in a way that means the same: quotes, trailing commas, redundant parentheses.
    public static let format = Aspects(rawValue: 1 << 16)
    /// Of several definitions of one name this is the last now and was not: the name leads to it.
    public static let rebound = Aspects(rawValue: 1 << 17)

    /// Every aspect that changes what the program does.
    public static let semantic: Aspects = [
        .body, .doc, .parameters, .defaults, .annotations, .typeParameters, .decorators, .kind, .bases,
        .keywords,
        .added, .removed, .rebound,
    ]
}
