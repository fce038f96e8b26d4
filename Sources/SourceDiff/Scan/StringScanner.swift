/// An error at a byte offset; the outline turns it into a `ScanError` with line and column.
struct ScanFault: Error {
    /// What is wrong.
    var kind: ScanError.Kind
    /// Where, in bytes.
    var position: Int
}

/// The letters before a string's opening quote.
struct StringPrefix {
    /// Backslashes stay.
    var isRaw = false
    /// The literal is no text.
    var isBytes = false
    /// f-string or t-string: has replacement fields.
    var isFormatted = false
    /// t-string (PEP 750, CPython 3.14): the source text of its fields is part of its value.
    var isTemplate = false
    /// Number of prefix letters, 0 to 2.
    var length = 0
}

/// Walks over string literals byte by byte. One set of rules reads every string that some CPython 3.8 to 3.15 accepts:
/// the nested quotes of PEP 701 cannot stand in an older valid f-string.
struct StringScanner {
    /// CPython's own limit for nested f-strings.
    static let maximumLevel = 150
    /// Brackets that may be open in one literal: CPython's own limit (MAXLEVEL).
    static let maximumBrackets = 200

    /// The bytes.
    let source: SourceView
    /// Open brackets of all fields around the present byte.
    private var brackets: [UInt8] = []
    /// How many f-strings and fields are open.
    private var level = 0

    /// Reads literals of this source.
    init(_ source: SourceView) { self.source = source }

    /// The prefix that ends right before the quote at `quote`. Letters that continue a name (`if"a"`) are none.
    static func prefix(before quote: Int, in source: SourceView, notBefore start: Int = 0) -> StringPrefix {
        var prefix = StringPrefix()
        var position = quote
        while position > start, prefix.length < 3, Ascii.continuesName(source[position &- 1]) {
            switch source[position &- 1] | 0x20 {
            case 0x72 where !prefix.isRaw: prefix.isRaw = true
            case 0x62: prefix.isBytes = true
            case 0x66: prefix.isFormatted = true
            case 0x74:
                prefix.isFormatted = true
                prefix.isTemplate = true
            case 0x75: break
            default: return StringPrefix()
            }
            prefix.length += 1
            position &-= 1
        }
        if prefix.length > 2 { return StringPrefix() }
        if prefix.length == 2, !prefix.isRaw || !(prefix.isBytes || prefix.isFormatted) {
            return StringPrefix()
        }
        return prefix
    }

    /// Position after the literal whose opening quote is at `quote`.
    mutating func end(ofLiteralAt quote: Int, prefix: StringPrefix) throws(ScanFault) -> Int {
        let mark = source[quote]
        let isTriple = source[quote &+ 1] == mark && source[quote &+ 2] == mark
        if !isTriple, source[quote &+ 1] == mark { return quote &+ 2 }
        let start = quote &+ (isTriple ? 3 : 1)
        if prefix.isFormatted {
            level += 1
            defer { level -= 1 }
            guard level <= Self.maximumLevel else { throw ScanFault(kind: .nestedTooDeeply, position: quote) }
            return try formatted(
                from: start, opening: quote, mark: mark, isTriple: isTriple, isRaw: prefix.isRaw)
        }
        return try plain(from: start, opening: quote, mark: mark, isTriple: isTriple)
    }

    /// The fault stands at the opening quote, as in CPython.
    private func unterminated(_ opening: Int, isTriple: Bool) -> ScanFault {
        ScanFault(kind: isTriple ? .unterminatedTripleQuotedString : .unterminatedString, position: opening)
    }

    /// Whether the closing quote, or three of them, stands at `position`.
    private func isCloser(_ position: Int, mark: UInt8, isTriple: Bool) -> Bool {
        source[position] == mark
            && (!isTriple || (source[position &+ 1] == mark && source[position &+ 2] == mark))
    }

    /// A literal without fields, from behind its opening quotes.
    private func plain(
        from start: Int, opening: Int, mark: UInt8, isTriple: Bool
    ) throws(ScanFault) -> Int {
        var position = start
        while position < source.count {
            let byte = source[position]
            if byte == Ascii.backslash {
                position = afterEscape(position)
            } else if byte == mark, isCloser(position, mark: mark, isTriple: isTriple) {
                return position &+ (isTriple ? 3 : 1)
            } else if !isTriple, Ascii.endsLine(byte) {
                break
            } else {
                position &+= 1
            }
        }
        throw unterminated(opening, isTriple: isTriple)
    }

    /// After the backslash at `position` and what it escapes; `\r\n` is one character.
    @inline(__always)
    private func afterEscape(_ position: Int) -> Int {
        source[position &+ 1] == Ascii.carriageReturn && source[position &+ 2] == Ascii.newline
            ? position &+ 3 : position &+ 2
    }

