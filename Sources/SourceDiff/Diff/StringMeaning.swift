/// Gathers adjacent string literals and writes their common value.
struct StringMeaning {
    private let canonical: CanonicalTokens
    private var source: SourceView { canonical.source }
    private var text: [UInt8] = []
    private var count = 0
    private var isBytes = false
    private var isFormatted = false
    private var isUnicode = false

    private enum Mark {
        static let string: UInt8 = 6
        static let field: UInt8 = 7
        static let raw: UInt8 = 8
    }

    init(_ canonical: CanonicalTokens) { self.canonical = canonical }

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

/// Writes what a literal's source text stands for.
struct EscapeReader {
    private let source: SourceView
    private let isRaw: Bool
    private let isBytes: Bool

    init(_ source: SourceView, isRaw: Bool, isBytes: Bool) {
        self.source = source
        self.isRaw = isRaw
        self.isBytes = isBytes
    }

    /// Appends the value of `range` as UTF-8; a lone surrogate as the three bytes it would have. A named character keeps
    /// its name.
    func append(_ range: Range<Int>, to output: inout [UInt8]) {
        var position = range.lowerBound
        while position < range.upperBound {
            let byte = source[position]
            if byte == Ascii.carriageReturn {
                if source[position + 1] != Ascii.newline { output.append(Ascii.newline) }
                position += 1
            } else if byte == Ascii.backslash, !isRaw, position + 1 < range.upperBound {
                position = appendEscape(position + 1, to: &output)
            } else {
                output.append(byte)
                position += 1
            }
        }
    }

    /// The escape whose letter is at `position`; gives the position after it.
    private func appendEscape(_ position: Int, to output: inout [UInt8]) -> Int {
        let letter = source[position]
        switch letter {
        case Ascii.newline: return position + 1
        case Ascii.carriageReturn: return source[position + 1] == Ascii.newline ? position + 2 : position + 1
        case Ascii.backslash, Ascii.singleQuote, Ascii.doubleQuote: output.append(letter)
        case 0x61: output.append(7)
        case 0x62: output.append(8)
        case 0x66: output.append(12)
        case 0x6E: output.append(10)
        case 0x72: output.append(13)
        case 0x74: output.append(9)
        case 0x76: output.append(11)
        case 0x30...0x37: return appendNumber(position, digits: 3, radix: 8, to: &output)
        case 0x78: return appendNumber(position + 1, digits: 2, radix: 16, to: &output)
        case 0x75 where !isBytes: return appendNumber(position + 1, digits: 4, radix: 16, to: &output)
        case 0x55 where !isBytes: return appendNumber(position + 1, digits: 8, radix: 16, to: &output)
        case 0x4E where !isBytes: output += [0, letter]
        default: output += [Ascii.backslash, letter]
        }
        return position + 1
    }

    private func appendNumber(_ start: Int, digits: Int, radix: UInt32, to output: inout [UInt8]) -> Int {
        var value: UInt32 = 0
        var position = start
        while position < start + digits, let digit = Self.digit(source[position]), digit < radix {
            value = value &* radix &+ digit
            position += 1
        }
        if isBytes {
            output.append(UInt8(truncatingIfNeeded: value))
        } else {
            Self.append(scalar: value, to: &output)
        }
        return position
    }

    static func digit(_ byte: UInt8) -> UInt32? {
        if Ascii.isDigit(byte) { return UInt32(byte &- 0x30) }
        let letter = (byte | 0x20) &- 0x61
        return letter < 6 ? UInt32(letter) + 10 : nil
    }

    static func append(scalar: UInt32, to output: inout [UInt8]) {
        switch scalar {
        case ..<0x80: output.append(UInt8(truncatingIfNeeded: scalar))
        case ..<0x800:
            output.append(UInt8(truncatingIfNeeded: 0xC0 | scalar >> 6))
            output.append(UInt8(truncatingIfNeeded: 0x80 | scalar & 0x3F))
        case ..<0x10000:
            output.append(UInt8(truncatingIfNeeded: 0xE0 | scalar >> 12))
            output.append(UInt8(truncatingIfNeeded: 0x80 | scalar >> 6 & 0x3F))
            output.append(UInt8(truncatingIfNeeded: 0x80 | scalar & 0x3F))
        default:
            output.append(UInt8(truncatingIfNeeded: 0xF0 | scalar >> 18))
            output.append(UInt8(truncatingIfNeeded: 0x80 | scalar >> 12 & 0x3F))
            output.append(UInt8(truncatingIfNeeded: 0x80 | scalar >> 6 & 0x3F))
            output.append(UInt8(truncatingIfNeeded: 0x80 | scalar & 0x3F))
        }
    }
}
