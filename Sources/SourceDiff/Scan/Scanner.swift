/// One pass over a source text: logical lines, indentation, scopes. Linear in the text; no recursion but that of nested
/// f-strings, which is bounded.
struct Scanner: ~Copyable {
    let source: SourceView
    let map: SpecialMap
    var definitions: [DefinitionRecord] = []
    var statements: [StatementRecord] = []
    var clauses: [ClauseRecord] = []
    var decorators: [DecoratorRecord] = []
    var moduleDoc: Range<Int32>?

    /// Start of the next physical line.
    var position = 0
    private(set) var blocks: [Block] = []
    private(set) var scopes: [Scope] = []
    /// The block that the last header opened and whose first line has not come yet.
    private(set) var pending: Block?
    /// Copies of what every line asks of the innermost block and scope.
    private var top = Indent(column: 0, alternate: 0)
    private var hasPending = false
    private(set) var inFunction = false
    /// The innermost scope's body has no statement yet.
    private(set) var awaitsBody: Bool
    /// After the last logical line; blanks and comments may still be inside.
    var lastEnd = 0
    var pendingDecorators = 0
    /// Positions of `;` at depth 0 in the present logical line.
    var semicolons: [Int32] = []
    /// The string that starts where the present statement starts, and ends where it is known to end.
    var leadingString = 0..<0
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

    struct Scope {
        /// -1 for the module.
        var definition: Int32
        var isFunction: Bool
        /// Names under a `global` declaration.
        var globals: [Range<Int>] = []
    }

    /// `badBytes`: offsets of invalid UTF-8, ascending; an error unless they stand in comments.
    /// `awaitsBody`: the text is a module from its start, so that its first statement may be a docstring.
    init(_ source: SourceView, map: consuming SpecialMap, badBytes: [Int], awaitsBody: Bool = true) {
        self.source = source
        self.badBytes = badBytes
        self.map = map
        self.awaitsBody = awaitsBody
        definitions.reserveCapacity(source.count / 400)
        statements.reserveCapacity(source.count / 400)
        blocks.append(Block(indent: top, isScopeBody: true, container: -1))
        scopes.append(Scope(definition: -1, isFunction: false))
    }

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
                kind: .decoratorWithoutDefinition, position: Int(decorators[decorators.count - 1].start))
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
                at = afterLineEnd(at &+ 1)
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
            guard indent.column > top.column else { throw ScanFault(kind: .expectedBlock, position: start) }
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
        guard indent.column != top.column else { throw ScanFault(kind: .inconsistentTabs, position: start) }
        guard indent.column < top.column else { throw ScanFault(kind: .unexpectedIndent, position: start) }
        if pendingDecorators > 0 { throw ScanFault(kind: .decoratorWithoutDefinition, position: start) }
        while indent.column < top.column { closeBlock() }
        guard indent.column == top.column else { throw ScanFault(kind: .inconsistentDedent, position: start) }
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
        if block.container >= 0 { extend(block.container, to: end) }
    }

    mutating func enter(_ scope: Scope) {
        scopes.append(scope)
        inFunction = scope.isFunction
        awaitsBody = true
    }

    /// Leaves the innermost scope, whose body ends at `end`.
    mutating func closeScope(at end: Int) {
        let definition = Int(scopes.removeLast().definition)
        inFunction = scopes[scopes.count &- 1].isFunction
        awaitsBody = false
        definitions[definition].end = Int32(end)
        definitions[definition].endLine = map.line(of: end &- 1)
        let container = blocks[blocks.count &- 1].container
        if container >= 0 { extend(container, to: end) }
    }

    /// True once for each body: `start` is its first token.
    mutating func takesBody() -> Bool {
        defer { awaitsBody = false }
        return awaitsBody
    }

    /// Files a statement and gives its index.
    @discardableResult
    mutating func append(_ record: StatementRecord) -> Int {
        if statements.count == statements.capacity {
            statements.grow(read: Int(record.start), of: source.count)
        }
        statements.append(record)
        return statements.count &- 1
    }

    /// Files a definition and gives its index.
    mutating func append(_ record: DefinitionRecord) -> Int {
        if definitions.count == definitions.capacity {
            definitions.grow(read: Int(record.start), of: source.count)
        }
        definitions.append(record)
        return definitions.count &- 1
    }

    /// Gives away what was found, so that its arrays have one owner.
    mutating func takeParts() -> OutlineParts {
        var parts = OutlineParts()
        swap(&parts.definitions, &definitions)
        swap(&parts.statements, &statements)
        swap(&parts.clauses, &clauses)
        swap(&parts.decorators, &decorators)
        parts.moduleDoc = moduleDoc
        return parts
    }

    mutating func note(compound index: Int32) { blocks[blocks.count - 1].lastCompound = index }

    mutating func declare(global name: Range<Int>) { scopes[scopes.count - 1].globals.append(name) }

    /// Walks the special bytes from the first token of a logical line to its end: the line end, or the comment
    /// before it. Leaves `position` at the next line.
    private mutating func walkLine(from start: Int) throws(ScanFault) -> Int {
        if !semicolons.isEmpty { semicolons.removeAll(keepingCapacity: true) }
        leadingString = 0..<0
        var depth = 0
        var block = start >> 6
        var word = map.code(block) & (~0 << UInt64(truncatingIfNeeded: start & 63))
        while true {
            while word == 0 {
                block &+= 1
                if block >= map.blocks {
                    guard depth == 0 else { throw ScanFault(kind: .unclosedBracket, position: source.count) }
                    position = source.count
                    return source.count
                }
                word = map.code(block)
            }
            let at = block &* 64 &+ word.trailingZeroBitCount
            word &= word &- 1
            let byte = source.base[at]
            var next = at
            switch byte {
            case Ascii.openParen, Ascii.openSquare, Ascii.openBrace:
                guard depth < BracketStack.capacity else {
                    throw ScanFault(kind: .tooManyBrackets, position: at)
                }
                brackets[depth] = byte
                depth &+= 1
                continue
            case Ascii.closeParen, Ascii.closeSquare, Ascii.closeBrace:
                guard depth > 0 else { throw ScanFault(kind: .unmatchedBracket, position: at) }
                depth &-= 1
                guard brackets[depth] &+ (byte == Ascii.closeParen ? 1 : 2) == byte else {
                    throw ScanFault(kind: .mismatchedBracket, position: at)
                }
                continue
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
                semicolons.append(Int32(truncatingIfNeeded: at))
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
            word = map.code(block) & (~0 << UInt64(truncatingIfNeeded: next & 63))
        }
    }
}

extension Array {
    /// Makes room for more records: as many as the rest of the text will have if it is like its start, four times as
    /// many at most. Fewer copies, and fewer fresh pages, than doubling costs.
    fileprivate mutating func grow(read position: Int, of size: Int) {
        let expected = Double(count) * (Double(size) / Double(Swift.max(1, position))) * 1.03
        let limit = count * 4 + 16
        let enough = count + count / 2 + 16
        reserveCapacity(expected < Double(limit) ? Swift.max(enough, Int(expected)) : limit)
    }
}
