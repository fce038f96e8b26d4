/// Names that a module binds where no statement of its own says so.
enum InnerNames {
    /// Words before `:=`.
    static func walruses(in text: ArraySlice<UInt8>) -> [String] {
        var found: [String] = []
        var last: ArraySlice<UInt8> = []
        for word in Words(text) {
            if !last.isEmpty, isWalrus(text[last.endIndex..<word.startIndex]) {
                found.append(String(decoding: last, as: UTF8.self))
            }
            last = word
        }
        return found
    }

    private static func isWalrus(_ between: ArraySlice<UInt8>) -> Bool {
        between.drop { " \t\r\n\\".utf8.contains($0) }.starts(with: ":=".utf8)
    }

    /// Words of `global` statements and of lines that begin an import, and words before `:=`, in whatever scope.
    static func hashes(in bytes: [UInt8]) -> Set<SourceWords.Hash> {
        var found: Set<SourceWords.Hash> = []
        var index = bytes.startIndex
        while let colon = bytes[index...].firstIndex(of: UInt8(ascii: ":")) {
            index = colon + 1
            guard index < bytes.endIndex, bytes[index] == UInt8(ascii: "=") else { continue }
            let before = bytes[..<colon].dropLastSpaces
            let start = before.lastIndex { !Words.isPart($0) }.map { $0 + 1 } ?? before.startIndex
            found.insert(SourceWords.hash(before[start...]))
        }
        var start = bytes.startIndex
        while start < bytes.endIndex {
            let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.endIndex
            let first =
                bytes[start..<end].firstIndex { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") } ?? end
            // `global`, `import` and `from`.
            if first < end, "gif".utf8.contains(bytes[first]) {
                let line = bytes[first..<end]
                if starts.contains(where: { line.starts(with: $0) }) {
                    found.formUnion(Words(line).map(SourceWords.hash))
                }
            }
            start = end + 1
        }
        return found
    }

    private static let starts = ["global ", "import ", "from "].map { Array($0.utf8) }
}

extension ArraySlice<UInt8> {
    /// Without what may part a name from its `:=`.
    fileprivate var dropLastSpaces: ArraySlice<UInt8> {
        guard let last = lastIndex(where: { !" \t\r\n\\".utf8.contains($0) }) else { return [] }
        return self[...last]
    }
}
