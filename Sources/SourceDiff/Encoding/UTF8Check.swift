/// UTF-8 validity as CPython's decoder sees it: no surrogates, no overlong forms, nothing above U+10FFFF.
enum UTF8Check {
    /// One bit for each of eight bytes; set where a byte is not ASCII.
    private static let highBits: UInt64 = 0x8080_8080_8080_8080

    /// Offsets of the bytes that belong to no valid sequence, ascending; at most one for each start byte.
    static func invalidOffsets(in source: SourceView) -> [Int] {
        var bad: [Int] = []
        var position = 0
        while position < source.count {
            while position < source.count, source.isASCII32(at: position) { position += 32 }
            if source.word(at: position) & highBits == 0 {
                position += 8
                continue
            }
            let length = sequenceLength(at: position, in: source)
            if length == 0 { bad.append(position) }
            position += max(1, length)
        }
        return bad
    }

    /// Length of the valid sequence at `position`; 0 if there is none.
    private static func sequenceLength(at position: Int, in source: SourceView) -> Int {
        func continues(_ offset: Int) -> Bool { source[position + offset] & 0xC0 == 0x80 }
        let first = source[position]
        let second = source[position + 1]
        switch first {
        case ..<0x80: return 1
        case 0xC2...0xDF: return continues(1) ? 2 : 0
        case 0xE0...0xEF:
            guard continues(1), continues(2) else { return 0 }
            if first == 0xE0, second < 0xA0 { return 0 }
            return first == 0xED && second >= 0xA0 ? 0 : 3
        case 0xF0...0xF4:
            guard continues(1), continues(2), continues(3) else { return 0 }
            if first == 0xF0, second < 0x90 { return 0 }
            return first == 0xF4 && second >= 0x90 ? 0 : 4
        default: return 0
        }
    }
}

extension SourceView {
    /// True if the 32 bytes from `position` on are ASCII.
    @inline(__always)
    fileprivate func isASCII32(at position: Int) -> Bool {
        let bits =
            word(at: position) | word(at: position &+ 8) | word(at: position &+ 16)
            | word(at: position &+ 24)
        return bits & 0x8080_8080_8080_8080 == 0
    }
}
