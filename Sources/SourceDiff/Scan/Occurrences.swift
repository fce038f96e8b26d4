/// Numbers the definitions that share a qualified name.
enum Occurrences {
    /// Sets the occurrence indexes and gives the hash of each qualified name. O(n): an open hash table, equal names
    /// verified by their bytes.
    static func number(_ definitions: inout [DefinitionRecord], in source: SourceView) -> [UInt64] {
        var table = QualnameTable(capacity: definitions.count)
        for index in definitions.indices {
            let hash = table.hash(of: index, definitions, source)
            let previous = table.insert(index, hash: hash, definitions, source)
            definitions[index].occurrence = previous.map { definitions[$0].occurrence + 1 } ?? 0
        }
        return table.hashes
    }
}

/// Maps qualified names to the last definition that has them, without making strings.
struct QualnameTable {
    private var slots: [Int32]
    private(set) var hashes: [UInt64] = []

    init(capacity: Int) {
        var size = 8
        while size < capacity * 2 { size *= 2 }
        slots = Array(repeating: -1, count: size)
        hashes.reserveCapacity(capacity)
    }

    /// Hash of the qualified name; parents must have been hashed before.
    mutating func hash(of index: Int, _ definitions: [DefinitionRecord], _ source: SourceView) -> UInt64 {
        let record = definitions[index]
        var hash: UInt64 = 0x9E37_79B9_7F4A_7C15
        if record.parent >= 0, !record.isGlobal {
            let isClass = definitions[Int(record.parent)].kind == .class
            hash = hashes[Int(record.parent)] ^ (isClass ? 0x2E : 0x3C)
        }
        let name = Int(record.nameStart)..<Int(record.nameEnd)
        if source.isAscii(name) {
            for position in name { hash = (hash ^ UInt64(source[position])) &* 0x0000_0100_0000_01B3 }
        } else {
            for byte in IdentifierNormalizer.normalized(source.array(name)) {
                hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
            }
        }
        hash = (hash ^ (hash >> 29)) &* 0xBF58_476D_1CE4_E5B9
        hashes.append(hash)
        return hash
    }

    /// Takes the hashes of definitions that were hashed before.
    mutating func reset(to hashes: [UInt64]) { self.hashes = hashes }

    /// Files `index` under its name and gives the definition that was there before.
    mutating func insert(
        _ index: Int, hash: UInt64, _ definitions: [DefinitionRecord], _ source: SourceView
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

    private func sameQualname(
        _ left: Int, _ right: Int, _ definitions: [DefinitionRecord], _ source: SourceView
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
