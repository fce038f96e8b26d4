/// Memory that stays as it is while it is looked at, such as a linker's tables: it is read in large pieces, each of
/// them once. Looking a symbol up takes some ten words that lie near each other.
final class PagedMemory: MemorySource {
    private let memory: RemoteMemory
    /// By address; empty where the whole piece cannot be read.
    private var pieces: [UInt64: [UInt8]] = [:]

    /// Bytes; a multiple of every page size that is smaller.
    private static let piece: UInt64 = 16 << 10

    /// Reads nothing yet.
    init(_ memory: RemoteMemory) { self.memory = memory }

    /// What is longer than a piece, or lies beside memory that cannot be read, is read as it is.
    func read(_ address: RemoteAddress, count: Int) -> [UInt8]? {
        let (end, overflows) = address.value.addingReportingOverflow(UInt64(max(count, 0)))
        guard count > 0, count <= Self.piece, !overflows else { return memory.read(address, count: count) }
        var found: [UInt8] = []
        var start = address.value
        while start < end {
            let base = start & ~(Self.piece - 1)
            let bytes = whole(base)
            guard !bytes.isEmpty else { return memory.read(address, count: count) }
            let stop = min(end - base, Self.piece)
            let part = bytes[Int(start - base)..<Int(stop)]
            if stop == end - base, found.isEmpty { return Array(part) }
            found += part
            start = base + stop
        }
        return found
    }

    private func whole(_ base: UInt64) -> [UInt8] {
        if let known = pieces[base] { return known }
        let bytes = memory.read(RemoteAddress(base), count: Int(Self.piece)) ?? []
        pieces[base] = bytes
        return bytes
    }
}
