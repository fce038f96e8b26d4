import Reloader

/// Bytes at an address, and nothing elsewhere: what a machine finds in a target's memory.
struct Canned: MemorySource {
    var start: UInt64
    var bytes: [UInt8]

    func read(_ address: RemoteAddress, count: Int) -> [UInt8]? {
        guard address.value >= start, address.value - start <= UInt64(bytes.count),
            count <= bytes.count - Int(address.value - start)
        else { return nil }
        let offset = Int(address.value - start)
        return Array(bytes[offset..<(offset + count)])
    }
}

extension SignalFrame {
    /// The little-endian word at `address`, in whichever part has it.
    func word(at address: UInt64) -> UInt64? {
        for part in parts {
            if let word: UInt64 = Canned(start: part.address.value, bytes: part.bytes).integer(
                RemoteAddress(address))
            {
                return word
            }
        }
        return nil
    }
}
