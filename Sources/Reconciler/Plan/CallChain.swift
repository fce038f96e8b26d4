import SourceDiff

/// Which functions and classes of some files may run what changes when they are called, by way of each other too.
struct CallChain {
    /// How many steps are followed; as many as the agent follows.
    private static let steps = 5

    /// Of all files.
    let visibility: Visibility
    /// Of the words at the start those that classes have: `self.a` may mean them.
    let members: Set<SourceWords.Hash>

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
            let places = file.calls.bodies.uses(of: word) { word, use in
                switch use {
                case .plain: visibility.isPlain(word, in: file)
                case .attribute: true
                case .other: members.contains(word)
                }
            }
            return places.map { file.calls.callables[$0] } + aliases(of: word, in: file)
        }
    }

    /// `other` of `from a import word as other`, and of `other = word`.
    private func aliases(of word: SourceWords.Hash, in file: Surroundings.File) -> [SourceWords.Hash] {
        let outline = file.outline
        let imported = file.words.imports.statements(naming: [word]).flatMap { index -> [SourceWords.Hash] in
            let words = Words(outline.bytes[outline.statements[index].span]).map(SourceWords.hash)
            let places = words.indices.dropLast(2).filter {
                words[$0] == word && words[$0 + 1] == Self.renaming
            }
            return places.map { words[$0 + 2] }
        }
        let given = file.words.values.statements(naming: [word]).filter {
            !outline.mayCall(outline.statements[$0])
        }
        return imported + given.flatMap { outline.statements[$0].names.map { SourceWords.hash($0.utf8) } }
    }

    private static let renaming = SourceWords.hash("as".utf8)

    /// Names of what has both the method and one of its classes in its code.
    private func callers(
        ofMethod word: SourceWords.Hash, of classes: Set<SourceWords.Hash>
    ) -> [SourceWords.Hash] {
        visibility.files.flatMap { file -> [SourceWords.Hash] in
            let places = file.calls.bodies.uses(of: word) { _, use in use != .plain }
            guard !places.isEmpty else { return [] }
            let near = file.calls.bodies.statements(naming: classes)
            return places.filter(near.contains).map { file.calls.callables[$0] }
        }
    }
}

extension Outline {
    /// Whether the statement has parentheses.
    func mayCall(_ statement: Statement) -> Bool { bytes[statement.span].contains(UInt8(ascii: "(")) }
}
