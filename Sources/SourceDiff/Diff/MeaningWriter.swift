/// Writes tokens so that spellings which the parser turns into one tree give the same bytes: adjacent and differently
/// quoted strings, number formats, commas before a closing bracket, parentheses around a whole value, a whole element
/// or a primary.
///
/// Wrongly equal bytes would hide a change, so a rule applies only where the grammar leaves no other reading.
struct MeaningWriter {
    /// Indexed from 0; the tables below have one entry for each.
    private let tokens: [Token]
    /// Writes the tokens that have only one spelling.
    private let canonical: CanonicalTokens
    private var source: SourceView { canonical.source }
    /// Index of the other bracket of a pair, -1 for any other token.
    private var partner: [Int]
    /// Commas directly inside of the pair that opens here.
    private var commas: [Int]
    /// The innermost bracket around a token; -1 outside of brackets.
    private var enclosing: [Int]
    /// The colon after the parameters of a `lambda`.
    private var isLambdaColon: [Bool]
    /// Tokens that leave no bytes because they mean nothing where they stand.
    private var isDropped: [Bool]

    /// Takes the tokens of one expression or header.
    init(_ tokens: ArraySlice<Token>, canonical: CanonicalTokens) {
        self.tokens = Array(tokens)
        self.canonical = canonical
        partner = Array(repeating: -1, count: tokens.count)
        commas = Array(repeating: 0, count: tokens.count)
        enclosing = Array(repeating: -1, count: tokens.count)
        isLambdaColon = Array(repeating: false, count: tokens.count)
        isDropped = Array(repeating: false, count: tokens.count)
    }

    /// Bytes that are equal where the meaning is.
    mutating func written() -> [UInt8] {
        pairBrackets()
        inlineSingleStatements()
        for index in tokens.indices where byte(index) == Ascii.comma { dropCommaAfterTargets(index) }
        for open in tokens.indices where partner[open] > open {
            dropTrailingComma(open)
            if byte(open) == Ascii.openParen, isRedundant(open) {
                isDropped[open] = true
                isDropped[partner[open]] = true
            }
        }
        var output: [UInt8] = []
        var strings = StringMeaning(canonical)
        for index in tokens.indices where !isDropped[index] {
            let token = tokens[index]
            if token.kind == .string {
                strings.add(token)
                continue
            }
            strings.flush(to: &output)
            if token.kind == .number {
                NumberLiteral.appendValue(token.range, in: source, to: &output)
            } else {
                canonical.append(token, to: &output)
            }
        }
        strings.flush(to: &output)
        return output
    }

    /// The byte of a one-byte symbol; 0 for anything else.
    private func byte(_ index: Int) -> UInt8 {
        guard tokens.indices.contains(index) else { return 0 }
        let token = tokens[index]
        return token.kind == .symbol && token.end - token.start == 1 ? source[token.start] : 0
    }

    /// Fills the tables in one pass. A closing bracket without a partner is left alone: the span may be a
    /// part of a statement.
    private mutating func pairBrackets() {
        var open: [Int] = []
        var lambdas: [Int] = []
        for index in tokens.indices {
            enclosing[index] = open.last ?? -1
            if tokens[index].kind == .name, source.spells("lambda", tokens[index].range) {
                lambdas.append(open.count)
            }
            switch byte(index) {
            case Ascii.openParen, Ascii.openSquare, Ascii.openBrace: open.append(index)
            case Ascii.closeParen, Ascii.closeSquare, Ascii.closeBrace:
                guard let start = open.popLast() else { continue }
                partner[start] = index
                partner[index] = start
                enclosing[index] = enclosing[start]
            case Ascii.comma:
                if let start = open.last { commas[start] += 1 }
            case Ascii.colon where lambdas.last == open.count:
                isLambdaColon[index] = true
                lambdas.removeLast()
            default: break
            }
        }
    }

    /// Follows an operand: a call or a subscript, no group or display.
    private func isTrailer(_ open: Int) -> Bool {
        guard open > 0 else { return false }
        let before = tokens[open - 1]
        switch before.kind {
        case .name: return !ReservedWords.isOperator(before.range, in: source) && !isSoftKeyword(open - 1)
        case .string, .number: return true
        case .symbol: return partner[open - 1] >= 0 && partner[open - 1] < open - 1
        case .newline, .indent, .dedent, .end: return false
        }
    }

    /// Whether the token is the first of a statement, also behind `;` or the colon of a one-line block.
    private func startsStatement(_ index: Int) -> Bool {
        guard index > 0 else { return true }
        switch tokens[index - 1].kind {
        case .newline, .indent, .dedent, .end: return true
        case .symbol: return byte(index - 1) == Ascii.semicolon || byte(index - 1) == Ascii.colon
        case .name, .number, .string: return false
        }
    }

    /// `match` or `case` at the start of a statement: parentheses behind it are taken for a group, not for
    /// those of a call.
    private func isSoftKeyword(_ index: Int) -> Bool {
        startsStatement(index)
            && (source.spells("match", tokens[index].range) || source.spells("case", tokens[index].range))
    }

    /// The only comma of a tuple is kept, `(a,)` and `x[a,]`, because it makes the tuple.
    private mutating func dropTrailingComma(_ open: Int) {
        let last = partner[open] - 1
        guard last > open, byte(last) == Ascii.comma else { return }
        let isSafe: Bool
        switch byte(open) {
        case Ascii.openBrace: isSafe = true
        case Ascii.openSquare: isSafe = commas[open] > 1 || !isTrailer(open)
        default: isSafe = commas[open] > 1 || isTrailer(open) || isName("import", open - 1)
        }
        if isSafe { isDropped[last] = true }
    }

