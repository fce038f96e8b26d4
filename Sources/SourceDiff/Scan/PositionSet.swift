/// Ascending positions of one logical line as a bitmap: a line of ten megabytes may have millions.
struct PositionSet {
    /// From the word with the first position to that with the last one.
    private var words: [UInt64] = []
    /// Position of the first bit of `words`.
    private var base = 0

    /// Whether it has none.
    @inline(__always)
    var isEmpty: Bool { words.isEmpty }

    /// The lowest position.
    var first: Int? { first(from: base) }

    /// Must be higher than all before.
    mutating func append(_ position: Int) {
        if words.isEmpty { base = position & ~63 }
        let word = (position - base) >> 6
        while words.count <= word { words.append(0) }
        words[word] |= 1 << UInt64(position & 63)
    }

    /// The lowest position that is not below `position`.
    func first(from position: Int) -> Int? {
        let start = max(position, base)
        var index = (start - base) >> 6
        guard index < words.count else { return nil }
        var word = words[index] & (~0 << UInt64(start & 63))
        while word == 0 {
            index += 1
            guard index < words.count else { return nil }
            word = words[index]
        }
        return base + index * 64 + word.trailingZeroBitCount
    }

    /// Has none from now on, and keeps its room.
    mutating func removeAll() { words.removeAll(keepingCapacity: true) }
}
