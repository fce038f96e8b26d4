/// Writes the value of an f-string's content: literal text, and the tokens of its replacement fields. White space in a
/// field counts only where the field shows its own text (`{x = }`).
struct FieldWriter {
    /// What writes the expressions of the fields.
    let canonical: CanonicalTokens
    /// Whether backslashes stay.
    let isRaw: Bool
    private var source: SourceView { canonical.source }

    /// `isRaw`: whether the literal has an `r` before it.
    init(canonical: CanonicalTokens, isRaw: Bool) {
        self.canonical = canonical
        self.isRaw = isRaw
    }

    /// Writes the content of an f-string or t-string by its meaning.
    mutating func write(_ content: Range<Int>, to output: inout [UInt8], fieldMark: UInt8) {
        var literal = content.lowerBound
        var position = content.lowerBound
        let escapes = EscapeReader(source, isRaw: isRaw, isBytes: false)
        while position < content.upperBound {
            let byte = source[position]
            let isDoubled = source[position + 1] == byte && position + 1 < content.upperBound
            if byte == Ascii.backslash {
                position = afterEscape(position, limit: content.upperBound)
            } else if byte == Ascii.openBrace, !isDoubled {
                escapes.append(literal..<position, to: &output)
                position = field(from: position + 1, limit: content.upperBound, to: &output, fieldMark)
                literal = position
            } else if byte == Ascii.openBrace || byte == Ascii.closeBrace {
                escapes.append(literal..<position + 1, to: &output)
                position += 2
                literal = position
            } else {
                position += 1
            }
        }
        escapes.append(literal..<content.upperBound, to: &output)
    }

    /// A backslash before a brace escapes nothing: the brace still opens or closes a field. `\N{NAME}` is
    /// passed as a whole.
    private func afterEscape(_ position: Int, limit: Int) -> Int {
        let next = source[position + 1]
        if next == Ascii.openBrace || next == Ascii.closeBrace { return position + 1 }
        if next == 0x4E, !isRaw, source[position + 2] == Ascii.openBrace {
            var end = position + 3
            while end < limit, source[end] != Ascii.closeBrace { end += 1 }
            return min(end + 1, limit)
        }
        return position + 2
    }

    /// A field from after its `{`; gives the position after its `}`.
    private mutating func field(
        from start: Int, limit: Int, to output: inout [UInt8], _ mark: UInt8
    ) -> Int {
        var reader = TokenReader(start..<limit, in: source)
        var tokens: [Token] = []
        var token = reader.next()
        var nested = 0
        while token.kind != .end {
            if token.kind == .symbol {
                let byte = source[token.start]
                let length = token.end - token.start
                if nested == 0,
                    byte == Ascii.closeBrace || byte == Ascii.colon || (byte == 0x21 && length == 1)
                {
                    break
                }
                switch byte {
                case Ascii.openParen, Ascii.openSquare, Ascii.openBrace: nested += 1
                case Ascii.closeParen, Ascii.closeSquare, Ascii.closeBrace: nested -= 1
                default: break
                }
            }
            if token.kind != .newline, token.kind != .indent, token.kind != .dedent { tokens.append(token) }
            token = reader.next()
        }
        output.append(mark)
        let isDebug = tokens.last.map { source.spells("=", $0.range) } ?? false
        if isDebug {
            canonical.append(lines: start..<token.start, to: &output)
        } else {
            output += canonical.bytes(of: tokens[...], level: .meaning)
        }
        output.append(mark)
        return tail(from: token.start, limit: limit, to: &output, mark)
    }

    /// Conversion and format spec from `!`, `:` or `}` on.
    private mutating func tail(
        from start: Int, limit: Int, to output: inout [UInt8], _ mark: UInt8
    ) -> Int {
        var position = start
        if source[position] == 0x21 {
            while position < limit, source[position] != Ascii.colon, source[position] != Ascii.closeBrace {
                if !Ascii.isBlank(source[position]) { output.append(source[position]) }
                position += 1
            }
        }
        guard position < limit, source[position] == Ascii.colon else { return min(position + 1, limit) }
        output.append(Ascii.colon)
        position += 1
        let escapes = EscapeReader(source, isRaw: isRaw, isBytes: false)
        var literal = position
        while position < limit, source[position] != Ascii.closeBrace {
            if source[position] == Ascii.backslash {
                position = min(afterEscape(position, limit: limit), limit)
            } else if source[position] == Ascii.openBrace {
                escapes.append(literal..<position, to: &output)
                position = field(from: position + 1, limit: limit, to: &output, mark)
                literal = position
            } else {
                position += 1
            }
        }
        escapes.append(literal..<position, to: &output)
        output.append(mark)
        return min(position + 1, limit)
    }
}
