/// The tokens of spans as comparable bytes. Comments, blank lines and the width of indentation leave no trace.
struct CanonicalTokens {
    /// When two spans count as equal.
    enum Level {
        /// The same tokens.
        case exact
        /// Also other spellings of one constant, trailing commas and redundant parentheses.
        case meaning
    }

    /// The outline whose text is read.
    let storage: OutlineStorage
    /// Its bytes.
    let source: SourceView

    /// What stands for bytes that are not written as they are.
    enum Mark {
        /// A deeper block begins, whatever its width.
        static let indent: UInt8 = 1
        /// One block ends; several blocks give several.
        static let dedent: UInt8 = 2
        /// Ends a logical line. A line end inside brackets leaves no trace.
        static let newline: UInt8 = 3
        /// Stands behind every word and symbol, so that `a b` and `ab` differ.
        static let end: UInt8 = 4
        /// Begins a definition that is compared on its own.
        static let hole: UInt8 = 5
    }

    /// The tokens of `span`; each definition of `holes` (ascending indexes) is one token that says its kind and name.
    func bytes(of span: Range<Int>, holes: [Int] = [], level: Level = .exact) -> [UInt8] {
        var tokens: [Token] = []
        tokens.reserveCapacity(span.count / 4)
        var reader = TokenReader(span, in: source)
        var remaining = holes[...]
        while true {
            let token = reader.next()
            if token.kind == .end { break }
            if let hole = remaining.first, token.start == Int(storage.definitions[hole].start),
                token.kind == .symbol || token.kind == .name
            {
                tokens.append(Token(kind: .end, start: hole, end: hole))
                reader.skip(to: Int(storage.definitions[hole].end))
                remaining.removeFirst()
                continue
            }
            tokens.append(token)
        }
        return bytes(of: tokens[...], level: level)
    }

    /// The bytes of tokens that were read before. A token of kind `end` is a hole; it starts at its definition's index.
    func bytes(of tokens: ArraySlice<Token>, level: Level) -> [UInt8] {
        var output: [UInt8] = []
        switch level {
        case .exact:
            for token in tokens { append(token, to: &output) }
        case .meaning:
            var meaning = MeaningWriter(tokens, canonical: self)
            output = meaning.written()
        }
        return output
    }

    /// Writes a token so that equal meaning gives equal bytes.
    func append(_ token: Token, to output: inout [UInt8]) {
        switch token.kind {
        case .indent: output.append(Mark.indent)
        case .dedent: output.append(Mark.dedent)
        case .newline: output.append(Mark.newline)
        case .end: append(hole: token.start, to: &output)
        case .name:
            if source.isAscii(token.range) {
                append(raw: token.range, to: &output)
            } else {
                output.append(contentsOf: IdentifierNormalizer.normalized(source.array(token.range)))
            }
            output.append(Mark.end)
        case .number, .symbol:
            append(raw: token.range, to: &output)
            output.append(Mark.end)
        case .string:
            append(lines: token.range, to: &output)
            output.append(Mark.end)
        }
    }

    /// Writes kind and name only: two definitions of one name count as equal here, whatever they contain.
    private func append(hole index: Int, to output: inout [UInt8]) {
        output.append(Mark.hole)
        output.append(contentsOf: storage.definitions[index].kind.rawValue.utf8)
        output.append(Mark.end)
        output.append(contentsOf: storage.nameBytes(of: index))
        output.append(Mark.end)
    }

    /// Copies the bytes as they are. `range` must lie inside the text.
    private func append(raw range: Range<Int>, to output: inout [UInt8]) {
        output.append(
            contentsOf: UnsafeBufferPointer(start: source.base + range.lowerBound, count: range.count))
    }

    /// The text with `\n` line ends, as the parser sees it.
    func append(lines range: Range<Int>, to output: inout [UInt8]) {
        for position in range {
            let byte = source[position]
            if byte == Ascii.carriageReturn {
                if source[position + 1] != Ascii.newline { output.append(Ascii.newline) }
            } else {
                output.append(byte)
            }
        }
    }
}
