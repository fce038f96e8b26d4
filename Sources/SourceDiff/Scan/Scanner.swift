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
    var blocks: [Block] = []
    var scopes: [Scope] = []
    /// The block that the last header opened and whose first line has not come yet.
    var pending: Block?
    /// After the last logical line; blanks and comments may still be inside.
    var lastEnd = 0
    var pendingDecorators = 0
    /// Positions of `;` at depth 0 in the present logical line.
    var semicolons: [Int] = []
    /// The string that starts where the present statement starts, and ends where it is known to end.
    var leadingString = 0..<0
    var brackets: [UInt8] = []
    /// Spans of invalid UTF-8 that only comments may contain; ascending.
    var badBytes: [Int] = []
    var nextBadByte = 0

    /// An indentation level.
    struct Block {
        /// Tabs to the next multiple of 8.
        var column: Int32
        /// Every tab is one column. Both must agree.
        var alternate: Int32
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
        var awaitsBody = true
        /// Names under a `global` declaration.
        var globals: [Range<Int>] = []
    }

    init(_ source: SourceView, badBytes: [Int] = []) {
        self.source = source
        self.badBytes = badBytes
        map = SpecialMap(source)
        definitions.reserveCapacity(source.count / 512)
        statements.reserveCapacity(source.count / 512)
        blocks.reserveCapacity(100)
        brackets.reserveCapacity(StringScanner.maximumBrackets)
        blocks.append(Block(column: 0, alternate: 0, isScopeBody: true, container: -1))
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
        if pending != nil { throw ScanFault(kind: .expectedBlock, position: source.count) }
        if pendingDecorators > 0 {
            throw ScanFault(kind: .decoratorWithoutDefinition, position: Int(decorators[decorators.count - 1].start))
        }
        while blocks.count > 1 { closeBlock() }
        if nextBadByte < badBytes.count { throw ScanFault(kind: .invalidUTF8, position: badBytes[nextBadByte]) }
    }

    /// One logical line, or one physical line without tokens.
    private mutating func scanLine() throws(ScanFault) {
        var column: Int32 = 0
        var alternate: Int32 = 0
        let start = try indentation(&column, &alternate)
        switch source[start] {
        case Ascii.newline, Ascii.carriageReturn:
            position = afterLineEnd(start)
            return
        case Ascii.hash:
            position = afterComment(start)
            return
        case 0:
            if start < source.count { throw ScanFault(kind: .nullByte, position: start) }
            position = start
            return
        default: break
        }
        try place(start, column: column, alternate: alternate)
        let keyword = source.keyword(at: start)
        let end = try walkLine(from: start)
        try finishLine(start..<end, keyword)
        lastEnd = end
    }

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
    private func indentation(_ column: inout Int32, _ alternate: inout Int32) throws(ScanFault) -> Int {
        var at = position
        var continued: (column: Int32, alternate: Int32)?
        while true {
            let byte = source[at]
            if byte == Ascii.space {
                column &+= 1
                alternate &+= 1
            } else if byte == Ascii.tab {
                column = (column / 8 &+ 1) &* 8
                alternate &+= 1
            } else if byte == Ascii.formFeed {
                column = 0
                alternate = 0
            } else if byte == Ascii.backslash {
                guard Ascii.endsLine(source[at &+ 1]) else { break }
                if continued == nil, column > 0 { continued = (column, alternate) }
                column = 0
                alternate = 0
                at = afterLineEnd(at &+ 1)
                continue
            } else {
                break
            }
            at &+= 1
        }
        if let continued { (column, alternate) = continued }
        return at
    }

    /// Compares a line's indentation with the open blocks: opens or closes them.
    private mutating func place(_ start: Int, column: Int32, alternate: Int32) throws(ScanFault) {
        let top = blocks[blocks.count - 1]
        if var block = pending {
            guard column > top.column else { throw ScanFault(kind: .expectedBlock, position: start) }
            guard alternate > top.alternate else { throw ScanFault(kind: .inconsistentTabs, position: start) }
            guard blocks.count < 100 else { throw ScanFault(kind: .tooManyIndents, position: start) }
            block.column = column
            block.alternate = alternate
            blocks.append(block)
            pending = nil
            return
        }
        if column == top.column {
            guard alternate == top.alternate else { throw ScanFault(kind: .inconsistentTabs, position: start) }
            return
        }
        guard column < top.column else { throw ScanFault(kind: .unexpectedIndent, position: start) }
        if pendingDecorators > 0 { throw ScanFault(kind: .decoratorWithoutDefinition, position: start) }
        while column < blocks[blocks.count - 1].column { closeBlock() }
        let outer = blocks[blocks.count - 1]
        guard column == outer.column else { throw ScanFault(kind: .inconsistentDedent, position: start) }
        guard alternate == outer.alternate else { throw ScanFault(kind: .inconsistentTabs, position: start) }
    }

    /// Walks the special bytes from the first token of a logical line to its end: the line end, or the comment
    /// before it. Leaves `position` at the next line.
    private mutating func walkLine(from start: Int) throws(ScanFault) -> Int {
        semicolons.removeAll(keepingCapacity: true)
        brackets.removeAll(keepingCapacity: true)
        leadingString = 0..<0
        var block = start >> 6
        var word = map.code(block) & (~0 << UInt64(truncatingIfNeeded: start & 63))
        while true {
            while word == 0 {
                block &+= 1
                if block >= map.blocks {
                    guard brackets.isEmpty else { throw ScanFault(kind: .unclosedBracket, position: source.count) }
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
                guard brackets.count < StringScanner.maximumBrackets else {
                    throw ScanFault(kind: .tooManyBrackets, position: at)
                }
                brackets.append(byte)
                continue
            case Ascii.closeParen, Ascii.closeSquare, Ascii.closeBrace:
                guard let open = brackets.popLast() else { throw ScanFault(kind: .unmatchedBracket, position: at) }
                guard open &+ (byte == Ascii.closeParen ? 1 : 2) == byte else {
                    throw ScanFault(kind: .mismatchedBracket, position: at)
                }
                continue
            case Ascii.newline, Ascii.carriageReturn:
                if !brackets.isEmpty || (byte == Ascii.carriageReturn && source[at &+ 1] == Ascii.newline) { continue }
                position = at &+ 1
                return at
            case Ascii.singleQuote, Ascii.doubleQuote:
                next = try afterString(at, lineStart: start)
            case Ascii.hash:
                next = afterComment(at)
                if brackets.isEmpty {
                    position = next
                    return at
                }
            case Ascii.semicolon:
                guard brackets.isEmpty else { throw ScanFault(kind: .invalidCharacter, position: at) }
                semicolons.append(at)
                continue
            case Ascii.backslash:
                guard Ascii.endsLine(source[at &+ 1]) else {
                    throw ScanFault(kind: .badContinuation, position: at)
                }
                next = afterLineEnd(at &+ 1)
                guard next < source.count else { throw ScanFault(kind: .badContinuation, position: at) }
            case Ascii.formFeed, 0x7C: continue
            case 0: throw ScanFault(kind: .nullByte, position: at)
            case 0x80...: continue
            default: throw ScanFault(kind: .invalidCharacter, position: at)
            }
            block = next >> 6
            guard block < map.blocks else { continue }
            word = map.code(block) & (~0 << UInt64(truncatingIfNeeded: next & 63))
        }
    }

    /// Position after the string literal whose opening quote is at `quote`.
    @inline(__always)
    private mutating func afterString(_ quote: Int, lineStart: Int) throws(ScanFault) -> Int {
        let before = source[quote &- 1] | 0x20
        if before == 0x66 || before == 0x72 || before == 0x74, quote > lineStart {
            let prefix = StringScanner.prefix(before: quote, in: source, notBefore: lineStart)
            if prefix.isFormatted {
                var scanner = StringScanner(source)
                return try scanner.end(ofLiteralAt: quote, prefix: prefix)
            }
        }
        let mark = source.base[quote]
        let end: Int
        if source[quote &+ 1] != mark {
            end = try afterPlainString(quote, mark)
        } else if source[quote &+ 2] == mark {
            end = try afterTripleString(quote, mark)
        } else {
            end = quote &+ 2
        }
        if quote &- lineStart <= 2 { leadingString = quote..<end }
        return end
    }

    @inline(__always)
    private func afterPlainString(_ quote: Int, _ mark: UInt8) throws(ScanFault) -> Int {
        var block = (quote &+ 1) >> 6
        var keep: UInt64 = ~0 << UInt64(truncatingIfNeeded: (quote &+ 1) & 63)
        while block < map.blocks {
            var word = (map.quotes(block) | map.lineEnds(block)) & keep
            var skipped = -1
            while word != 0 {
                let at = block &* 64 &+ word.trailingZeroBitCount
                word &= word &- 1
                let byte = source.base[at]
                if byte == mark { return at &+ 1 }
                if byte == Ascii.backslash {
                    skipped = at &+ 1
                    if source[skipped] == Ascii.carriageReturn, source[skipped &+ 1] == Ascii.newline { skipped &+= 1 }
                    if skipped >> 6 != block { break }
                    word &= ~1 << UInt64(truncatingIfNeeded: skipped & 63)
                } else if Ascii.endsLine(byte) {
                    throw ScanFault(kind: .unterminatedString, position: quote)
                }
            }
            block &+= 1
            keep = skipped >> 6 == block ? ~1 << UInt64(truncatingIfNeeded: skipped & 63) : ~0
        }
        throw ScanFault(kind: .unterminatedString, position: quote)
    }

    @inline(__always)
    private func afterTripleString(_ quote: Int, _ mark: UInt8) throws(ScanFault) -> Int {
        var block = (quote &+ 3) >> 6
        var keep: UInt64 = ~0 << UInt64(truncatingIfNeeded: (quote &+ 3) & 63)
        while block < map.blocks {
            var word = map.quotes(block) & keep
            var skipped = -1
            while word != 0 {
                let at = block &* 64 &+ word.trailingZeroBitCount
                word &= word &- 1
                let byte = source.base[at]
                if byte == mark {
                    if source[at &+ 1] == mark, source[at &+ 2] == mark { return at &+ 3 }
                } else if byte == Ascii.backslash {
                    skipped = at &+ 1
                    if skipped >> 6 != block { break }
                    word &= ~1 << UInt64(truncatingIfNeeded: skipped & 63)
                }
            }
            block &+= 1
            keep = skipped >> 6 == block ? ~1 << UInt64(truncatingIfNeeded: skipped & 63) : ~0
        }
        throw ScanFault(kind: .unterminatedTripleQuotedString, position: quote)
    }
}
