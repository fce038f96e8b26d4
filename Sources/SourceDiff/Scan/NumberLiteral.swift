/// The extent of number literals: a keyword may follow without a blank (`1if x else 2`).
enum NumberLiteral {
    /// Position after the literal that starts at `start`.
    static func end(from start: Int, in source: SourceView) -> Int {
        if source[start] == 0x30 {
            switch source[start + 1] | 0x20 {
            case 0x78: return digits(from: start + 2, in: source, where: isHexadecimal)
            case 0x6F, 0x62: return digits(from: start + 2, in: source, where: Ascii.isDigit)
            default: break
            }
        }
        var position = digits(from: start, in: source, where: Ascii.isDigit)
        if source[position] == Ascii.dot {
            position = digits(from: position + 1, in: source, where: Ascii.isDigit)
        }
        if source[position] | 0x20 == 0x65 {
            let sign = source[position + 1]
            let first = sign == 0x2B || sign == 0x2D ? position + 2 : position + 1
            if Ascii.isDigit(source[first]) {
                position = digits(from: first, in: source, where: Ascii.isDigit)
            }
        }
        return source[position] | 0x20 == 0x6A ? position + 1 : position
    }

    /// One underscore between two digits belongs to the number (PEP 515).
    private static func digits(from start: Int, in source: SourceView, where isDigit: (UInt8) -> Bool) -> Int
    {
        var position = start
        while isDigit(source[position])
            || (source[position] == Ascii.underscore && isDigit(source[position + 1]))
        {
            position += 1
        }
        return position
    }

    /// Both cases of the letters count.
    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        Ascii.isDigit(byte) || (byte | 0x20) &- 0x61 < 6
    }

    /// Appends the literal's value so that equal values of one type give equal bytes.
    static func appendValue(_ range: Range<Int>, in source: SourceView, to output: inout [UInt8]) {
        var text: [UInt8] = []
        for position in range where source[position] != Ascii.underscore {
            text.append(source[position] | 0x20)
        }
        let spelled = String(decoding: text, as: UTF8.self)
        let radixes: [(prefix: String, radix: Int)] = [("0x", 16), ("0o", 8), ("0b", 2)]
        var value = spelled
        if let radix = radixes.first(where: { spelled.hasPrefix($0.prefix) }) {
            if let number = UInt64(spelled.dropFirst(2), radix: radix.radix) { value = String(number) }
        } else if text.contains(where: { $0 == 0x2E || $0 == 0x65 }) {
            let isImaginary = spelled.hasSuffix("j")
            let digits = isImaginary ? String(spelled.dropLast()) : spelled
            if let number = floatingPoint(digits) {
                value = "f\(number.bitPattern)" + (isImaginary ? "j" : "")
            }
        }
        output.append(contentsOf: value.utf8)
        output.append(CanonicalTokens.Mark.end)
    }

    /// `1.` and `.5` are numbers in Python, not for `Double`.
    private static func floatingPoint(_ digits: String) -> Double? {
        var digits = digits
        if digits.hasPrefix(".") { digits = "0" + digits }
        if digits.hasSuffix(".") { digits += "0" }
        return Double(digits)
    }
}
