/// Bitmaps of the bytes that can change the scanner's state: 64 source bytes make one block of two words, and one
/// word of the line index.
///
/// Memory: 7/16 of the source's size, of which the line index stays when the scan is over.
struct SpecialMap: ~Copyable {
    /// A word a block. Bytes that mean something between tokens: quotes, brackets, `#`, `;`, `\`, line ends, control
    /// characters, bytes above 0x7F, and a few that mean nothing (see `Classifier`).
    let code: UnsafeMutablePointer<UInt64>
    /// A word a block. Quotes and backslashes, `#` and `&`.
    private let quoteWords: UnsafeMutablePointer<UInt64>
    /// Where lines end.
    let lines: LineIndex
    /// Number of blocks; the blocks after the source's end are empty, and there is at least one.
    let blocks: Int
    /// Some byte is 0.
    let hasZero: Bool
    /// Some byte is above 0x7F.
    let hasHigh: Bool

    /// Looks at every byte once.
    init(_ source: SourceView) {
        let pairs = source.count / 128 + 1
        let blocks = pairs * 2
        let code = UnsafeMutablePointer<UInt64>.allocate(capacity: blocks)
        let quotes = UnsafeMutablePointer<UInt64>.allocate(capacity: blocks)
        var seen = Classifier.Seen()
        let ends = [UInt64](unsafeUninitializedCapacity: blocks) { ends, filled in
            filled = blocks
            guard let base = ends.baseAddress else { return }
            seen = Classifier.fill(code, quotes, base, pairs: pairs, from: source)
            if seen.carriageReturn { Self.addReturns(to: base, code, blocks: blocks, source) }
        }
        self.code = code
        quoteWords = quotes
        self.blocks = blocks
        hasZero = seen.zero
        hasHigh = seen.high
        lines = LineIndex(ends: ends)
    }

    deinit {
        code.deallocate()
        quoteWords.deallocate()
    }

    /// Quotes and backslashes, `#` and `&`.
    @inline(__always)
    func quotes(_ block: Int) -> UInt64 { quoteWords[block] }

    /// Position of the first line end at or after `position`; `limit` if there is none.
    @inline(__always)
    func nextLineEnd(from position: Int, limit: Int) -> Int {
        var block = position >> 6
        guard block < blocks else { return limit }
        var word = lines[block] & (~0 << UInt64(truncatingIfNeeded: position & 63))
        while word == 0 {
            block &+= 1
            if block >= blocks { return limit }
            word = lines[block]
        }
        return block &* 64 &+ word.trailingZeroBitCount
    }

    /// Adds the `\r` that no `\n` follows to the line ends.
    private static func addReturns(
        to ends: UnsafeMutablePointer<UInt64>, _ code: UnsafeMutablePointer<UInt64>, blocks: Int,
        _ source: SourceView
    ) {
        for block in 0..<blocks {
            var controls = code[block] & ~ends[block]
            while controls != 0 {
                let offset = controls.trailingZeroBitCount
                controls &= controls &- 1
                let position = block &* 64 &+ offset
                if source[position] == Ascii.carriageReturn, source[position &+ 1] != Ascii.newline {
                    ends[block] |= 1 << UInt64(truncatingIfNeeded: offset)
                }
            }
        }
    }
}

/// Sorts bytes into bitmaps, 128 at a time.
///
/// Row r of a pair of blocks is bytes 8r to 8r+7 of both, in one 16-byte vector; a class of row r sets bit r of its
/// lane. After eight rows an 8 × 8 bit transposition of each half gives the block's bitmap in source order.
private enum Classifier {
    typealias Row = SIMD16<UInt8>
    typealias Mask = SIMD16<Int8>

    /// Which rare bytes the text has. Most sources have none, and then no second pass is made.
    struct Seen {
        var zero = false
        var high = false
        var carriageReturn = false
    }

    /// Row bits of one pair of blocks; after eight rows each lane is full.
    private struct Accumulator {
        var code = Mask(repeating: 0)
        var quotes = Mask(repeating: 0)
        var newlines = Mask(repeating: 0)
    }

