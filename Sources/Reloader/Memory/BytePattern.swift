import CLinuxShims

extension [UInt8] {
    /// Where `pattern` begins first; nil where it is not found, or is empty.
    package func firstIndex(ofSequence pattern: [UInt8]) -> Int? {
        guard !pattern.isEmpty else { return nil }
        let found = midflight_find(self, count, pattern, pattern.count)
        return found < 0 ? nil : found
    }
}

extension MemorySource {
    /// Where `pattern` begins first in `range`, which is read piece by piece: a library's text has megabytes, and
    /// what is looked for mostly stands near its beginning. Nil where it is not found or a piece cannot be read.
    func firstAddress(of pattern: [UInt8], in range: Range<UInt64>) -> RemoteAddress? {
        let piece: UInt64 = 64 << 10
        var start = range.lowerBound
        while start < range.upperBound {
            // The next piece begins inside of this one, so that no place is missed between them.
            let end = min(range.upperBound, start + piece + UInt64(pattern.count - 1))
            guard let bytes = read(RemoteAddress(start), count: Int(end - start)) else { return nil }
            if let offset = bytes.firstIndex(ofSequence: pattern) {
                return RemoteAddress(start + UInt64(offset))
            }
            start += piece
        }
        return nil
    }
}
