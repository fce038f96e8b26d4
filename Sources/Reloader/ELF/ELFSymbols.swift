/// A defined dynamic symbol, at its place in the process.
package struct ELFSymbol: Sendable, Hashable {
    /// Where the symbol lies in the process.
    package var address: RemoteAddress
    /// In bytes; 0 where the module does not say.
    package var size: UInt64
}

extension ELFImage {
    /// Looks `name` up in the module's hash table; nil where it is not defined there.
    package func symbol(_ name: String, memory: some MemorySource) -> ELFSymbol? {
        if let gnuHash { return lookUp(name, gnu: gnuHash, memory: memory) }
        if let sysvHash { return lookUp(name, sysv: sysvHash, memory: memory) }
        return nil
    }

    /// DT_GNU_HASH: buckets, a Bloom filter, and chains whose last entry has bit 0 set.
    private func lookUp(_ name: String, gnu table: RemoteAddress, memory: some MemorySource) -> ELFSymbol? {
        let hash = name.utf8.reduce(UInt32(5381)) { $0 &* 33 &+ UInt32($1) }
        guard let header = memory.read(table, count: 16) else { return nil }
        let words = (0..<4).map { UInt32(littleEndianBytes: header[($0 * 4)..<($0 * 4 + 4)]) }
        let (buckets, firstSymbol, filterSize, shift) = (words[0], words[1], words[2], words[3])
        guard buckets > 0, filterSize > 0 else { return nil }
        let filterWord: UInt64? = memory.integer(table + 16 + 8 * UInt64((hash / 64) % filterSize))
        guard let filterWord, filterWord >> (hash % 64) & 1 == 1,
            filterWord >> ((shift < 32 ? hash >> shift : 0) % 64) & 1 == 1
        else { return nil }
        let bucketTable = table + 16 + 8 * UInt64(filterSize)
        let chainTable = bucketTable + 4 * UInt64(buckets)
        guard var index: UInt32 = memory.integer(bucketTable + 4 * UInt64(hash % buckets)),
            index >= firstSymbol
        else { return nil }
        while let value: UInt32 = memory.integer(chainTable + 4 * UInt64(index - firstSymbol)) {
            if value | 1 == hash | 1, let found = entry(index, named: name, memory: memory) { return found }
            if value & 1 == 1 || index == .max { return nil }
            index += 1
        }
        return nil
    }

    /// DT_HASH, as musl and old linkers write it.
    private func lookUp(_ name: String, sysv table: RemoteAddress, memory: some MemorySource) -> ELFSymbol? {
        var hash: UInt32 = 0
        for byte in name.utf8 {
            hash = (hash << 4) &+ UInt32(byte)
            let high = hash & 0xf000_0000
            hash = (hash ^ (high >> 24)) & ~high
        }
        guard let buckets: UInt32 = memory.integer(table), let chains: UInt32 = memory.integer(table + 4),
            buckets > 0,
            var index: UInt32 = memory.integer(table + 8 + 4 * UInt64(hash % buckets))
        else { return nil }
        var steps: UInt32 = 0
        while index != 0, steps < chains {  // a damaged chain could be a ring
            if let found = entry(index, named: name, memory: memory) { return found }
            guard let next: UInt32 = memory.integer(table + 8 + 4 * (UInt64(buckets) + UInt64(index))) else {
                return nil
            }
            index = next
            steps += 1
        }
        return nil
    }

    private func entry(_ index: UInt32, named name: String, memory: some MemorySource) -> ELFSymbol? {
        guard let bytes = memory.read(symbolTable + 24 * UInt64(index), count: 24) else { return nil }
        let section = UInt16(littleEndianBytes: bytes[6..<8])
        let nameOffset = UInt32(littleEndianBytes: bytes[0..<4])
        guard section != 0, memory.holdsString(name, at: stringTable + UInt64(nameOffset)) else { return nil }
        let value = UInt64(littleEndianBytes: bytes[8..<16])
        return ELFSymbol(
            address: RemoteAddress(bias &+ value), size: UInt64(littleEndianBytes: bytes[16..<24]))
    }
}