    /// Fills all words of the three bitmaps, for `pairs` times 128 bytes; what lies behind the source's end
    /// counts as spaces.
    static func fill(
        _ code: UnsafeMutablePointer<UInt64>, _ quotes: UnsafeMutablePointer<UInt64>,
        _ ends: UnsafeMutablePointer<UInt64>, pairs: Int, from source: SourceView
    ) -> Seen {
        withUnsafeTemporaryAllocation(byteCount: 128, alignment: 16) { tail in
            var rare = Mask(repeating: 0)
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
                // From the last row on: each one moves the bits of those before it up. Written out, because a loop here
                // spends a quarter of its time on moving registers.
                rare |= classify(row(7, of: input), &found) | classify(row(6, of: input), &found)
                rare |= classify(row(5, of: input), &found) | classify(row(4, of: input), &found)
                rare |= classify(row(3, of: input), &found) | classify(row(2, of: input), &found)
                rare |= classify(row(1, of: input), &found) | classify(row(0, of: input), &found)
                store(found.code, in: code + pair &* 2)
                store(found.quotes, in: quotes + pair &* 2)
                store(found.newlines, in: ends + pair &* 2)
            }
            return rare == Mask(repeating: 0) ? Seen() : look(at: source)
        }
    }

    /// Row `row` of both blocks. Reads 8 bytes at offset 8 × `row` and 8 more 64 bytes on.
    @inline(__always)
    private static func row(_ row: Int, of input: UnsafeRawPointer) -> Row {
        Row(
            lowHalf: input.loadUnaligned(fromByteOffset: row &* 8, as: SIMD8<UInt8>.self),
            highHalf: input.loadUnaligned(fromByteOffset: row &* 8 &+ 64, as: SIMD8<UInt8>.self))
    }

    /// Classifies one row and gives those of its bytes that few sources have: controls but tab and newline, high bytes.
    ///
    /// Neighbours of wanted bytes that come along for free (`%`, `&`, `|`, `$`) are rare in code and cost less than
    /// tests of their own.
    @inline(__always)
    private static func classify(_ bytes: Row, _ found: inout Accumulator) -> Mask {
        let quotesAndParens = mask((bytes &- Row(repeating: 0x22)) .<= Row(repeating: 7))
        let brackets = mask(
            ((bytes | Row(repeating: 0x20)) &- Row(repeating: 0x7B)) .<= Row(repeating: 2))
        let semicolon = mask(bytes .== Row(repeating: 0x3B))
        let signed = unsafeBitCast(bytes, to: Mask.self)
        let controlOrHigh =
            mask(signed .< Mask(repeating: 0x20)) & ~mask(bytes .== Row(repeating: Ascii.tab))
        let quotes =
            mask((bytes & Row(repeating: 0xFA)) .== Row(repeating: 0x22))
            | mask(bytes .== Row(repeating: Ascii.backslash))
        let newline = mask(bytes .== Row(repeating: Ascii.newline))
        // A mask is -1 in the lanes of its class.
        found.code =
            found.code &+ found.code &- (quotesAndParens | brackets | semicolon | controlOrHigh)
        found.quotes = found.quotes &+ found.quotes &- quotes
        found.newlines = found.newlines &+ found.newlines &- newline
        return controlOrHigh ^ newline
    }

    /// Costs nothing: a comparison of lanes is -1 or 0 in memory already.
    @inline(__always)
    private static func mask(_ mask: SIMDMask<Mask>) -> Mask { unsafeBitCast(mask, to: Mask.self) }

    /// Which rare bytes there are.
    private static func look(at source: SourceView) -> Seen {
        let input = UnsafeRawPointer(source.base)
        var high = Row(repeating: 0)
        var zero = Mask(repeating: 0)
        var carriageReturn = zero
        func look(at bytes: Row) {
            high |= bytes
            zero |= mask(bytes .== Row(repeating: 0))
            carriageReturn |= mask(bytes .== Row(repeating: Ascii.carriageReturn))
        }
        var position = 0
        while position &+ 16 <= source.count {
            look(at: input.loadUnaligned(fromByteOffset: position, as: Row.self))
            position &+= 16
        }
        var tail = Row(repeating: Ascii.space)
        for index in position..<source.count { tail[index - position] = source.base[index] }
        look(at: tail)
        return Seen(
            zero: zero.min() < 0, high: high.max() >= 0x80, carriageReturn: carriageReturn.min() < 0)
    }

    /// Transposes both blocks: bit 8i+j becomes bit 8j+i.
    @inline(__always)
    private static func store(_ rows: Mask, in out: UnsafeMutablePointer<UInt64>) {
        typealias Pair = SIMD2<UInt64>
        var bits = unsafeBitCast(rows, to: Pair.self)
        var swap = (bits ^ (bits &>> Pair(repeating: 7))) & Pair(repeating: 0x00AA_00AA_00AA_00AA)
        bits ^= swap ^ (swap &<< Pair(repeating: 7))
        swap = (bits ^ (bits &>> Pair(repeating: 14))) & Pair(repeating: 0x0000_CCCC_0000_CCCC)
        bits ^= swap ^ (swap &<< Pair(repeating: 14))
        swap = (bits ^ (bits &>> Pair(repeating: 28))) & Pair(repeating: 0x0000_0000_F0F0_F0F0)
        bits ^= swap ^ (swap &<< Pair(repeating: 28))
        out[0] = bits.x
        out[1] = bits.y
    }
}
