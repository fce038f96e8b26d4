/// One Python token: a span of bytes and what it is.
struct Token: Equatable {
    /// What a token is.
    enum Kind: UInt8 {
        /// A keyword too: the reader's user decides what a word means.
        case name
        case number
        /// With its prefix. An f-string is one token, as before CPython 3.12.
        case string
        /// An operator, a bracket or a delimiter; the longest one that fits.
        case symbol
        /// Ends a logical line; line ends inside brackets and of blank lines give none.
        case newline
        /// Empty, before the first token of a deeper line.
        case indent
        /// Empty; one for each block that ends. At the end of the span none is given.
        case dedent
        /// Nothing is left, or the rest cannot be read.
        case end
    }

    /// What it is.
    var kind: Kind
    /// Its first byte.
    var start: Int
    /// The byte behind it.
    var end: Int

    /// Its bytes.
    var range: Range<Int> { start..<end }
}

/// Reads the tokens of a span byte by byte. Only small spans are read this way: what changed, and what
/// somebody asked for.
struct TokenReader {
    /// The bytes.
    let source: SourceView
    /// Where reading ends.
    let limit: Int
    /// Open brackets after the last token; never negative.
    private(set) var depth = 0
    private var position: Int
    /// Widths of the open blocks; -1 as the first one: not known yet.
    private var columns: [Int]
    /// The next token is the first of its line, so that indentation counts.
    private var atLineStart = false
    /// Dedents that are known and not given yet.
    private var pendingDedents = 0

    /// Reads `span`, which starts at a token.
    init(_ span: Range<Int>, in source: SourceView) {
        self.source = source
        position = span.lowerBound
        limit = min(span.upperBound, source.count)
        columns = [Self.column(of: span.lowerBound, in: source)]
    }

    /// Continues after `position`, at the same bracket depth.
    mutating func skip(to position: Int) { self.position = max(self.position, position) }

    /// -1 if something stands before it: then the next logical line sets the measure.
    private static func column(of position: Int, in source: SourceView) -> Int {
        var start = position
        while start > 0, Ascii.isBlank(source[start - 1]) { start -= 1 }
        guard start == 0 || Ascii.endsLine(source[start - 1]) else { return -1 }
        return width(start..<position, in: source)
    }

    /// Tabs go to the next multiple of 8; a form feed begins again at 0, as in CPython's tokenizer.
    private static func width(_ blanks: Range<Int>, in source: SourceView) -> Int {
        var column = 0
        for position in blanks {
            switch source[position] {
            case Ascii.tab: column = (column / 8 + 1) * 8
            case Ascii.formFeed: column = 0
            default: column += 1
            }
        }
        return column
    }

    /// The next token; `end` again and again after the last one. Text that is no token ends the reading.
    mutating func next() -> Token {
        if pendingDedents > 0 {
            pendingDedents -= 1
            return Token(kind: .dedent, start: position, end: position)
        }
        if atLineStart, let token = lineStart() { return token }
        while position < limit {
            let byte = source[position]
            if Ascii.isBlank(byte) {
                position += 1
            } else if byte == Ascii.hash {
                skipComment()
            } else if Ascii.endsLine(byte) {
                let start = position
                position += byte == Ascii.carriageReturn && source[position + 1] == Ascii.newline ? 2 : 1
                if depth == 0 {
                    atLineStart = true
                    return Token(kind: .newline, start: start, end: position)
                }
            } else if byte == Ascii.backslash, Ascii.endsLine(source[position + 1]) {
                position = source.skipBlanks(from: position)
            } else {
                return token(byte)
            }
        }
        return Token(kind: .end, start: limit, end: limit)
    }

    /// Stops before the line end, which belongs to the line and not to the comment.
    private mutating func skipComment() {
        while position < limit, !Ascii.endsLine(source[position]) { position += 1 }
    }

    /// Indentation tokens at the start of a logical line; blank lines and comments have none.
    private mutating func lineStart() -> Token? {
        while true {
            let start = position
            while position < limit, Ascii.isBlank(source[position]) { position += 1 }
            let column = Self.width(start..<position, in: source)
            if source[position] == Ascii.hash { skipComment() }
            guard position < limit else { return Token(kind: .end, start: limit, end: limit) }
            if Ascii.endsLine(source[position]) {
                position += 1
                continue
            }
            if source[position] == Ascii.backslash, Ascii.endsLine(source[position + 1]) {
                position = source.skipBlanks(from: position)
                if Ascii.endsLine(source[position]) { continue }
            }
            atLineStart = false
            if columns == [-1] { columns = [column] }
            if column > columns[columns.count - 1] {
                columns.append(column)
                return Token(kind: .indent, start: position, end: position)
            }
            while columns.count > 1, column < columns[columns.count - 1] {
                columns.removeLast()
                pendingDedents += 1
            }
            guard pendingDedents > 0 else { return nil }
            pendingDedents -= 1
            return Token(kind: .dedent, start: position, end: position)
        }
    }

