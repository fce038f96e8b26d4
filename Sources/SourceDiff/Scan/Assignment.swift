/// How an expression-like statement assigns, and to what.
struct Assignment {
    /// What an assignment looks like.
    enum Form {
        /// A mere expression.
        case none
        /// `a = b = value`: several targets, one value.
        case plain
        /// `name: annotation`, with or without a value.
        case annotated
        /// `+=` and the like: one target, which must exist before.
        case augmented
    }

    /// Decided by the first mark outside of brackets and lambdas.
    private(set) var form = Form.none
    /// Source of each target, outermost blanks excluded.
    private(set) var targets: [Range<Int>] = []
    /// Source of the value; nil if there is none.
    private(set) var value: Range<Int>?

    /// Reads a simple statement that starts with no keyword.
    init(_ span: Range<Int>, in source: SourceView) {
        var reader = TokenReader(span, in: source)
        var lambdas = 0
        var partStart = span.lowerBound
        var last = span.lowerBound
        while true {
            let token = reader.next()
            if token.kind == .end { break }
            defer { last = token.end }
            guard reader.depth == 0 else { continue }
            if token.kind == .name, source.spells("lambda", token.range) { lambdas += 1 }
            guard token.kind == .symbol else { continue }
            let length = token.end - token.start
            let final = source[token.end - 1]
            if length == 1, final == Ascii.colon {
                if lambdas > 0 {
                    lambdas -= 1
                } else if form == .none {
                    form = .annotated
                    targets.append(partStart..<last)
                }
            } else if length == 1, final == Ascii.equals {
                if form == .none { form = .plain }
                if form == .plain { targets.append(partStart..<last) }
                partStart = token.end
            } else if length >= 2, final == Ascii.equals, form == .none, Self.isAugmented(token, source) {
                form = .augmented
                targets.append(partStart..<last)
                partStart = token.end
            }
        }
        if form != .none, partStart > span.lowerBound {
            value = min(source.skipBlanks(from: partStart), span.upperBound)..<span.upperBound
        }
    }

    /// `+=` and the like, not `==`, `!=`, `<=`, `>=`, `:=`.
    private static func isAugmented(_ token: Token, _ source: SourceView) -> Bool {
        if token.end - token.start == 3 { return true }
        switch source[token.start] {
        case Ascii.equals, 0x21, 0x3C, 0x3E, Ascii.colon: return false
        default: return true
        }
    }
}
