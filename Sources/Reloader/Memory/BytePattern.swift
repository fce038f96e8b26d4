extension [UInt8] {
    /// Where `pattern` begins first; nil where it is not found.
    func firstIndex(ofSequence pattern: [UInt8]) -> Int? {
        guard let first = pattern.first, count >= pattern.count else { return nil }
        return withUnsafeBufferPointer { bytes -> Int? in
            var index = 0
            while index <= bytes.count - pattern.count {
                if bytes[index] == first {
                    var matched = 1
                    while matched < pattern.count, bytes[index + matched] == pattern[matched] { matched += 1 }
                    if matched == pattern.count { return index }
                }
                index += 1
            }
            return nil
        }
    }
}
