/// One pass over a source text: logical lines, indentation, scopes. Linear in the text; no recursion but that of nested
/// f-strings, which is bounded.
struct Scanner: ~Copyable {
    /// The bytes.
    let source: SourceView
    /// What of them is worth looking at.
    let map: SpecialMap
    /// What was found so far.
    var definitions = DefinitionTable()
    /// What was found so far, outside of functions.
    var statements = StatementTable()
    /// What was found so far of branches.
    var clauses: [ClauseRecord] = []
    /// Starts of decorators: the `@`.
    var decorators: [Int32] = []
    /// The module's docstring, once it was seen.
    var moduleDoc: Range<Int32>?

    /// Start of the next physical line.
    var position = 0
    /// Open blocks, outermost first; never empty.
    private(set) var blocks: [Block] = []
    /// The module, then the definitions around the present line.
    private(set) var scopes: [Scope] = []
    /// The block that the last header opened and whose first line has not come yet.
    private(set) var pending: Block?
    /// Copies of what every line asks of the innermost block and scope.
    private var top = Indent(column: 0, alternate: 0)
    private var hasPending = false
    /// The innermost scope is a function: its simple statements are not recorded.
    private(set) var inFunction = false
    /// The innermost scope's body has no statement yet.
    private(set) var awaitsBody: Bool
    /// After the last logical line; blanks and comments may still be inside.
    var lastEnd = 0
    /// Decorators whose definition has not come yet.
    var pendingDecorators = 0
    /// The `;` at depth 0 in the present logical line.
    var semicolons = PositionSet()
    /// The string that starts where the present statement starts, and ends where it is known to end.
    var leadingString = 0..<0
    /// Names under `global` declarations of the open scopes.
    private(set) var globals: [Range<Int>] = []
    private let brackets = BracketStack()
    /// Offsets of invalid UTF-8 that only comments may contain; ascending.
    private let badBytes: [Int]
    private var nextBadByte = 0

    /// The width of an indentation; both measures must agree.
    struct Indent: Equatable {
        /// Tabs to the next multiple of 8.
        var column: Int32
        /// Every tab is one column.
        var alternate: Int32
    }

    /// An indentation level.
    struct Block {
        var indent: Indent
        /// The body of the innermost scope, not a block inside of it.
        var isScopeBody: Bool
        /// The compound statement whose block this is; -1 for a scope's body or inside a function.
        var container: Int32
        /// The last compound statement at this level: what `else:` belongs to.
        var lastCompound: Int32 = -1
    }

    /// A definition that the scanner is inside of.
    struct Scope {
        /// -1 for the module.
        var definition: Int32
        /// What is known of the definition; nil for the module.
        var record: DefinitionRecord?
        var isFunction: Bool
        /// Where its names begin in `globals`.
        var firstGlobal = 0
    }

    /// `badBytes`: offsets of invalid UTF-8, ascending; an error unless they stand in comments.
    /// `awaitsBody`: the text is a module from its start, so that its first statement may be a docstring.
    init(_ source: SourceView, map: consuming SpecialMap, badBytes: [Int], awaitsBody: Bool = true) {
        self.source = source
        self.badBytes = badBytes
        self.map = map
        self.awaitsBody = awaitsBody
        definitions.reserve(source.count / 512)
        statements.reserve(source.count / 1024)
        blocks.append(Block(indent: top, isScopeBody: true, container: -1))
        scopes.append(Scope(definition: -1, isFunction: false))
    }

    /// Scans up to the end. Throws where CPython's tokenizer would, and where brackets do not match.
    mutating func run(from start: Int) throws(ScanFault) {
        position = start
        while position < source.count {
            try scanLine()
        }
        try finish()
    }

    /// Closes every scope at the end of the text.
    mutating func finish() throws(ScanFault) {
        if hasPending { throw ScanFault(kind: .expectedBlock, position: source.count) }
        if pendingDecorators > 0 {
            throw ScanFault(
                kind: .decoratorWithoutDefinition, position: Int(decorators[decorators.count - 1]))
        }
        while blocks.count > 1 { closeBlock() }
        if nextBadByte < badBytes.count {
            throw ScanFault(kind: .invalidUTF8, position: badBytes[nextBadByte])
        }
    }

    /// One logical line, or one physical line without tokens.
    @inline(__always)
    private mutating func scanLine() throws(ScanFault) {
        var indent = Indent(column: 0, alternate: 0)
        let start = try indentation(&indent)
        let first = source[start]
        if first <= Ascii.hash, try skipEmptyLine(at: start, first) { return }
        if hasPending || indent != top { try place(start, indent) }
        let keyword = source.keyword(at: start)
        let end = try walkLine(from: start)
        lastEnd = end
        if inFunction, !awaitsBody, semicolons.isEmpty, pendingDecorators == 0 {
            // Most lines: nothing inside of a function is recorded but definitions and blocks.
            if keyword == .none { return }
            if keyword.isCompound, source[end &- 1] == Ascii.colon {
                open(isScopeBody: false, container: -1)
                return
            }
        }
        try fileLine(start..<source.trimBack(end, notBefore: start), keyword)
    }

