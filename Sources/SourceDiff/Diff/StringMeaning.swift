/// Gathers adjacent string literals and writes their common value.
struct StringMeaning {
    private let canonical: CanonicalTokens
    private var source: SourceView { canonical.source }
    /// Values of the literals so far, joined.
    private var text: [UInt8] = []
    /// Literals that `text` is made of; 0: there is nothing to write.
    private var count = 0
    /// CPython refuses to join bytes and text, so one literal decides.
    private var isBytes = false
    /// One f-string makes the whole a `JoinedStr`.
    private var isFormatted = false
    /// The first literal has a `u`, which the tree keeps as `Constant.kind`.
    private var isUnicode = false

    private enum Mark {
        static let string: UInt8 = 6
        static let field: UInt8 = 7
        static let raw: UInt8 = 8
    }

    /// Has no literal yet.
    init(_ canonical: CanonicalTokens) { self.canonical = canonical }

    /// Adds a literal: several in a row are one string.
    mutating func add(_ token: Token) {
        let quote = source.quote(ofLiteralAt: token.start)
        let prefix = StringScanner.prefix(before: quote, in: source, notBefore: token.start)
        if count == 0 { isUnicode = source[token.start] | 0x20 == 0x75 }
        count += 1
        isBytes = isBytes || prefix.isBytes
        isFormatted = isFormatted || prefix.isFormatted
        let isTriple =
            source[quote + 1] == source[quote] && token.end - quote >= 6 && source[quote + 2] == source[quote]
        let content = (quote + (isTriple ? 3 : 1))..<(token.end - (isTriple ? 3 : 1))
        if prefix.isTemplate {
            // The text of a template's fields is part of its value.
            text.append(Mark.raw)
            canonical.append(lines: token.range, to: &text)
        } else if prefix.isFormatted {
            var writer = FieldWriter(canonical: canonical, isRaw: prefix.isRaw)
            writer.write(content, to: &text, fieldMark: Mark.field)
        } else {
            EscapeReader(source, isRaw: prefix.isRaw, isBytes: prefix.isBytes).append(content, to: &text)
        }
    }

    /// Writes what the literals mean together, if there are any.
    mutating func flush(to output: inout [UInt8]) {
        guard count > 0 else { return }
        output.append(Mark.string)
        output.append(isBytes ? 0x62 : isFormatted ? 0x66 : isUnicode ? 0x75 : 0x73)
        output.append(contentsOf: String(text.count).utf8)
        output.append(Mark.string)
        output.append(contentsOf: text)
        output.append(CanonicalTokens.Mark.end)
        self = StringMeaning(canonical)
    }
}
