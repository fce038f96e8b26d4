/// Which statements have a word.
struct WordTable: Sendable {
    /// What a word stands for in a statement.
    enum Use: UInt32 {
        case plain
        /// Behind a dot, in a path that begins with a name of the module.
        case attribute
        /// Behind a dot, of something else, `self.a` or `f().a`; or at the beginning of a string.
        case other
    }

    /// One word of one statement.
    private struct Entry: Sendable, Equatable {
        var word: SourceWords.Hash
        /// The statement's index times four, and the use.
        var place: UInt32

        var statement: Int { Int(place / 4) }
        var use: Use { Use(rawValue: place % 4) ?? .other }
    }

    /// Sorted by word after `sort`.
    private var entries: [Entry] = []
    /// Spares most searches.
    private var filter = WordFilter()

    /// Adds the words of a part of the statement at `index`; `bound`: names of the module; `each` sees every word.
    mutating func add(
        _ text: ArraySlice<UInt8>, of index: Int, bound: Set<SourceWords.Hash>,
        each: (SourceWords.Hash) -> Void = { _ in }
    ) {
        var words = Words(text)
        while let word = words.next() {
            let hash = SourceWords.hash(word)
            add(hash, of: index, words.use(bound))
            each(hash)
        }
    }

    /// Adds one word of the statement at `index`.
    mutating func add(_ word: SourceWords.Hash, of index: Int, _ use: Use) {
        entries.append(Entry(word: word, place: UInt32(index) * 4 + use.rawValue))
        filter.insert(word)
    }

    /// Has to follow the last `add`.
    mutating func sort() {
        entries.sort { ($0.word, $0.place) < ($1.word, $1.place) }
        var kept = 0
        for entry in entries where kept == 0 || entries[kept - 1] != entry {
            entries[kept] = entry
            kept += 1
        }
        entries = Array(entries[..<kept])
    }

    /// Indexes of the statements that have one of `words`, where `isMeant` says yes of what it stands for; ascending.
    func statements(
        naming words: Set<SourceWords.Hash>, where isMeant: (SourceWords.Hash, Use) -> Bool = { _, _ in true }
    ) -> [Int] {
        guard !entries.isEmpty else { return [] }
        var found: Set<Int> = []
        if words.count > entries.count {
            for entry in entries where words.contains(entry.word) && isMeant(entry.word, entry.use) {
                found.insert(entry.statement)
            }
        } else {
            for word in words { found.formUnion(uses(of: word, where: isMeant)) }
        }
        return found.sorted()
    }

    /// As `statements`, of one word; a statement may come twice.
    func uses(
        of word: SourceWords.Hash, where isMeant: (SourceWords.Hash, Use) -> Bool = { _, _ in true }
    ) -> [Int] {
        guard filter.contains(word) else { return [] }
        var known: [Use: Bool] = [:]
        return entries(of: word).filter { entry in
            let isKnown = known[entry.use] ?? isMeant(word, entry.use)
            known[entry.use] = isKnown
            return isKnown
        }.map(\.statement)
    }

    private func entries(of word: SourceWords.Hash) -> ArraySlice<Entry> {
        entries[firstEntry(of: word)...].prefix { $0.word == word }
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

extension Words {
    /// What the last word stands for. `bound`: names of the module.
    func use(_ bound: Set<SourceWords.Hash>) -> WordTable.Use {
        guard isAttribute else { return .plain }
        return root.map { bound.contains(SourceWords.hash($0)) } ?? false ? .attribute : .other
    }
}
