/// The names that targets, imports and headers bind.
struct TargetReader {
    /// The bytes.
    let source: SourceView

    /// Reads targets of this source.
    init(_ source: SourceView) { self.source = source }

    private func tokens(_ span: Range<Int>) -> [Token] {
        var reader = TokenReader(span, in: source)
        var tokens: [Token] = []
        var token = reader.next()
        while token.kind != .end {
            tokens.append(token)
            token = reader.next()
        }
        return tokens
    }

    /// Whether the token is this one byte; `==` is no `=`.
    private func isSymbol(_ token: Token, _ byte: UInt8) -> Bool {
        token.kind == .symbol && token.end - token.start == 1 && source[token.start] == byte
    }

    /// `import a.b as c, d` binds `c` and `d`; `import a.b` binds `a`.
    func importNames(_ span: Range<Int>) -> [String] {
        let tokens = Array(self.tokens(span).drop { !source.spells("import", $0.range) }.dropFirst())
        return tokens.split { isSymbol($0, Ascii.comma) }.compactMap { part in
            if let alias = part.firstIndex(where: { source.spells("as", $0.range) }),
                alias + 1 < part.endIndex
            {
                return source.identifier(part[alias + 1].range)
            }
            return part.first.map { source.identifier($0.range) }
        }
    }

    /// The names that `from … import …` binds.
    func fromImportNames(_ span: Range<Int>) -> [String] {
        let tokens = Array(
            self.tokens(span).drop { !source.spells("import", $0.range) }.dropFirst()
                .filter { !isSymbol($0, Ascii.openParen) && !isSymbol($0, Ascii.closeParen) })
        return tokens.split { isSymbol($0, Ascii.comma) }.compactMap { part in
            part.last.map { source.identifier($0.range) }
        }
    }

    /// Names of an assignment target: of a tuple or list, those of its elements.
    func names(in span: Range<Int>) -> [String] {
        names(tokens(span)[...])
    }

    /// Goes into tuples, lists and starred targets.
    private func names(_ tokens: ArraySlice<Token>) -> [String] {
        var tokens = tokens
        if let first = tokens.first, isSymbol(first, 0x2A) { tokens = tokens.dropFirst() }
        let parts = split(tokens)
        if parts.count > 1 || (parts.count == 1 && parts[0].count < tokens.count) {
            return parts.flatMap { names($0) }
        }
        guard let first = tokens.first, let last = tokens.last else { return [] }
        let isGroup =
            (isSymbol(first, Ascii.openParen) && isSymbol(last, Ascii.closeParen))
            || (isSymbol(first, Ascii.openSquare) && isSymbol(last, Ascii.closeSquare))
        if isGroup, closer(of: tokens.startIndex, in: tokens) == tokens.endIndex - 1 {
            return names(tokens.dropFirst().dropLast())
        }
        if tokens.count == 1, first.kind == .name { return [source.identifier(first.range)] }
        return [text(tokens)]
    }

    /// The parts between commas outside of brackets.
    private func split(_ tokens: ArraySlice<Token>) -> [ArraySlice<Token>] {
        var parts: [ArraySlice<Token>] = []
        var depth = 0
        var start = tokens.startIndex
        for index in tokens.indices {
            let token = tokens[index]
            depth += change(token)
            if depth == 0, isSymbol(token, Ascii.comma) {
                parts.append(tokens[start..<index])
                start = index + 1
            }
        }
        if start < tokens.endIndex { parts.append(tokens[start...]) }
        return parts
    }

    /// How the bracket depth changes at this token: 1, -1 or 0.
    private func change(_ token: Token) -> Int {
        guard token.kind == .symbol else { return 0 }
        switch source[token.start] {
        case Ascii.openParen, Ascii.openSquare, Ascii.openBrace: return 1
        case Ascii.closeParen, Ascii.closeSquare, Ascii.closeBrace: return -1
        default: return 0
        }
    }

    /// Index of the bracket that closes the one at `open`; the end of the tokens if it is missing.
    private func closer(of open: Int, in tokens: ArraySlice<Token>) -> Int {
        var depth = 0
        for index in tokens.indices where index >= open {
            depth += change(tokens[index])
            if depth == 0 { return index }
        }
        return tokens.endIndex
    }

    /// `for TARGETS in …`
    func loopTargets(_ header: Range<Int>) -> [String] {
        let tokens = tokens(header).drop { !source.spells("for", $0.range) }.dropFirst()
        var depth = 0
        for index in tokens.indices {
            depth += change(tokens[index])
            if depth == 0, source.spells("in", tokens[index].range) { return names(tokens[..<index]) }
        }
        return []
    }

    /// `with … as TARGET, …`, the items in parentheses or not.
    func withTargets(_ header: Range<Int>) -> [String] {
        var tokens = tokens(header).drop { !source.spells("with", $0.range) }.dropFirst()
        if let first = tokens.first, isSymbol(first, Ascii.openParen),
            closer(of: tokens.startIndex, in: tokens) == tokens.endIndex - 1
        {
            tokens = tokens.dropFirst().dropLast()
        }
        return split(tokens).flatMap { item -> [String] in
            var depth = 0
            for index in item.indices {
                depth += change(item[index])
                if depth == 0, item[index].kind == .name, source.spells("as", item[index].range) {
                    return names(item[(index + 1)...])
                }
            }
            return []
        }
    }

    /// `except … as NAME`
    func exceptTarget(_ header: Range<Int>) -> [String] {
        let tokens = tokens(header)
        guard tokens.count >= 2, source.spells("as", tokens[tokens.count - 2].range) else { return [] }
        return [source.identifier(tokens[tokens.count - 1].range)]
    }

    /// The tokens' text as `ast.unparse` would set it for attributes and simple subscripts.
    private func text(_ tokens: ArraySlice<Token>) -> String {
        var text: [UInt8] = []
        var previous: Token?
        for token in tokens {
            if let previous {
                let bothWords = previous.kind != .symbol && token.kind != .symbol
                if bothWords || isSymbol(previous, Ascii.comma) { text.append(Ascii.space) }
            }
            text += source.array(token.range)
            previous = token
        }
        return String(decoding: text, as: UTF8.self)
    }
}
