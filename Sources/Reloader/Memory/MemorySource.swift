/// Bytes at addresses: a live process, or an array in a test.
package protocol MemorySource {
    /// Exactly `count` bytes, or nil where any of them cannot be read.
    func read(_ address: RemoteAddress, count: Int) -> [UInt8]?
}

extension MemorySource {
    /// A little-endian integer, as every machine of ours keeps them.
    package func integer<T: FixedWidthInteger>(_ address: RemoteAddress, as type: T.Type = T.self) -> T? {
        read(address, count: MemoryLayout<T>.size).map { T(littleEndianBytes: $0[...]) }
    }

    /// Whether the NUL-terminated string at `address` is `text`.
    package func holdsString(_ text: String, at address: RemoteAddress) -> Bool {
        let wanted = Array(text.utf8) + [0]
        return read(address, count: wanted.count) == wanted
    }
}
