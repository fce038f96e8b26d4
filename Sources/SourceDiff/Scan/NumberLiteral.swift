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
            if Ascii.isDigit(source[first]) { position = digits(from: first, in: source, where: Ascii.isDigit) }
        }
        return source[position] | 0x20 == 0x6A ? position + 1 : position
    }

    private static func digits(from start: Int, in source: SourceView, where isDigit: (UInt8) -> Bool) -> Int {
        var position = start
        while isDigit(source[position]) || (source[position] == Ascii.underscore && isDigit(source[position + 1])) {
            position += 1
        }
        return position
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        Ascii.isDigit(byte) || (byte | 0x20) &- 0x61 < 6
    }
}
