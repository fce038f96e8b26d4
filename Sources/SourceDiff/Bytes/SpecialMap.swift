/// Bitmaps of the bytes that can change the scanner's state: 64 source bytes make one block of four words.
///
/// Memory: half of the source's size, for the duration of one scan.
struct SpecialMap: ~Copyable {
    private let words: UnsafeMutablePointer<UInt64>
    /// Number of blocks, one sentinel block included.
    let blocks: Int

    init(_ source: SourceView) {
        blocks = source.count / 64 + 1
        words = UnsafeMutablePointer<UInt64>.allocate(capacity: blocks * 4)
        var lines: UInt64 = 0
        withUnsafeTemporaryAllocation(byteCount: 128, alignment: 16) { scratch in
            guard let flags = scratch.baseAddress else { return }
            let tail = flags + 64
            for block in 0..<blocks {
                var input = UnsafeRawPointer(source.base + block &* 64)
                let rest = source.count &- block &* 64
                if rest < 64 {
                    let copy = tail.assumingMemoryBound(to: UInt8.self)
                    for index in 0..<64 { copy[index] = index < rest ? source.base[block &* 64 &+ index] : 0x20 }
                    input = UnsafeRawPointer(tail)
                }
                Self.classify(input.assumingMemoryBound(to: UInt8.self), flags.assumingMemoryBound(to: UInt8.self))
                let out = words + block &* 4
                Self.gather(UnsafeRawPointer(flags), into: out)
                if out[2] & out[3] != 0 {
                    let next = source[block &* 64 &+ 64]
                    out[2] = Self.lineEnds(newlines: out[2] & ~out[3], returns: out[3], next: next)
                }
                out[3] = lines
                lines &+= UInt64(out[2].nonzeroBitCount)
            }
        }
    }

    deinit { words.deallocate() }

    /// Bytes that end a name or number in code and mean something: quotes, brackets, `#`, `;`, `\`, line ends, control
    /// characters, `$`, `?`, `` ` ``, and bytes above 0x7F.
    @inline(__always)
    func code(_ block: Int) -> UInt64 { words[block &* 4] }

    /// Quotes and backslashes.
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
        return Int32(truncatingIfNeeded: words[block &* 4 &+ 3]) &+ Int32(truncatingIfNeeded: below.nonzeroBitCount) &+ 1
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

    /// bit 0: `code`, bit 1: `quotes`, bit 2: line end, bit 3: `\r`. A plain loop: the compiler vectorises it.
    @inline(__always)
    private static func classify(_ input: UnsafePointer<UInt8>, _ flags: UnsafeMutablePointer<UInt8>) {
        for index in 0..<64 {
            let byte = input[index]
            let folded = byte | 0x20
            let quote: UInt8 = (byte == 0x22 ? 3 : 0) | (byte == 0x27 ? 3 : 0) | (byte == 0x5C ? 3 : 0)
            let lineEnd: UInt8 = (byte == 0x0A ? 5 : 0) | (byte == 0x0D ? 13 : 0)
            let bracket: UInt8 = (folded &- 0x7B <= 2 ? 1 : 0) | (byte &- 0x28 <= 1 ? 1 : 0)
            let rare: UInt8 =
                (byte &- 0x23 <= 1 ? 1 : 0) | (byte == 0x3B ? 1 : 0) | (byte == 0x3F ? 1 : 0) | (byte == 0x60 ? 1 : 0)
            let control: UInt8 = (byte &- 0x20 >= 0x5F ? 1 : 0) & (byte == 0x09 ? 0 : 1)
            flags[index] = quote | lineEnd | bracket | rare | control
        }
    }

    /// One bit of each of eight bytes gathered by one multiplication.
    @inline(__always)
    private static func gather(_ flags: UnsafeRawPointer, into out: UnsafeMutablePointer<UInt64>) {
        var code: UInt64 = 0
        var quotes: UInt64 = 0
        var lineEnds: UInt64 = 0
        var returns: UInt64 = 0
        for step in 0..<8 {
            let word = flags.load(fromByteOffset: step &* 8, as: UInt64.self)
            let shift = UInt64(truncatingIfNeeded: step &* 8)
            code |= pick(word) << shift
            quotes |= pick(word &>> 1) << shift
            lineEnds |= pick(word &>> 2) << shift
            returns |= word &>> 3 & 0x0101_0101_0101_0101 == 0 ? 0 : pick(word &>> 3) << shift
        }
        out[0] = code
        out[1] = quotes
        out[2] = lineEnds
        out[3] = returns
    }

    @inline(__always)
    private static func pick(_ word: UInt64) -> UInt64 {
        ((word & 0x0101_0101_0101_0101) &* 0x0102_0408_1020_4080) &>> 56
    }

    /// A `\r` right before a `\n` ends no line of its own.
    private static func lineEnds(newlines: UInt64, returns: UInt64, next: UInt8) -> UInt64 {
        let following = newlines >> 1 | (next == 0x0A ? 1 << 63 : 0)
        return newlines | (returns & ~following)
    }
}
