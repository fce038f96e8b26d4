/// Borrowed bytes of one source text.
///
/// Reading outside of `0..<count` gives 0, which no valid source contains: the scanner needs no separate test for
/// the end. A view is valid only inside the closure that made it.
struct SourceView {
    /// The first byte. Valid only inside of the call that gave the view.
    let base: UnsafePointer<UInt8>
    /// How many bytes there are; more may be read behind them, see above.
    let count: Int

    /// A view of these bytes, for as long as they stay where they are.
    init(_ buffer: UnsafeBufferPointer<UInt8>) {
        // An empty buffer may have no address; with a count of 0 the stand-in is never read.
        base = buffer.baseAddress ?? UnsafePointer(bitPattern: 1).unsafelyUnwrapped
        count = buffer.count
    }

    /// The byte at `index`, which is not checked.
    @inline(__always)
    subscript(index: Int) -> UInt8 {
        UInt(bitPattern: index) < UInt(bitPattern: count) ? base[index] : 0
    }

    /// The eight bytes from `index` on, the first one lowest; zeros after the end.
    @inline(__always)
    func word(at index: Int) -> UInt64 {
        if index >= 0, index &+ 8 <= count {
            return UnsafeRawPointer(base).loadUnaligned(fromByteOffset: index, as: UInt64.self)
        }
        return shortWord(at: index)
    }

    /// The slow way of `word(at:)`, byte by byte, for the last seven bytes of the text and for places
    /// outside.
    @inline(never)
    private func shortWord(at index: Int) -> UInt64 {
        var word: UInt64 = 0
        for step in 0..<8 {
            word |= UInt64(self[index &+ step]) << UInt64(step &* 8)
        }
        return word
    }

    /// The bytes of `range`, clamped to the text.
    func array(_ range: Range<Int>) -> [UInt8] {
        let clamped = range.clamped(to: 0..<count)
        return Array(UnsafeBufferPointer(start: base + clamped.lowerBound, count: clamped.count))
    }

    /// True if `range` here and `otherRange` in `other` hold the same bytes.
    func equals(_ range: Range<Int>, _ other: SourceView, _ otherRange: Range<Int>) -> Bool {
        guard range.count == otherRange.count else { return false }
        return commonPrefix(from: range.lowerBound, other, from: otherRange.lowerBound, limit: range.count)
            == range.count
    }

    /// Number of equal bytes from the two positions on, at most `limit`. Linear, eight bytes a step.
    func commonPrefix(from start: Int, _ other: SourceView, from otherStart: Int, limit: Int) -> Int {
        let limit = max(0, min(limit, count - start, other.count - otherStart))
        let left = UnsafeRawPointer(base) + start
        let right = UnsafeRawPointer(other.base) + otherStart
        var index = 0
        while index &+ 32 <= limit {
            var difference: UInt64 = 0
            for step in 0..<4 {
                let offset = index &+ step &* 8
                difference |=
                    left.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
                    ^ right.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            }
            if difference != 0 { break }
            index &+= 32
        }
        while index < limit, self[start &+ index] == other[otherStart &+ index] { index &+= 1 }
        return index
    }

    /// Number of equal bytes before the two ends, at most `limit`.
    func commonSuffix(_ other: SourceView, limit: Int) -> Int {
        let limit = max(0, min(limit, count, other.count))
        let left = UnsafeRawPointer(base) + count
        let right = UnsafeRawPointer(other.base) + other.count
        var length = 0
        while length &+ 32 <= limit {
            var difference: UInt64 = 0
            for step in 1...4 {
                let offset = -(length &+ step &* 8)
                difference |=
                    left.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
                    ^ right.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            }
            if difference != 0 { break }
            length &+= 32
        }
        while length < limit, self[count &- length &- 1] == other[other.count &- length &- 1] { length &+= 1 }
        return length
    }
}

/// Byte values by name.
enum Ascii {
    static let tab: UInt8 = 0x09
    static let newline: UInt8 = 0x0A
    static let formFeed: UInt8 = 0x0C
    static let carriageReturn: UInt8 = 0x0D
    static let space: UInt8 = 0x20
    static let doubleQuote: UInt8 = 0x22
    static let hash: UInt8 = 0x23
    static let singleQuote: UInt8 = 0x27
    static let openParen: UInt8 = 0x28
    static let closeParen: UInt8 = 0x29
    static let comma: UInt8 = 0x2C
    static let dot: UInt8 = 0x2E
    static let colon: UInt8 = 0x3A
    static let semicolon: UInt8 = 0x3B
    static let equals: UInt8 = 0x3D
    static let at: UInt8 = 0x40
    static let openSquare: UInt8 = 0x5B
    static let backslash: UInt8 = 0x5C
    static let closeSquare: UInt8 = 0x5D
    static let underscore: UInt8 = 0x5F
    static let openBrace: UInt8 = 0x7B
    static let closeBrace: UInt8 = 0x7D

    /// Whether it is one of `0` to `9`.
    @inline(__always)
    static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }

    /// Letters, `_` and every byte of a non-ASCII character.
    @inline(__always)
    static func startsName(_ byte: UInt8) -> Bool {
        (byte | 0x20) &- 0x61 < 26 || byte == underscore || byte >= 0x80
    }

    /// Whether it can stand in a name behind the first letter.
    @inline(__always)
    static func continuesName(_ byte: UInt8) -> Bool { startsName(byte) || isDigit(byte) }

    /// Whether it begins a string.
    @inline(__always)
    static func isQuote(_ byte: UInt8) -> Bool { byte == doubleQuote || byte == singleQuote }

    /// Blank within a line: space, tab, form feed.
    @inline(__always)
    static func isBlank(_ byte: UInt8) -> Bool { byte == space || byte == tab || byte == formFeed }

    /// Whether it ends a line, or begins one of two bytes that do.
    @inline(__always)
    static func endsLine(_ byte: UInt8) -> Bool { byte == newline || byte == carriageReturn }
}
