/// Python's hard keywords: none of them can name a definition.
enum ReservedWords {
    private static let words: Set<String> = [
        "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del",
        "elif", "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is", "lambda",
        "nonlocal", "not", "or", "pass", "raise", "return", "try", "while", "with", "yield",
    ]

    /// True if the bytes of `range` spell a keyword.
    static func contains(_ range: Range<Int>, in source: SourceView) -> Bool {
        guard range.count <= 8, range.count >= 2 else { return false }
        guard let candidates = byLength[range.count] else { return false }
        var word: UInt64 = 0
        for (index, position) in range.enumerated() {
            word |= UInt64(source[position]) << UInt64(index * 8)
        }
        return candidates.contains(word)
    }

    /// A keyword after which an operand starts: every hard keyword but the constants.
    static func isOperator(_ range: Range<Int>, in source: SourceView) -> Bool {
        contains(range, in: source) && !source.spells("None", range) && !source.spells("True", range)
            && !source.spells("False", range)
    }

    private static let byLength: [Int: [UInt64]] = {
        var table: [Int: [UInt64]] = [:]
        for word in words {
            var packed: UInt64 = 0
            for (index, byte) in word.utf8.enumerated() { packed |= UInt64(byte) << UInt64(index * 8) }
            table[word.utf8.count, default: []].append(packed)
        }
        return table
    }()
}