    /// Skips a line without tokens; false if there are some.
    @inline(__always)
    private mutating func skipEmptyLine(at start: Int, _ first: UInt8) throws(ScanFault) -> Bool {
        switch first {
        case Ascii.newline, Ascii.carriageReturn: position = afterLineEnd(start)
        case Ascii.hash: position = afterComment(start)
        case 0 where start >= source.count: position = start
        default: return false
        }
        return true
    }

    /// `\r\n` is one line end.
    @inline(__always)
    private func afterLineEnd(_ end: Int) -> Int {
        source[end] == Ascii.carriageReturn && source[end &+ 1] == Ascii.newline ? end &+ 2 : end &+ 1
    }

    /// Start of the line after the comment at `start`.
    private mutating func afterComment(_ start: Int) -> Int {
        let end = map.nextLineEnd(from: start, limit: source.count)
        while nextBadByte < badBytes.count, badBytes[nextBadByte] < end {
            if badBytes[nextBadByte] < start { break }
            nextBadByte += 1
        }
        return end < source.count ? end &+ 1 : end
    }

    /// Measures the blanks from `position` on and gives the position of what follows.
    @inline(__always)
    private func indentation(_ indent: inout Indent) throws(ScanFault) -> Int {
        var at = position
        while true {
            let other = source.word(at: at) ^ 0x2020_2020_2020_2020
            let spaces = other == 0 ? 8 : other.trailingZeroBitCount &>> 3
            at &+= spaces
            if spaces < 8 { break }
        }
        indent.column = Int32(truncatingIfNeeded: at &- position)
        indent.alternate = indent.column
        let byte = source[at]
        if byte != Ascii.tab, byte != Ascii.formFeed, byte != Ascii.backslash { return at }
        return try unusualIndentation(from: at, &indent)
    }

    /// Tabs, form feeds and continued lines. Of an indentation that a backslash continues the first part counts.
    private func unusualIndentation(from start: Int, _ indent: inout Indent) throws(ScanFault) -> Int {
        var at = start
        var continued: Indent?
        while true {
            switch source[at] {
            case Ascii.space:
                indent.column &+= 1
                indent.alternate &+= 1
            case Ascii.tab:
                indent.column = (indent.column / 8 &+ 1) &* 8
                indent.alternate &+= 1
            case Ascii.formFeed: indent = Indent(column: 0, alternate: 0)
            case Ascii.backslash where Ascii.endsLine(source[at &+ 1]):
                if continued == nil, indent.column > 0 { continued = indent }
                indent = Indent(column: 0, alternate: 0)
                let next = afterLineEnd(at &+ 1)
                guard next < source.count else { throw ScanFault(kind: .badContinuation, position: at) }
                at = next
                continue
            default:
                if let continued { indent = continued }
                return at
            }
            at &+= 1
        }
    }

    /// Opens or closes blocks for a line that is not indented as the line before.
    private mutating func place(_ start: Int, _ indent: Indent) throws(ScanFault) {
        if var block = pending {
            guard indent.column > top.column else {
                throw ScanFault(kind: .expectedBlock, position: start)
            }
            guard indent.alternate > top.alternate else {
                throw ScanFault(kind: .inconsistentTabs, position: start)
            }
            guard blocks.count < 100 else { throw ScanFault(kind: .tooManyIndents, position: start) }
            block.indent = indent
            top = indent
            blocks.append(block)
            pending = nil
            hasPending = false
            return
        }
        guard indent.column != top.column else {
            throw ScanFault(kind: .inconsistentTabs, position: start)
        }
        guard indent.column < top.column else {
            throw ScanFault(kind: .unexpectedIndent, position: start)
        }
        if pendingDecorators > 0 { throw ScanFault(kind: .decoratorWithoutDefinition, position: start) }
        while indent.column < top.column { closeBlock() }
        guard indent.column == top.column else {
            throw ScanFault(kind: .inconsistentDedent, position: start)
        }
        guard indent == top else { throw ScanFault(kind: .inconsistentTabs, position: start) }
    }

    /// Announces the block that the present line's header opens.
    mutating func open(isScopeBody: Bool, container: Int32) {
        pending = Block(indent: top, isScopeBody: isScopeBody, container: container)
        hasPending = true
    }

    /// Closes the innermost block, and its scope if it is a scope's body.
    private mutating func closeBlock() {
        let block = blocks.removeLast()
        top = blocks[blocks.count &- 1].indent
        guard block.isScopeBody || block.container >= 0 else { return }
        let end = source.trimBack(lastEnd, notBefore: 0)
        if block.isScopeBody { closeScope(at: end) }
        if block.container >= 0 { statements.extend(block.container, to: end) }
    }

    /// The lines that follow belong to this definition.
    mutating func enter(definition index: Int, _ record: DefinitionRecord, isFunction: Bool) {
        scopes.append(
            Scope(
                definition: Int32(index), record: record, isFunction: isFunction, firstGlobal: globals.count
            ))
        inFunction = isFunction
        awaitsBody = true
    }

