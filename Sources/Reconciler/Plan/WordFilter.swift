/// A set of words that may say yes where the answer is no, never the reverse.
struct WordFilter: Sendable {
    /// Bits; 2 KiB for each filter. A project's few thousand words leave most of them unset.
    private static let size: UInt32 = 1 << 14

    /// Empty until the first word, so that an empty filter costs nothing.
    private var bits: [UInt64] = []

    /// One bit for each word; words may share one.
    mutating func insert(_ word: SourceWords.Hash) {
        if bits.isEmpty { bits = [UInt64](repeating: 0, count: Int(Self.size) / 64) }
        let bit = word % Self.size
        bits[Int(bit / 64)] |= 1 << UInt64(bit % 64)
    }

    /// False is certain, true is not.
    func contains(_ word: SourceWords.Hash) -> Bool {
        guard !bits.isEmpty else { return false }
        let bit = word % Self.size
        return bits[Int(bit / 64)] & (1 << UInt64(bit % 64)) != 0
    }

    /// Says yes for all that one of the two says yes for.
    mutating func formUnion(_ other: WordFilter) {
        guard !bits.isEmpty else {
            bits = other.bits
            return
        }
        for index in other.bits.indices { bits[index] |= other.bits[index] }
    }
}
