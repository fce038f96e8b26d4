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
        for line in bytes.split(separator: UInt8(ascii: "\n")) {
            let text = line.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
            guard starts.contains(where: { text.starts(with: $0) }) else { continue }
            found.formUnion(Words(text).map(SourceWords.hash))
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