    /// Leaves the innermost scope, whose body ends at `end`.
    mutating func closeScope(at end: Int) {
        let scope = scopes.removeLast()
        if scope.firstGlobal < globals.count { globals.removeLast(globals.count - scope.firstGlobal) }
        inFunction = scopes[scopes.count &- 1].isFunction
        awaitsBody = false
        if var record = scope.record {
            record.end = Int32(end)
            definitions.close(Int(scope.definition), record)
        }
        let container = blocks[blocks.count &- 1].container
        if container >= 0 { statements.extend(container, to: end) }
    }

    /// True once for each body: `start` is its first token.
    mutating func takesBody() -> Bool {
        defer { awaitsBody = false }
        return awaitsBody
    }

    /// Gives away what was found, so that its arrays have one owner.
    mutating func takeParts() -> OutlineParts {
        var parts = OutlineParts()
        parts.lines = map.lines
        swap(&parts.definitions, &definitions)
        swap(&parts.statements, &statements)
        swap(&parts.clauses, &clauses)
        swap(&parts.decorators, &decorators)
        parts.moduleDoc = moduleDoc
        return parts
    }

    /// A statement that others may stand in.
    mutating func note(compound index: Int32) { blocks[blocks.count - 1].lastCompound = index }

    /// The body of the innermost scope starts at `start`.
    mutating func note(body start: Int) { scopes[scopes.count - 1].record?.bodyStart = Int32(start) }

    /// The body of the innermost scope starts with a docstring.
    mutating func noteDocstring() { scopes[scopes.count - 1].record?.hasDocstring = true }

    /// A name that a function has declared `global`.
    mutating func declare(global name: Range<Int>) { globals.append(name) }

    /// The innermost scope has `global` declarations.
    var declaresGlobals: Bool { scopes[scopes.count - 1].firstGlobal < globals.count }

    /// Walks the special bytes from the first token of a logical line to its end: the line end, or the comment
    /// before it. Leaves `position` at the next line.
    private mutating func walkLine(from start: Int) throws(ScanFault) -> Int {
        if !semicolons.isEmpty { semicolons.removeAll() }
        leadingString = 0..<0
        // The compiler cannot know that writing an open bracket does not move these.
        let brackets = brackets.view
        let code = map.code
        let base = source.base
        var depth = 0
        var block = start >> 6
        var word = code[block] & (~0 << UInt64(truncatingIfNeeded: start & 63))
        while true {
            while word == 0 {
                block &+= 1
                if block >= map.blocks {
                    guard depth == 0 else { throw ScanFault(kind: .unclosedBracket, position: source.count) }
                    position = source.count
                    return source.count
                }
                word = code[block]
            }
            let at = block &* 64 &+ word.trailingZeroBitCount
            word &= word &- 1
            let byte = base[at]
            let bracket = brackets.code(of: byte)
            if bracket != 0 {
                let next = brackets.step(bracket, at: depth)
                guard next >= 0, next <= BracketStack.capacity else {
                    throw bracketFault(at: at, depth: depth, next: next)
                }
                depth = next
                continue
            }
            if byte == Ascii.newline, depth == 0 {
                position = at &+ 1
                return at
            }
            var next = at
            switch byte {
            case Ascii.newline, Ascii.carriageReturn:
                if depth > 0 || (byte == Ascii.carriageReturn && source[at &+ 1] == Ascii.newline) {
                    continue
                }
                position = at &+ 1
                return at
            case Ascii.singleQuote, Ascii.doubleQuote:
                next = try afterString(at, lineStart: start)
            case Ascii.hash:
                next = afterComment(at)
                if depth == 0 {
                    position = next
                    return at
                }
            case Ascii.semicolon:
                guard depth == 0 else { throw ScanFault(kind: .invalidCharacter, position: at) }
                semicolons.append(at)
                continue
            case Ascii.backslash:
                guard Ascii.endsLine(source[at &+ 1]) else {
                    throw ScanFault(kind: .badContinuation, position: at)
                }
                next = afterLineEnd(at &+ 1)
                guard next < source.count else { throw ScanFault(kind: .badContinuation, position: at) }
            case Ascii.formFeed, 0x25, 0x26, 0x7C: continue
            case 0: throw ScanFault(kind: .nullByte, position: at)
            case 0x80...: continue
            default: throw ScanFault(kind: .invalidCharacter, position: at)
            }
            block = next >> 6
            guard block < map.blocks else { continue }
            word = code[block] & (~0 << UInt64(truncatingIfNeeded: next & 63))
        }
    }

    /// Which fault a step of the bracket stack means.
    private func bracketFault(at position: Int, depth: Int, next: Int) -> ScanFault {
        let kind: ScanError.Kind =
            next >= 0 ? .tooManyBrackets : depth == 0 ? .unmatchedBracket : .mismatchedBracket
        return ScanFault(kind: kind, position: position)
    }
}
