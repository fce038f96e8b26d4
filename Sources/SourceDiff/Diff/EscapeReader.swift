/// Writes what a literal's source text stands for.
struct EscapeReader {
    /// The text that holds the literal; it must outlive the reader.
    private let source: SourceView
    /// A backslash is a character like any other.
    private let isRaw: Bool
    /// Numbers are bytes, not scalars: `\xff` is one byte here and two in a text.
    private let isBytes: Bool

    /// Reads the inside of one literal. `isRaw`: backslashes stay; `isBytes`: `\u` and `\N` have no meaning.
    init(_ source: SourceView, isRaw: Bool, isBytes: Bool) {
        self.source = source
        self.isRaw = isRaw
        self.isBytes = isBytes
    }

    /// Appends the value of `range` as UTF-8; a lone surrogate as the three bytes it would have. A named character
    /// keeps its name.
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

    /// Up to `digits` digits; gives the position behind them. An octal number above `\377` keeps its low
    /// eight bits in a bytes literal, as in CPython.
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

    /// The value of a hexadecimal digit; nil for another byte.
    static func digit(_ byte: UInt8) -> UInt32? {
        if Ascii.isDigit(byte) { return UInt32(byte &- 0x30) }
        let letter = (byte | 0x20) &- 0x61
        return letter < 6 ? UInt32(letter) + 10 : nil
    }

    /// Writes a scalar as UTF-8; a surrogate too, which Python's strings may have.
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
