/// What the scan knows of one definition: offsets, no text. A table keeps less and gives it back.
struct DefinitionRecord {
    /// `@` of the first decorator, or the keyword.
    var start: Int32
    /// `def`, `class`, or the `async` before `def`.
    var keyword: Int32
    /// Where the name begins.
    var nameStart: Int32
    /// Where the name ends.
    var nameEnd: Int32
    /// The colon that ends the header.
    var colon: Int32 = -1
    /// First token of the first statement of the body.
    var bodyStart: Int32 = -1
    /// After the last token of the body.
    var end: Int32 = -1
    /// Index of the definition around it; -1 at module level.
    var parent: Int32
    /// Index of the compound statement around it in a module or class body; -1 if there is none.
    var container: Int32
    /// Its number among all decorators.
    var firstDecorator: Int32
    /// How many it has.
    var decoratorCount: Int32
    /// Index among the definitions of the same qualified name.
    var occurrence: Int32 = 0
    /// Function, async function or class.
    var kind: Definition.Kind
    /// Whether it stands inside of a branch.
    var isConditional: Bool
    /// Bound through a `global` declaration: the qualified name is the bare name.
    var isGlobal: Bool
    /// The body starts with one.
    var hasDocstring = false
}

/// One statement of a module or class body.
struct StatementRecord {
    /// Where it begins.
    var start: Int32
    /// After its last token; of a compound statement, after the last token of its last block.
    var end: Int32
    /// Index of the class definition; -1 at module level.
    var scope: Int32
    /// Index of the compound statement around it; -1 directly in its scope.
    var container: Int32
    /// The colon of a compound statement's first header; -1 of a simple statement.
    var colon: Int32
    /// What it begins with.
    var keyword: Keyword
}

/// The header of a clause (`elif`, `else`, `except`, `finally`, `case`) of a compound statement.
struct ClauseRecord {
    /// Where it begins.
    var start: Int32
    /// Where its colon is.
    var colon: Int32
    /// Index of its compound statement.
    var container: Int32
    /// What it begins with.
    var keyword: Keyword
}

/// The word a logical line starts with, as far as it decides how the line is read.
enum Keyword: UInt8 {
    /// No keyword that matters: an expression, an assignment or another simple statement.
    case none
    case def
    case asyncDef
    case classDef
    /// `@` at the start of a line.
    case decorator
    /// It changes the qualified names of definitions behind it. `nonlocal` does not.
    case globalDeclaration
    case ifClause
    case elifClause
    case elseClause
    /// `for` and `async for`.
    case forLoop
    case whileLoop
    case tryClause
    /// `except` and `except*`.
    case exceptClause
    case finallyClause
    /// `with` and `async with`.
    case withBlock
    /// `match`, a keyword or a name: what follows in the line decides.
    case matchSoft
    /// `case`, a keyword only in a block of `match`.
    case caseSoft

    /// Starts a definition.
    @inline(__always)
    var isDefinition: Bool { rawValue &- Keyword.def.rawValue <= 2 }

    /// Starts a compound statement or one of its clauses, definitions excluded.
    @inline(__always)
    var isCompound: Bool { rawValue >= Keyword.ifClause.rawValue }

    /// Continues a compound statement that stands before it at the same indentation.
    @inline(__always)
    var isClause: Bool {
        self == .elifClause || self == .elseClause || self == .exceptClause || self == .finallyClause
    }
}
