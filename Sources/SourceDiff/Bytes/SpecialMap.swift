/// Bitmaps of the bytes that can change the scanner's state: 64 source bytes make one block of four words.
///
/// Memory: half of the source's size, for the duration of one scan.
struct SpecialMap: ~Copyable {
    private let words: UnsafeMutablePointer<UInt64>
    /// Number of blocks; the blocks after the source's end are empty, and there is at least one.
    let blocks: Int
    /// Some byte is 0.
    let hasZero: Bool
    /// Some byte is above 0x7F.
    let hasHigh: Bool

    init(_ source: SourceView) {
        let pairs = source.count / 128 + 1
        blocks = pairs * 2
        words = UnsafeMutablePointer<UInt64>.allocate(capacity: pairs * 8)
        let seen = Classifier.fill(words, pairs: pairs, from: source)
        hasZero = seen.zero
        hasHigh = seen.high
        if seen.carriageReturn { mergeReturns(source) }
        countLines()
    }

    deinit { words.deallocate() }

    /// Bytes that mean something between tokens: quotes, brackets, `#`, `;`, `\`, line ends, control characters, bytes
    /// above 0x7F, and a few that mean nothing (see `Classifier`).
    @inline(__always)
    func code(_ block: Int) -> UInt64 { words[block &* 4] }

    /// Quotes and backslashes, `#` and `&`.
    @inline(__always)
    func quotes(_ block: Int) -> UInt64 { words[block &* 4 &+ 1] }

    /// Line ends: `\n`, the `\n` of `\r\n`, `\r` alone.
    @inline(__always)
    func lineEnds(_ block: Int) -> UInt64 { words[block &* 4 &+ 2] }

    /// 1-based line of the byte at `position`.
    @inline(__always)
    func line(of position: Int) -> Int32 {
        let block = position >> 6
        let below = lineEnds(block) & ((1 << UInt64(truncatingIfNeeded: position & 63)) &- 1)
        return Int32(truncatingIfNeeded: words[block &* 4 &+ 3])
            &+ Int32(truncatingIfNeeded: below.nonzeroBitCount) &+ 1
    }

    /// Position of the first line end at or after `position`; `limit` if there is none.
    @inline(__always)
    func nextLineEnd(from position: Int, limit: Int) -> Int {
        var block = position >> 6
        guard block < blocks else { return limit }
        var word = lineEnds(block) & (~0 << UInt64(truncatingIfNeeded: position & 63))
        while word == 0 {
            block &+= 1
            if block >= blocks { return limit }
            word = lineEnds(block)
        }
        return block &* 64 &+ word.trailingZeroBitCount
    }

    /// Adds the `\r` that no `\n` follows to the line ends.
    private func mergeReturns(_ source: SourceView) {
        for block in 0..<blocks {
            var controls = code(block) & ~lineEnds(block)
            while controls != 0 {
                let offset = controls.trailingZeroBitCount
                controls &= controls &- 1
                let position = block &* 64 &+ offset
                if source[position] == Ascii.carriageReturn, source[position &+ 1] != Ascii.newline {
                    words[block &* 4 &+ 2] |= 1 << UInt64(truncatingIfNeeded: offset)
                }
            }
        }
    }

    /// The fourth word of a block: the number of line ends before it.
    private func countLines() {
        var lines: UInt64 = 0
        for block in 0..<blocks {
            words[block &* 4 &+ 3] = lines
            lines &+= UInt64(truncatingIfNeeded: lineEnds(block).nonzeroBitCount)
        }
    }
}

/// Sorts bytes into bitmaps, 128 at a time.
///
/// Row r of a pair of blocks is bytes 8r to 8r+7 of both, in one 16-byte vector; a class of row r sets bit r of its lane.
/// After eight rows an 8 × 8 bit transposition of each half gives the block's bitmap in source order.
private enum Classifier {
    typealias Row = SIMD16<UInt8>

    struct Seen {
        var zero = false
        var high = false
        var carriageReturn = false
    }

    private struct Accumulator {
        var code = Row(repeating: 0)
        var quotes = Row(repeating: 0)
        var newlines = Row(repeating: 0)

