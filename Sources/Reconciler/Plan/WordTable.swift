/// Which statements have a word.
struct WordTable: Sendable {
    /// One word of one statement.
    private struct Entry: Sendable {
        var word: SourceWords.Hash
        var statement: UInt32
    }

    /// Sorted by word after `sort`; a statement that has a word twice stands there twice.
    private var entries: [Entry] = []
    /// Spares most searches.
    private var filter = WordFilter()

    /// Adds the words of the statement at `index`; `each` sees every one.
    mutating func add(_ words: Words, of index: Int, each: (SourceWords.Hash) -> Void) {
        for word in words {
            let hash = SourceWords.hash(word)
            entries.append(Entry(word: hash, statement: UInt32(index)))
            filter.insert(hash)
            each(hash)
        }
    }

    /// Has to follow the last `add`.
    mutating func sort() {
        entries.sort { ($0.word, $0.statement) < ($1.word, $1.statement) }
    }

    /// Indexes of the statements that have one of `words`, ascending.
    func statements(naming words: Set<SourceWords.Hash>) -> [Int] {
        guard !entries.isEmpty else { return [] }
        var found: Set<Int> = []
        if words.count > entries.count {
            for entry in entries where words.contains(entry.word) { found.insert(Int(entry.statement)) }
        } else {
            for word in words where filter.contains(word) {
                var index = firstEntry(of: word)
                while index < entries.count, entries[index].word == word {
                    found.insert(Int(entries[index].statement))
                    index += 1
                }
            }
        }
        return found.sorted()
    }

    /// Where entries of the word begin, or would; O(log n).
    private func firstEntry(of word: SourceWords.Hash) -> Int {
        var low = 0
        var high = entries.count
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].word < word { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
