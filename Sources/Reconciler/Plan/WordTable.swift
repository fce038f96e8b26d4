/// Which statements have a word.
struct WordTable: Sendable {
    /// One word of one statement.
    private struct Entry: Sendable, Equatable {
        var word: SourceWords.Hash
        var statement: UInt32
    }

    /// Sorted by word after `sort`.
    private var entries: [Entry] = []
    /// Spares most searches.
    private var filter = WordFilter()

    /// Adds the words of the statement at `index`; `each` sees every one.
    mutating func add(_ words: Words, of index: Int, each: (SourceWords.Hash) -> Void) {
        for word in words {
            let hash = SourceWords.hash(word)
            add(hash, of: index)
            each(hash)
        }
    }

    /// Adds one word of the statement at `index`.
    mutating func add(_ word: SourceWords.Hash, of index: Int) {
        entries.append(Entry(word: word, statement: UInt32(index)))
        filter.insert(word)
    }

    /// Has to follow the last `add`.
    mutating func sort() {
        entries.sort { ($0.word, $0.statement) < ($1.word, $1.statement) }
        var kept = 0
        for entry in entries where kept == 0 || entries[kept - 1] != entry {
            entries[kept] = entry
            kept += 1
        }
        entries = Array(entries[..<kept])
    }

    /// Indexes of the statements that have one of `words` for which `isMeant` says yes, ascending.
    func statements(
        naming words: Set<SourceWords.Hash>, where isMeant: (SourceWords.Hash) -> Bool = { _ in true }
    ) -> [Int] {
        guard !entries.isEmpty else { return [] }
        var found: Set<Int> = []
        if words.count > entries.count {
            for entry in entries where words.contains(entry.word) && isMeant(entry.word) {
                found.insert(Int(entry.statement))
            }
        } else {
            for word in words where filter.contains(word) {
                var index = firstEntry(of: word)
                guard index < entries.count, entries[index].word == word, isMeant(word) else { continue }
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