    /// A block of one simple statement reads like the same statement on the header's line.
    private mutating func inlineSingleStatements() {
        for colon in tokens.indices.dropLast(2)
        where byte(colon) == Ascii.colon && tokens[colon + 1].kind == .newline
            && tokens[colon + 2].kind == .indent
        {
            var end = colon + 3
            while end < tokens.count, tokens[end].kind != .newline, byte(end) != Ascii.semicolon { end += 1 }
            let isLast = end >= tokens.count - 1
            guard isLast || (tokens[end].kind == .newline && tokens[end + 1].kind == .dedent) else {
                continue
            }
            guard !isLast || end == tokens.count || tokens[end].kind == .newline else { continue }
            isDropped[colon + 1] = true
            isDropped[colon + 2] = true
            if !isLast { isDropped[end + 1] = true }
        }
    }

    /// `for a, b, in x` has the targets of `for a, b in x`.
    private mutating func dropCommaAfterTargets(_ comma: Int) {
        guard isName("in", comma + 1) else { return }
        var commas = 0
        var index = comma - 1
        while index >= 0, !isName("for", index) {
            if byte(index) == Ascii.comma { commas += 1 }
            index = partner[index] >= 0 && partner[index] < index ? partner[index] - 1 : index - 1
        }
        if index >= 0, commas > 0, enclosing[index] == enclosing[comma] { isDropped[comma] = true }
    }

    /// False where `index` is outside of the tokens.
    private func isName(_ text: StaticString, _ index: Int) -> Bool {
        tokens.indices.contains(index) && tokens[index].kind == .name
            && source.spells(text, tokens[index].range)
    }

    /// Whether the parser gives the same tree without this pair of parentheses.
    private func isRedundant(_ open: Int) -> Bool {
        let close = partner[open]
        guard close > open + 1 else { return false }
        if isName("import", open - 1) { return true }
        guard !isTrailer(open) else { return false }
        if isName("for", open - 1), isName("in", close + 1) { return true }
        if isElement(open, close) { return true }
        guard !startsStatement(open) else { return false }
        return (commas[open] == 0 && isPrimary(open + 1, close)) || isWholeValue(open, close)
    }

    /// One expression that is all of an argument, an element of a display, the value of an item or the body of a
    /// lambda.
    private func isElement(_ open: Int, _ close: Int) -> Bool {
        guard open > 0, commas[open] == 0, !isName("yield", open + 1) else { return false }
        let isInside = enclosing[open] >= 0
        switch byte(open - 1) {
        case Ascii.openParen, Ascii.openSquare, Ascii.openBrace, Ascii.comma, Ascii.equals: break
        case Ascii.colon where isInside || isLambdaColon[open - 1]: break
        default: return false
        }
        switch byte(close + 1) {
        case Ascii.closeParen, Ascii.closeSquare, Ascii.closeBrace, Ascii.comma, Ascii.semicolon: break
        default:
            let endsStatement = close + 1 == tokens.count || tokens[close + 1].kind == .newline
            guard endsStatement || (isInside && isName("for", close + 1)) else { return false }
        }
        return !hasGenerator(open, close)
    }

    /// A name, constant or string with calls, subscripts and attributes only.
    private func isPrimary(_ start: Int, _ end: Int) -> Bool {
        let first = tokens[start]
        var index = start + 1
        switch first.kind {
        case .name: guard !ReservedWords.isOperator(first.range, in: source) else { return false }
        case .string: while index < end, tokens[index].kind == .string { index += 1 }
        case .number: return index == end
        case .symbol:
            guard byte(start) != Ascii.openParen, partner[start] > start else { return false }
            index = partner[start] + 1
        case .newline, .indent, .dedent, .end: return false
        }
        while index < end {
            if byte(index) == Ascii.dot, index + 1 < end, tokens[index + 1].kind == .name {
                index += 2
            } else if byte(index) == Ascii.openParen || byte(index) == Ascii.openSquare,
                partner[index] > index
            {
                index = partner[index] + 1
            } else {
                return false
            }
        }
        return true
    }

    /// Everything between `=` or `return` and the end of the statement, or between `if` or `while` and its colon; no
    /// generator expression.
    private func isWholeValue(_ open: Int, _ close: Int) -> Bool {
        let before = tokens[open - 1]
        let after = close + 1
        let endsStatement =
            after == tokens.count || tokens[after].kind == .newline || byte(after) == Ascii.semicolon
        if before.kind == .symbol {
            let length = before.end - before.start
            let isComparison = length == 2 && [0x3D, 0x21, 0x3C, 0x3E].contains(source[before.start])
            guard source[before.end - 1] == Ascii.equals, !isComparison, endsStatement else { return false }
        } else if source.spells("return", before.range) || source.spells("yield", before.range) {
            guard endsStatement else { return false }
        } else if source.spells("if", before.range) || source.spells("elif", before.range)
            || source.spells("while", before.range)
        {
            guard startsStatement(open - 1), byte(after) == Ascii.colon else { return false }
        } else {
            return false
        }
        return !hasGenerator(open, close)
    }

    /// A `for` directly inside: the parentheses make a generator expression and stay.
    private func hasGenerator(_ open: Int, _ close: Int) -> Bool {
        var index = open + 1
        while index < close {
            if partner[index] > index { index = partner[index] }
            if tokens[index].kind == .name, source.spells("for", tokens[index].range) { return true }
            index += 1
        }
        return false
    }
}