    /// An f-string or t-string, from behind its opening quotes to behind its closing ones.
    private mutating func formatted(
        from start: Int, opening: Int, mark: UInt8, isTriple: Bool, isRaw: Bool
    ) throws(ScanFault) -> Int {
        var position = start
        while position < source.count {
            let byte = source[position]
            switch byte {
            case mark where isCloser(position, mark: mark, isTriple: isTriple):
                return position &+ (isTriple ? 3 : 1)
            case Ascii.backslash:
                position = afterFormattedEscape(position, isRaw: isRaw)
            case Ascii.openBrace:
                if source[position &+ 1] == Ascii.openBrace {
                    position &+= 2
                } else {
                    position = try field(from: position &+ 1, mark: mark, isTriple: isTriple, isRaw: isRaw)
                }
            case Ascii.closeBrace:
                guard source[position &+ 1] == Ascii.closeBrace else {
                    throw ScanFault(kind: .singleClosingBrace, position: position)
                }
                position &+= 2
            case Ascii.newline where !isTriple, Ascii.carriageReturn where !isTriple:
                throw unterminated(opening, isTriple: false)
            default:
                position &+= 1
            }
        }
        throw unterminated(opening, isTriple: isTriple)
    }

    /// `\N{…}` is no field unless raw; `\{` opens one.
    private func afterFormattedEscape(_ position: Int, isRaw: Bool) -> Int {
        let next = source[position &+ 1]
        if next == Ascii.openBrace || next == Ascii.closeBrace { return position &+ 1 }
        if next == 0x4E, !isRaw, source[position &+ 2] == Ascii.openBrace {
            var end = position &+ 3
            while Ascii.continuesName(source[end]) || source[end] == Ascii.space || source[end] == 0x2D {
                end &+= 1
            }
            if source[end] == Ascii.closeBrace { return end &+ 1 }
        }
        return afterEscape(position)
    }

    /// From after a field's `{` to after its `}`.
    private mutating func field(
        from start: Int, mark: UInt8, isTriple: Bool, isRaw: Bool
    ) throws(ScanFault) -> Int {
        level += 1
        let base = brackets.count
        defer {
            level -= 1
            brackets.removeLast(brackets.count - base)
        }
        guard level <= 2 * Self.maximumLevel else { throw ScanFault(kind: .nestedTooDeeply, position: start) }
        var position = start
        var isEmpty = true
        while position < source.count {
            let byte = source[position]
            switch byte {
            case Ascii.singleQuote, Ascii.doubleQuote:
                let prefix = Self.prefix(before: position, in: source, notBefore: start)
                position = try end(ofLiteralAt: position, prefix: prefix)
                isEmpty = false
                continue
            case Ascii.openParen, Ascii.openSquare, Ascii.openBrace:
                guard brackets.count < Self.maximumBrackets else {
                    throw ScanFault(kind: .tooManyBrackets, position: position)
                }
                brackets.append(byte)
            case Ascii.closeBrace where brackets.count == base:
                guard !isEmpty else { throw ScanFault(kind: .emptyField, position: position) }
                return position &+ 1
            case Ascii.closeParen, Ascii.closeSquare, Ascii.closeBrace:
                guard brackets.count > base,
                    brackets[brackets.count - 1] &+ (byte == Ascii.closeParen ? 1 : 2) == byte
                else { throw ScanFault(kind: .mismatchedBracket, position: position) }
                brackets.removeLast()
            case Ascii.hash:
                while position < source.count, !Ascii.endsLine(source[position]) { position &+= 1 }
                continue
            case Ascii.colon where brackets.count == base:
                guard !isEmpty else { throw ScanFault(kind: .emptyField, position: position) }
                return try formatSpec(from: position &+ 1, mark: mark, isTriple: isTriple, isRaw: isRaw)
            case Ascii.space, Ascii.tab, Ascii.formFeed, Ascii.newline, Ascii.carriageReturn, Ascii.backslash:
                position &+= 1
                continue
            default: break
            }
            isEmpty = false
            position &+= 1
        }
        throw ScanFault(kind: .unterminatedField, position: start &- 1)
    }

    /// From after a field's `:` to after its `}`. `{{` opens a field here.
    private mutating func formatSpec(
        from start: Int, mark: UInt8, isTriple: Bool, isRaw: Bool
    ) throws(ScanFault) -> Int {
        var position = start
        while position < source.count {
            switch source[position] {
            case Ascii.closeBrace: return position &+ 1
            case Ascii.openBrace:
                position = try field(from: position &+ 1, mark: mark, isTriple: isTriple, isRaw: isRaw)
            case Ascii.backslash: position = afterFormattedEscape(position, isRaw: isRaw)
            case mark where isCloser(position, mark: mark, isTriple: isTriple):
                throw ScanFault(kind: .unterminatedField, position: start &- 1)
            default: position &+= 1
            }
        }
        throw ScanFault(kind: .unterminatedField, position: start &- 1)
    }
}
