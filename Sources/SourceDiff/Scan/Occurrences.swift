/// Numbers the definitions that share a qualified name.
enum Occurrences {
    /// Sets the occurrence indexes and gives the hash of each qualified name. O(n): an open hash table, equal names
    /// verified by their bytes.
    static func number(_ definitions: inout DefinitionTable, in source: SourceView) -> [UInt64] {
        var table = QualnameTable(capacity: definitions.count)
        for index in definitions.indices {
            let hash = table.hash(of: index, definitions, source)
            let previous = table.insert(index, hash: hash, definitions, source)
            let occurrence = previous.map { definitions.occurrence(of: $0) + 1 } ?? 0
            definitions.number(index, occurrence: occurrence)
        }
        return table.hashes
    }
}

/// Maps qualified names to the last definition that has them, without making strings.
struct QualnameTable {
    /// Indexes of definitions, -1 where free. A power of two, at most three quarters full.
    private var slots: [Int32]
    /// In the order in which definitions were hashed, which is that of the source.
    private(set) var hashes: [UInt64] = []

    /// Room for so many different names; it does not grow, so more must not be inserted.
    init(capacity: Int) {
        var size = 8
        while size < capacity + capacity / 3 { size *= 2 }
        slots = Array(repeating: -1, count: size)
        hashes.reserveCapacity(capacity)
    }

    /// Hash of the qualified name; parents must have been hashed before.
    mutating func hash(of index: Int, _ definitions: DefinitionTable, _ source: SourceView) -> UInt64 {
        let record = definitions[index]
        var hash: UInt64 = 0x9E37_79B9_7F4A_7C15
        if record.parent >= 0, !record.isGlobal {
            let isClass = definitions[Int(record.parent)].kind == .class
            hash = hashes[Int(record.parent)] ^ (isClass ? 0x2E : 0x3C)
        }
        let name = Int(record.nameStart)..<Int(record.nameEnd)
        let outer = hash
        if !source.mix(name, into: &hash) {
            // Two spellings of one identifier have one hash.
            hash = outer
            IdentifierNormalizer.normalized(source.array(name)).withUnsafeBufferPointer { buffer in
                _ = SourceView(buffer).mix(0..<buffer.count, into: &hash)
            }
        }
        hashes.append(hash)
        return hash
    }

    /// Takes the hashes of definitions that were hashed before.
    mutating func reset(to hashes: [UInt64]) { self.hashes = hashes }

    /// Files `index` under its name and gives the definition that was there before.
    mutating func insert(
        _ index: Int, hash: UInt64, _ definitions: DefinitionTable, _ source: SourceView
    ) -> Int? {
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: hash) & mask
        while slots[slot] >= 0 {
            let other = Int(slots[slot])
            if hashes[other] == hash, sameQualname(index, other, definitions, source) {
                slots[slot] = Int32(index)
                return other
            }
            slot = (slot + 1) & mask
        }
        slots[slot] = Int32(index)
        return nil
    }

    /// Compares name by name outwards, until both have one parent: equal hashes alone prove nothing.
    private func sameQualname(
        _ left: Int, _ right: Int, _ definitions: DefinitionTable, _ source: SourceView
    ) -> Bool {
        var left = left
        var right = right
        while true {
            let a = definitions[left]
            let b = definitions[right]
            guard
                source.sameName(
                    Int(a.nameStart)..<Int(a.nameEnd), source, Int(b.nameStart)..<Int(b.nameEnd))
            else { return false }
            let parentA = a.isGlobal ? -1 : Int(a.parent)
            let parentB = b.isGlobal ? -1 : Int(b.parent)
            if parentA == parentB { return true }
            guard parentA >= 0, parentB >= 0 else { return false }
            guard (definitions[parentA].kind == .class) == (definitions[parentB].kind == .class) else {
                return false
            }
            left = parentA
            right = parentB
        }
    }
}

extension SourceView {
    /// Adds the bytes of `range` to `hash`, eight a step. False if some are not ASCII.
    func mix(_ range: Range<Int>, into hash: inout UInt64) -> Bool {
        var mixed = hash
        var seen: UInt64 = 0
        var position = range.lowerBound
        while position < range.upperBound {
            let length = min(8, range.upperBound &- position)
            let word = word(at: position) & (~0 >> UInt64(truncatingIfNeeded: (8 &- length) &* 8))
            seen |= word
            mixed = (mixed ^ word) &* 0x9E37_79B9_7F4A_7C15
            mixed ^= mixed >> 32
            position &+= 8
        }
        hash = (mixed ^ UInt64(truncatingIfNeeded: range.count)) &* 0xBF58_476D_1CE4_E5B9
        hash ^= hash >> 29
        return seen & 0x8080_8080_8080_8080 == 0
    }

    /// True for an empty range.
    func isAscii(_ range: Range<Int>) -> Bool {
        for position in range where self[position] >= 0x80 { return false }
        return true
    }

    /// True if two names are the same identifier.
    func sameName(_ range: Range<Int>, _ other: SourceView, _ otherRange: Range<Int>) -> Bool {
        if equals(range, other, otherRange) { return true }
        guard !isAscii(range) || !other.isAscii(otherRange) else { return false }
        return IdentifierNormalizer.normalized(array(range))
            == IdentifierNormalizer.normalized(other.array(otherRange))
    }
}