    /// Reads one token at `position`, where a byte stands that is no blank.
    private mutating func token(_ byte: UInt8) -> Token {
        let start = position
        if Ascii.startsName(byte) {
            let end = min(source.nameEnd(from: start), limit)
            if Ascii.isQuote(source[end]), end - start <= 2 {
                let prefix = StringScanner.prefix(before: end, in: source, notBefore: start)
                if prefix.length == end - start { return string(start, quote: end, prefix) }
            }
            position = end
            return Token(kind: .name, start: start, end: end)
        }
        if Ascii.isQuote(byte) { return string(start, quote: start, StringPrefix()) }
        if Ascii.isDigit(byte) || (byte == Ascii.dot && Ascii.isDigit(source[start + 1])) {
            position = min(NumberLiteral.end(from: start, in: source), limit)
            return Token(kind: .number, start: start, end: position)
        }
        position = min(start + symbolLength(byte, at: start), limit)
        switch byte {
        case Ascii.openParen, Ascii.openSquare, Ascii.openBrace: depth += 1
        case Ascii.closeParen, Ascii.closeSquare, Ascii.closeBrace: depth = max(0, depth - 1)
        default: break
        }
        return Token(kind: .symbol, start: start, end: position)
    }

    /// A literal that is not closed inside the span ends the reading.
    private mutating func string(_ start: Int, quote: Int, _ prefix: StringPrefix) -> Token {
        var scanner = StringScanner(source)
        guard let end = try? scanner.end(ofLiteralAt: quote, prefix: prefix), end <= limit else {
            position = limit
            return Token(kind: .end, start: limit, end: limit)
        }
        position = end
        return Token(kind: .string, start: start, end: end)
    }

    /// 1 to 3 bytes. `->`, `:=`, `!=` and `<>` are one symbol each.
    private func symbolLength(_ byte: UInt8, at start: Int) -> Int {
        let second = source[start + 1]
        let third = source[start + 2]
        switch byte {
        case 0x2A, 0x2F, 0x3E:  // * / >
            if second == byte { return third == Ascii.equals ? 3 : 2 }
            return second == Ascii.equals ? 2 : 1
        case 0x3C:  // <
            if second == byte { return third == Ascii.equals ? 3 : 2 }
            return second == Ascii.equals || second == 0x3E ? 2 : 1
        case 0x2D:  // -
            return second == Ascii.equals || second == 0x3E ? 2 : 1
        case Ascii.dot:
            return second == Ascii.dot && third == Ascii.dot ? 3 : 1
        case 0x2B, 0x25, 0x26, 0x7C, 0x5E, Ascii.at, Ascii.equals, 0x21, Ascii.colon:
            return second == Ascii.equals ? 2 : 1
        default:
            return 1
        }
    }
}

extension TokenReader {
    /// Offset of the colon that ends the header of a compound statement or definition on one logical line: the first
    /// one outside of brackets that belongs to no `lambda`.
    static func headerColon(_ line: Range<Int>, in source: SourceView) -> Int? {
        var reader = TokenReader(line, in: source)
        var lambdas = 0
        while true {
            let token = reader.next()
            if token.kind == .end { return nil }
            guard reader.depth == 0 else { continue }
            if token.kind == .name, source.spells("lambda", token.range) { lambdas += 1 }
            if token.kind == .symbol, token.end - token.start == 1, source[token.start] == Ascii.colon {
                if lambdas == 0 { return token.start }
                lambdas -= 1
            }
        }
    }

    /// True if a statement consists of plain string literals only, in parentheses or not.
    static func isDocstring(_ span: Range<Int>, in source: SourceView) -> Bool {
        var reader = TokenReader(span, in: source)
        var opened = 0
        var strings = 0
        var isClosing = false
        while true {
            let token = reader.next()
            switch token.kind {
            case .end: return strings > 0 && reader.depth == 0
            case .string:
                if isClosing { return false }
                let quote = source.quote(ofLiteralAt: token.start)
                let prefix = StringScanner.prefix(before: quote, in: source, notBefore: token.start)
                if prefix.isBytes || prefix.isFormatted { return false }
                strings += 1
            case .symbol:
                if source[token.start] == Ascii.openParen, strings == 0 {
                    opened += 1
                } else if source[token.start] == Ascii.closeParen, strings > 0, opened > 0 {
                    isClosing = true
                    opened -= 1
                } else {
                    return false
                }
            case .name, .number, .newline, .indent, .dedent: return false
            }
        }
    }
}

extension SourceView {
    /// True if the bytes of `range` are the ASCII text `text`.
    @inline(__always)
    func spells(_ text: StaticString, _ range: Range<Int>) -> Bool {
        guard range.count == text.utf8CodeUnitCount else { return false }
        for index in 0..<range.count where self[range.lowerBound + index] != text.utf8Start[index] {
            return false
        }
        return true
    }

    /// The opening quote of the literal whose prefix starts at `start`.
    func quote(ofLiteralAt start: Int) -> Int {
        var position = start
        while position < start + 3, !Ascii.isQuote(self[position]) { position += 1 }
        return position
    }
}
