/// A definition's header cut into the parts that change separately; each part is canonical token bytes.
struct Signature {
    /// What stands in brackets behind the name.
    var typeParameters: [UInt8] = []
    /// Names and kinds of the parameters.
    var parameters: [UInt8] = []
    /// Their default values.
    var defaults: [UInt8] = []
    /// Annotations of the parameters and of the result.
    var annotations: [UInt8] = []
    /// Of a class: what it is derived from.
    var bases: [UInt8] = []
    /// Of a class: its keyword arguments, as `metaclass`.
    var keywords: [UInt8] = []

    private let canonical: CanonicalTokens
    /// Whether the parts are equal by tokens or by meaning.
    private let level: CanonicalTokens.Level
    private var source: SourceView { canonical.source }

    /// Reads the header of one definition.
    init(of index: Int, in canonical: CanonicalTokens, level: CanonicalTokens.Level) {
        self.canonical = canonical
        self.level = level
        let record = canonical.storage.definitions[index]
        var reader = TokenReader(Int(record.nameEnd)..<Int(record.colon), in: canonical.source)
        var tokens: [Token] = []
        var token = reader.next()
        while token.kind != .end {
            tokens.append(token)
            token = reader.next()
        }
        read(tokens[...], isClass: record.kind == .class)
    }

    /// `tokens`: from behind the name to before the colon; a result's `->` and all behind it go to
    /// `annotations`.
    private mutating func read(_ tokens: ArraySlice<Token>, isClass: Bool) {
        var rest = tokens
        if let group = group(at: rest.startIndex, in: rest, Ascii.openSquare) {
            typeParameters = bytes(group)
            rest = rest[(group.endIndex + 1)...]
        }
        if let group = group(at: rest.startIndex, in: rest, Ascii.openParen) {
            if isClass { readBases(group) } else { readParameters(group) }
            rest = rest[(group.endIndex + 1)...]
        }
        guard !rest.isEmpty else { return }
        annotations.append(Ascii.closeParen)
        annotations += bytes(rest)
    }

    /// The tokens inside of the bracket at `index`.
    private func group(at index: Int, in tokens: ArraySlice<Token>, _ open: UInt8) -> ArraySlice<Token>? {
        guard index < tokens.endIndex, isSymbol(tokens[index], open) else { return nil }
        var depth = 0
        for end in index..<tokens.endIndex {
            depth += change(tokens[end])
            if depth == 0 { return tokens[(index + 1)..<end] }
        }
        return nil
    }

    private func isSymbol(_ token: Token, _ byte: UInt8) -> Bool {
        token.kind == .symbol && token.end - token.start == 1 && source[token.start] == byte
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

    private func bytes(_ tokens: ArraySlice<Token>) -> [UInt8] {
        canonical.bytes(of: tokens, level: level)
    }

    /// The parts between commas outside of brackets and `lambda` parameters.
    private func split(_ tokens: ArraySlice<Token>) -> [ArraySlice<Token>] {
        var parts: [ArraySlice<Token>] = []
        var depth = 0
        var lambdas = 0
        var start = tokens.startIndex
        for index in tokens.indices {
            let token = tokens[index]
            depth += change(token)
            guard depth == 0 else { continue }
            if token.kind == .name, source.spells("lambda", token.range) {
                lambdas += 1
            } else if lambdas > 0, isSymbol(token, Ascii.colon) {
                lambdas -= 1
            } else if lambdas == 0, isSymbol(token, Ascii.comma) {
                parts.append(tokens[start..<index])
                start = index + 1
            }
        }
        if start < tokens.endIndex { parts.append(tokens[start...]) }
        return parts
    }

    /// `**mapping` counts as a keyword, `*bases` as a base.
    private mutating func readBases(_ tokens: ArraySlice<Token>) {
        for part in split(tokens) {
            guard let first = part.first else { continue }
            let isKeyword =
                source.spells("**", first.range)
                || (part.count > 1 && isSymbol(part[part.startIndex + 1], Ascii.equals))
            if isKeyword {
                keywords += bytes(part) + [Ascii.comma]
            } else {
                bases += bytes(part) + [Ascii.comma]
            }
        }
    }

    /// Defaults are kept without the parameter's name where `__defaults__` is a tuple; of keyword-only
    /// parameters the places are kept too, because `__kwdefaults__` goes by name.
    private mutating func readParameters(_ tokens: ArraySlice<Token>) {
        var isKeywordOnly = false
        for part in split(tokens) {
            let colon = mark(Ascii.colon, in: part)
            let equals = mark(Ascii.equals, in: part)
            let shape = part[..<min(colon ?? part.endIndex, equals ?? part.endIndex)]
            parameters += bytes(shape) + [Ascii.comma]
            if let colon, colon < equals ?? part.endIndex {
                let annotation = part[(colon + 1)..<(equals ?? part.endIndex)]
                annotations += bytes(shape) + [Ascii.colon] + bytes(annotation) + [Ascii.comma]
            }
            if let equals {
                defaults += bytes(part[(equals + 1)...]) + [Ascii.comma]
            } else if isKeywordOnly {
                defaults.append(Ascii.comma)
            }
            if let first = shape.first, isSymbol(first, 0x2A) { isKeywordOnly = true }
        }
    }

    /// First `byte` of a parameter outside of brackets and lambdas.
    private func mark(_ byte: UInt8, in tokens: ArraySlice<Token>) -> Int? {
        var depth = 0
        var lambdas = 0
        for index in tokens.indices {
            let token = tokens[index]
            depth += change(token)
            guard depth == 0 else { continue }
            if token.kind == .name, source.spells("lambda", token.range) {
                lambdas += 1
            } else if lambdas > 0 {
                if isSymbol(token, Ascii.colon) { lambdas -= 1 }
            } else if isSymbol(token, byte) {
                return index
            }
        }
        return nil
    }
}
