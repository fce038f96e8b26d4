/// A 64-bit ELF module as the dynamic linker mapped it, read from memory.
///
/// Memory, not the file: the file may lie in another mount namespace, be deleted, or be newer than the process.
package struct ELFImage: Sendable {
    /// Why a file or a mapping could not be read as an ELF image. The tables of a hostile process end as `unreadable`.
    package enum Failure: Error { case unreadable, notELF, not64Bit, noDynamicSection }

    /// e_machine: the processor it is for.
    package let machine: UInt16
    /// What is added to a virtual address of the file.
    let bias: UInt64
    /// DT_SYMTAB.
    let symbolTable: RemoteAddress
    /// DT_STRTAB.
    let stringTable: RemoteAddress
    /// DT_GNU_HASH; nil if the image has none.
    let gnuHash: RemoteAddress?
    /// DT_HASH; nil if the image has none.
    let sysvHash: RemoteAddress?

    private enum Tag: UInt64 {
        /// DT_HASH (elf(5)).
        case hash = 4
        /// DT_STRTAB.
        case stringTable = 5
        /// DT_SYMTAB.
        case symbolTable = 6
        /// DT_GNU_HASH (glibc's `elf/elf.h`).
        case gnuHash = 0x6fff_fef5
    }

    /// `base` is where file offset 0 is mapped.
    package init(base: RemoteAddress, memory: some MemorySource) throws(Failure) {
        guard let header = memory.read(base, count: 64) else { throw .unreadable }
        guard header[0..<4] == [0x7f, 0x45, 0x4c, 0x46] else { throw .notELF }
        guard header[4] == 2 else { throw .not64Bit }
        machine = UInt16(littleEndianBytes: header[18..<20])
        let programHeaders = UInt64(littleEndianBytes: header[32..<40])
        let count = Int(UInt16(littleEndianBytes: header[56..<58]))
        guard programHeaders < 1 << 20, count < 256,
            let table = memory.read(base + programHeaders, count: count * 56)
        else { throw .unreadable }

        var lowest = UInt64.max
        var dynamic: (address: UInt64, size: UInt64)?
        for index in 0..<count {
            let entry = table[(index * 56)..<((index + 1) * 56)]
            let start = entry.startIndex
            let address = UInt64(littleEndianBytes: entry[(start + 16)..<(start + 24)])
            switch UInt32(littleEndianBytes: entry[start..<(start + 4)]) {
            // PT_LOAD
            case 1: lowest = min(lowest, address & ~4095)
            // PT_DYNAMIC
            case 2: dynamic = (address, UInt64(littleEndianBytes: entry[(start + 40)..<(start + 48)]))
            default: break
            }
        }
        guard let dynamic, lowest != .max else { throw .noDynamicSection }
        bias = base.value &- lowest
        let tags = try Self.tags(
            at: RemoteAddress(bias &+ dynamic.address), size: dynamic.size, memory: memory)
        // glibc relocates these entries in place, musl and the vDSO leave file addresses.
        func address(_ tag: Tag) -> RemoteAddress? {
            tags[tag.rawValue].map { RemoteAddress($0 < base.value ? $0 &+ base.value &- lowest : $0) }
        }
        guard let symbols = address(.symbolTable), let strings = address(.stringTable) else {
            throw .noDynamicSection
        }
        symbolTable = symbols
        stringTable = strings
        gnuHash = address(.gnuHash)
        sysvHash = address(.hash)
    }

    private static func tags(
        at address: RemoteAddress, size: UInt64, memory: some MemorySource
    ) throws(Failure) -> [UInt64: UInt64] {
        guard let bytes = memory.read(address, count: Int(min(size, 16384))) else { throw .unreadable }
        var tags: [UInt64: UInt64] = [:]
        for start in stride(from: 0, to: bytes.count - 15, by: 16) {
            let tag = UInt64(littleEndianBytes: bytes[start..<(start + 8)])
            if tag == 0 { break }
            tags[tag] = UInt64(littleEndianBytes: bytes[(start + 8)..<(start + 16)])
        }
        return tags
    }
}
