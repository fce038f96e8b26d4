/// Reads one JSON value (RFC 8259), such as a line of `changes --batch`.
///
/// Reading it here keeps Foundation out of the binary: that is half of its size and milliseconds of every start.
struct JSONReader {
    /// Deeper values are refused: the reader calls itself for each level.
    private static let depthLimit = 64

    /// Text that was not read yet.
    private var rest: ArraySlice<Unicode.Scalar>

    /// Nil if the text is anything but one value, if an object names a member twice, or if it is nested deeper than 64
    /// levels.
    static func value(of text: some StringProtocol) -> JSON? {
        var reader = JSONReader(rest: Array(text.unicodeScalars)[...])
        guard let value = reader.value(depth: 0) else { return nil }
        reader.skipSpace()
        return reader.rest.isEmpty ? value : nil
    }

    /// `depth`: arrays and objects around it.
    private mutating func value(depth: Int) -> JSON? {
        skipSpace()
        guard depth < Self.depthLimit, let first = rest.first else { return nil }
        switch first {
        case "{": return object(depth: depth)
        case "[": return array(depth: depth)
        case "\"": return string().map(JSON.string)
        case "t": return word("true", .bool(true))
        case "f": return word("false", .bool(false))
        case "n": return word("null", .null)
        default: return number()
        }
    }

    /// nil where a name stands twice: which of the two was meant nobody knows.
    private mutating func object(depth: Int) -> JSON? {
        guard skip("{") else { return nil }
        var members: [(String, JSON)] = []
        var names: Set<String> = []
        if skip("}") { return .object([]) }
        repeat {
            guard let name = string(), skip(":"), let value = value(depth: depth + 1),
                names.insert(name).inserted
            else { return nil }
            members.append((name, value))
        } while skip(",")
        return skip("}") ? .object(members) : nil
    }

    /// A comma before the closing bracket is an error, as in RFC 8259.
    private mutating func array(depth: Int) -> JSON? {
        guard skip("[") else { return nil }
        var elements: [JSON] = []
        if skip("]") { return .array([]) }
        repeat {
            guard let element = value(depth: depth + 1) else { return nil }
            elements.append(element)
        } while skip(",")
        return skip("]") ? .array(elements) : nil
    }

    /// `true`, `false` or `null`; what follows is checked by the next reading.
    private mutating func word(_ word: String, _ value: JSON) -> JSON? {
        guard rest.starts(with: word.unicodeScalars) else { return nil }
        rest.removeFirst(word.unicodeScalars.count)
        return value
    }

    /// An integer where it fits 64 bits and has no fraction or exponent, else a finite `Double`.
    private mutating func number() -> JSON? {
        let digits = String(
            String.UnicodeScalarView(rest.prefix { "+-.0123456789eE".unicodeScalars.contains($0) }))
        rest.removeFirst(digits.unicodeScalars.count)
        // Swift reads more than JSON allows: "+1", "01", ".5".
        let unsigned = digits.hasPrefix("-") ? digits.dropFirst() : digits[...]
        guard let first = unsigned.first, first.isNumber, digits.last?.isNumber == true,
            !(first == "0" && unsigned.dropFirst().first?.isNumber == true)
        else { return nil }
        if let integer = Int(digits) { return .integer(integer) }
        guard let value = Double(digits), value.isFinite else { return nil }
        return .number(value)
    }

    /// The four characters that RFC 8259 allows between tokens.
    private mutating func skipSpace() {
        rest = rest.drop { $0 == " " || $0 == "\t" || $0 == "\n" || $0 == "\r" }
    }

    /// Skips white space, then this character if it stands there.
    private mutating func skip(_ scalar: Unicode.Scalar) -> Bool {
        skipSpace()
        guard rest.first == scalar else { return false }
        rest.removeFirst()
        return true
    }

    /// A control character inside must be escaped, else the text is no JSON.
    private mutating func string() -> String? {
        guard skip("\"") else { return nil }
        var result = ""
        while let scalar = rest.popFirst() {
            switch scalar {
            case "\"": return result
            case "\\":
                guard let escaped = escape() else { return nil }
                result.unicodeScalars.append(escaped)
            case "\u{0}"..<" ": return nil
            default: result.unicodeScalars.append(scalar)
            }
        }
        return nil
    }

    /// What the escape stands for; nil for one that JSON does not have.
    private mutating func escape() -> Unicode.Scalar? {
        guard let kind = rest.popFirst() else { return nil }
        switch kind {
        case "\"", "\\", "/": return kind
        case "b": return "\u{8}"
        case "f": return "\u{c}"
        case "n": return "\n"
        case "r": return "\r"
        case "t": return "\t"
        case "u": return unicode()
        default: return nil
        }
    }

    /// Four hexadecimal digits; beyond U+FFFF, two of them with a `\u` between, as UTF-16 has it.
    private mutating func unicode() -> Unicode.Scalar? {
        guard let first = fourDigits() else { return nil }
        guard (0xD800..<0xDC00).contains(first) else { return Unicode.Scalar(first) }
        guard rest.popFirst() == "\\", rest.popFirst() == "u", let second = fourDigits(),
            (0xDC00..<0xE000).contains(second)
        else { return nil }
        return Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
    }

    /// nil where fewer than four hexadecimal digits are left.
    private mutating func fourDigits() -> UInt32? {
        guard rest.count >= 4 else { return nil }
        var value: UInt32 = 0
        for scalar in rest.prefix(4) {
            guard scalar.isASCII, let digit = Character(scalar).hexDigitValue else { return nil }
            value = value << 4 + UInt32(digit)
        }
        rest.removeFirst(4)
        return value
    }
}

extension JSON {
    /// The member of an object; nil if there is none of that name, or if this is no object.
    subscript(member: String) -> JSON? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.0 == member }?.1
    }

    /// The text, if this is a string.
    var text: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }
}
