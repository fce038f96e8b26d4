/// A JSON object whose values are all strings, as in a line of `changes --batch` (RFC 8259).
///
/// Reading it here keeps Foundation out of the binary: that is half of its size and milliseconds of every start.
struct JSONStrings {
    private(set) var members: [String: String] = [:]

    /// Nil if the text is anything else, or names a member twice.
    init?(_ text: some StringProtocol) {
        var reader = Reader(rest: Array(text.unicodeScalars)[...])
        guard reader.skip("{") else { return nil }
        if !reader.skip("}") {
            repeat {
                guard let name = reader.string(), reader.skip(":"), let value = reader.string(),
                    members.updateValue(value, forKey: name) == nil
                else { return nil }
            } while reader.skip(",")
            guard reader.skip("}") else { return nil }
        }
        guard reader.isAtEnd else { return nil }
    }

    private struct Reader {
        var rest: ArraySlice<Unicode.Scalar>

        var isAtEnd: Bool {
            mutating get {
                skipSpace()
                return rest.isEmpty
            }
        }

        private mutating func skipSpace() {
            rest = rest.drop { $0 == " " || $0 == "\t" || $0 == "\n" || $0 == "\r" }
        }

        mutating func skip(_ scalar: Unicode.Scalar) -> Bool {
            skipSpace()
            guard rest.first == scalar else { return false }
            rest.removeFirst()
            return true
        }

        mutating func string() -> String? {
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
}
