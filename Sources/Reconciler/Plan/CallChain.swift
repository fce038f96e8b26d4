import SourceDiff

/// Which functions and classes of some files may run what changes when they are called, by way of each other too.
struct CallChain {
    /// How many steps are followed; as many as the agent follows.
    private static let steps = 5

    /// Of all files.
    let visibility: Visibility
    /// Of words that are attributes of a class, the class.
    let anchors: [SourceWords.Hash: Set<SourceWords.Hash>]

    /// Names of what runs one of `words`, or one of `methods`, which have the names of their classes.
    func names(
        running words: Set<SourceWords.Hash>, methods: [SourceWords.Hash: Set<SourceWords.Hash>] = [:]
    ) -> Set<SourceWords.Hash> {
        var found = Set(methods.flatMap { callers(ofMethod: $0.key, of: $0.value) })
        var latest = words.union(found)
        for _ in 0..<Self.steps where !latest.isEmpty {
            let more = latest.reduce(into: Set()) { $0.formUnion(callers(of: $1)) }
            latest = more.subtracting(found).subtracting(words)
            found.formUnion(latest)
        }
        return found
    }

    /// Names of what has the word in its code, and other names that imports give it.
    private func callers(of word: SourceWords.Hash) -> [SourceWords.Hash] {
        visibility.files.flatMap { file -> [SourceWords.Hash] in
            let places = file.words.callers(of: word)
            let isBound = file.words.bound.contains(word) || !file.words.stars.isEmpty
            let plain = !places.plain.isEmpty && isBound ? places.plain : []
            let found =
                !places.attribute.isEmpty && isAttribute(word, in: file) ? plain + places.attribute : plain
            return found.map { file.words.callables[$0] } + aliases(of: word, in: file)
        }
    }

    /// Whether an attribute of that name may be the one of a module, or of a class, that is meant.
    private func isAttribute(_ word: SourceWords.Hash, in file: Surroundings.File) -> Bool {
        let classes = (anchors[word] ?? []).filter { $0 != word }
        return visibility.isAttribute(word, in: file)
            || classes.contains { visibility.isVisible($0, in: file) }
    }

    /// `other` of `from a import word as other`.
    private func aliases(of word: SourceWords.Hash, in file: Surroundings.File) -> [SourceWords.Hash] {
        file.words.imports.statements(naming: [word]).flatMap { index -> [SourceWords.Hash] in
            let words = Words(file.outline.bytes[file.outline.statements[index].span]).map(SourceWords.hash)
            let places = words.indices.dropLast(2).filter {
                words[$0] == word && words[$0 + 1] == Self.renaming
            }
            return places.map { words[$0 + 2] }
        }
    }

    private static let renaming = SourceWords.hash("as".utf8)

    /// Names of what has both the method and one of its classes in its code.
    private func callers(
        ofMethod word: SourceWords.Hash, of classes: Set<SourceWords.Hash>
    ) -> [SourceWords.Hash] {
        visibility.files.flatMap { file -> [SourceWords.Hash] in
            let places = file.words.callers(of: word).attribute
            guard !places.isEmpty else { return [] }
            let near = Set(
                classes.flatMap { name in
                    let named = file.words.callers(of: name)
                    return named.plain + named.attribute
                })
            return places.filter(near.contains).map { file.words.callables[$0] }
        }
    }
}