        @inline(__always)
        func store(in out: UnsafeMutablePointer<UInt64>) {
            let code = unsafeBitCast(code, to: SIMD2<UInt64>.self)
            let quotes = unsafeBitCast(quotes, to: SIMD2<UInt64>.self)
            let newlines = unsafeBitCast(newlines, to: SIMD2<UInt64>.self)
            out[0] = Classifier.transposed(code.x)
            out[1] = Classifier.transposed(quotes.x)
            out[2] = Classifier.transposed(newlines.x)
            out[4] = Classifier.transposed(code.y)
            out[5] = Classifier.transposed(quotes.y)
            out[6] = Classifier.transposed(newlines.y)
        }
    }

    static func fill(_ words: UnsafeMutablePointer<UInt64>, pairs: Int, from source: SourceView) -> Seen {
        withUnsafeTemporaryAllocation(byteCount: 128, alignment: 16) { tail in
            let none = Row(repeating: 0)
            var zeros = none
            var highs = none
            var returns = none
            for pair in 0..<pairs {
                let rest = source.count &- pair &* 128
                var input = UnsafeRawPointer(source.base) + pair &* 128
                if rest < 128 {
                    for index in 0..<128 {
                        tail[index] = index < rest ? source.base[pair &* 128 &+ index] : Ascii.space
                    }
                    guard let base = tail.baseAddress else { break }
                    input = UnsafeRawPointer(base)
                }
                var found = Accumulator()
                for row in 0..<8 {
                    let low = input.loadUnaligned(fromByteOffset: row &* 8, as: SIMD8<UInt8>.self)
                    let high = input.loadUnaligned(fromByteOffset: 64 &+ row &* 8, as: SIMD8<UInt8>.self)
                    let bytes = Row(lowHalf: low, highHalf: high)
                    classify(bytes, bit: Row(repeating: 1 << UInt8(truncatingIfNeeded: row)), &found)
                    zeros |= none.replacing(with: Row(repeating: 1), where: bytes .== none)
                    highs |= bytes
                    returns |= none.replacing(with: Row(repeating: 1), where: bytes .== Row(repeating: 0x0D))
                }
                found.store(in: words + pair &* 8)
            }
            return Seen(zero: zeros.max() > 0, high: highs.max() >= 0x80, carriageReturn: returns.max() > 0)
        }
    }

    /// Neighbours of wanted bytes that come along for free (`%`, `&`, `|`, `$`) are rare in code and cost less than tests of
    /// their own.
    @inline(__always)
    private static func classify(_ bytes: Row, bit: Row, _ found: inout Accumulator) {
        let quotesAndParens = (bytes &- Row(repeating: 0x22)) .<= Row(repeating: 7)
        let brackets = ((bytes | Row(repeating: 0x20)) &- Row(repeating: 0x7B)) .<= Row(repeating: 2)
        let semicolon = bytes .== Row(repeating: 0x3B)
        let signed = unsafeBitCast(bytes, to: SIMD16<Int8>.self)
        let controlOrHigh = signed .< SIMD16<Int8>(repeating: 0x20)
        let noTab = bytes .!= Row(repeating: 0x09)
        let code = (quotesAndParens .| brackets .| semicolon .| controlOrHigh) .& noTab
        let quotes =
            ((bytes & Row(repeating: 0xFA)) .== Row(repeating: 0x22)) .| (bytes .== Row(repeating: 0x5C))
        let newline = bytes .== Row(repeating: 0x0A)
        let none = Row(repeating: 0)
        found.code |= none.replacing(with: bit, where: code)
        found.quotes |= none.replacing(with: bit, where: quotes)
        found.newlines |= none.replacing(with: bit, where: newline)
    }

    /// Bit 8i+j becomes bit 8j+i.
    @inline(__always)
    static func transposed(_ matrix: UInt64) -> UInt64 {
        var bits = matrix
        var swap = (bits ^ (bits >> 7)) & 0x00AA_00AA_00AA_00AA
        bits ^= swap ^ (swap << 7)
        swap = (bits ^ (bits >> 14)) & 0x0000_CCCC_0000_CCCC
        bits ^= swap ^ (swap << 14)
        swap = (bits ^ (bits >> 28)) & 0x0000_0000_F0F0_F0F0
        bits ^= swap ^ (swap << 28)
        return bits
    }
}
