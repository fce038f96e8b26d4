/// Where the lines of a text end: a bit for each byte, and a count for each block of 64. 3/16 of the text's size.
struct LineIndex: Sendable {
    /// `\n`, the `\n` of `\r\n`, `\r` alone; the blocks of a `SpecialMap`.
    private let ends: [UInt64]
    /// The number of line ends before each block.
    private let counts: [UInt32]

    /// `ends`: one word per 64 bytes of the text, and at least one more bit than the text has bytes, so that
    /// its end has a line.
    init(ends: [UInt64]) { self.init(ends: ends, like: [], upTo: 0) }

    /// `known`: the counts of a text whose first `blocks` blocks are the same.
    private init(ends: [UInt64], like known: [UInt32], upTo blocks: Int) {
        self.ends = ends
        counts = [UInt32](unsafeUninitializedCapacity: ends.count) { counts, filled in
            var lines: UInt32 = 0
            for block in 0..<blocks { counts[block] = known[block] }
            if blocks > 0 {
                lines = known[blocks - 1] &+ UInt32(truncatingIfNeeded: ends[blocks - 1].nonzeroBitCount)
            }
            for block in blocks..<ends.count {
                counts[block] = lines
                lines &+= UInt32(truncatingIfNeeded: ends[block].nonzeroBitCount)
            }
            filled = ends.count
        }
    }

    /// The bits of one block: a 1 where a line ends.
    @inline(__always)
    subscript(block: Int) -> UInt64 { ends[block] }

    /// 1-based line of the byte at `position`, which must not be beyond the text's end.
    func line(of position: Int) -> Int {
        let block = position >> 6
        let below = ends[block] & ((1 << UInt64(truncatingIfNeeded: position & 63)) &- 1)
        return Int(counts[block]) &+ below.nonzeroBitCount &+ 1
    }

    /// The index of a text of `size` bytes: this one's first `start` bytes, then all of `middle`, which has `length`
    /// bytes, then this one's from `end` to `count`.
    func replacing(_ bytes: Range<Int>, of count: Int, by middle: LineIndex, _ length: Int)
        -> LineIndex
    {
        let size = count - bytes.count + length
        var joined = [UInt64](repeating: 0, count: (size / 128 + 1) * 2)
        joined.withUnsafeMutableBufferPointer { target in
            copy(0..<bytes.lowerBound, to: target, at: 0)
            middle.copy(0..<length, to: target, at: bytes.lowerBound)
            copy(bytes.upperBound..<count, to: target, at: bytes.lowerBound + length)
        }
        return LineIndex(ends: joined, like: counts, upTo: bytes.lowerBound >> 6)
    }

    /// Adds the bits of `bytes` at bit `start` of a bitmap that has none there; a word a step.
    private func copy(
        _ bytes: Range<Int>, to target: UnsafeMutableBufferPointer<UInt64>, at start: Int
    ) {
        ends.withUnsafeBufferPointer { ends in
            var from = bytes.lowerBound
            var to = start
            while from < bytes.upperBound {
                let offset = to & 63
                let length = min(64 - offset, bytes.upperBound - from)
                target[to >> 6] |= Self.bits(of: ends, at: from, count: length) << UInt64(offset)
                from += length
                to += length
            }
        }
    }

    /// `count` bits, 1 to 64, from bit `position` on, the first one lowest.
    @inline(__always)
    private static func bits(of ends: UnsafeBufferPointer<UInt64>, at position: Int, count: Int)
        -> UInt64
    {
        let block = position >> 6
        let offset = UInt64(position & 63)
        var word = ends[block] >> offset
        if offset > 0, block + 1 < ends.count { word |= ends[block + 1] << (64 - offset) }
        return count == 64 ? word : word & ((1 << UInt64(count)) - 1)
    }
}
