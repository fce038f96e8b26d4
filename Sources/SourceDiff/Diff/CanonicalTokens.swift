/// The tokens of spans as comparable bytes: equal bytes mean equal tokens. Comments, blank lines and the width of
/// indentation leave no trace.
struct CanonicalTokens {
    let storage: OutlineStorage
    let source: SourceView

    private enum Mark {
        static let indent: UInt8 = 1
        static let dedent: UInt8 = 2
        static let newline: UInt8 = 3
        static let end: UInt8 = 4
        static let hole: UInt8 = 5
    }

    /// The tokens of `span`; each definition of `holes` (ascending indexes) is one token that says its kind and name.
    func bytes(of span: Range<Int>, holes: [Int] = []) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(span.count)
        var reader = TokenReader(span, in: source)
        var remaining = holes[...]
        while true {
            let token = reader.next()
            if token.kind == .end { return output }
            if let hole = remaining.first, token.start == Int(storage.definitions[hole].start),
                token.kind == .symbol || token.kind == .name
            {
                append(hole: hole, to: &output)
                reader.skip(to: Int(storage.definitions[hole].end))
                remaining.removeFirst()
                continue
            }
            append(token, to: &output)
        }
    }

    private func append(hole index: Int, to output: inout [UInt8]) {
        output.append(Mark.hole)
        output.append(contentsOf: storage.definitions[index].kind.rawValue.utf8)
        output.append(Mark.end)
        output.append(contentsOf: storage.nameBytes(of: index))
        output.append(Mark.end)
    }

    func append(_ token: Token, to output: inout [UInt8]) {
        switch token.kind {
        case .indent: output.append(Mark.indent)
        case .dedent: output.append(Mark.dedent)
        case .newline: output.append(Mark.newline)
        case .end: break
        case .name:
            if source.isAscii(token.range) {
                output.append(contentsOf: UnsafeBufferPointer(start: source.base + token.start, count: token.range.count))
            } else {
                output.append(contentsOf: IdentifierNormalizer.normalized(source.array(token.range)))
            }
            output.append(Mark.end)
        case .number, .symbol:
            output.append(contentsOf: UnsafeBufferPointer(start: source.base + token.start, count: token.range.count))
            output.append(Mark.end)
        case .string:
            append(string: token.range, to: &output)
            output.append(Mark.end)
        }
    }

    /// The literal with `\n` line ends, as the parser sees it.
    private func append(string range: Range<Int>, to output: inout [UInt8]) {
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
