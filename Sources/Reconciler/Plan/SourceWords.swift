import SourceDiff
import Synchronization

/// The words of one source by which what changes elsewhere may reach it: those of its assignments and from-imports, with
/// the functions that calls at import can lead to.
///
/// A word is kept as a hash of 32 bits. Two words of one hash cost a question to the agent, which knows what names mean.
struct SourceWords: Sendable {
    typealias Hash = UInt32

    /// Assignments, by the words in them.
    private(set) var values = WordTable()
    /// `from … import` statements, by the words in them.
    private(set) var imports = WordTable()
    /// `from … import *`: indexes of statements.
    private(set) var stars: [Int] = []
    /// Words of assignments, and of imports that give a name another one.
    private(set) var leading = WordFilter()
    /// What a call by name runs: functions of the module, and what makes a class's instances by the class's name.
    private(set) var callables: [(name: Hash, definition: Int)] = []

    init(of outline: Outline) {
        let bytes = outline.bytes
        for (index, statement) in outline.statements.enumerated() {
            let kind = statement.kind
            switch kind {
            case .assign, .annotatedAssign, .augmentedAssign:
                values.add(Words(bytes[statement.span]), of: index) { leading.insert($0) }
            case .fromImport:
                let text = bytes[statement.span]
                let renames = Words(text).contains { $0.elementsEqual("as".utf8) }
                imports.add(Words(text), of: index) { if renames { leading.insert($0) } }
                if text.contains(UInt8(ascii: "*")) { stars.append(index) }
            case .import, .typeAlias, .expression, .if, .try, .for, .while, .with, .match, .delete, .raise,
                .assert, .global, .pass, .other:
                break
            }
        }
        values.sort()
        imports.sort()
        for (index, definition) in outline.definitions.enumerated() {
            if let name = Self.callName(of: definition, in: outline) { callables.append((name, index)) }
        }
    }

    private static func callName(of definition: Definition, in outline: Outline) -> Hash? {
        guard definition.kind != .class else { return nil }
        guard let parent = definition.parent, !definition.isGlobal else { return hash(definition.name.utf8) }
        let owner = outline.definitions[parent]
        guard owner.kind == .class, owner.parent == nil,
            ["__init__", "__new__"].contains(definition.name)
        else { return nil }
        return hash(owner.name.utf8)
    }

    /// FNV-1a.
    static func hash(_ word: some Sequence<UInt8>) -> Hash {
        var hash: UInt32 = 0x811c_9dc5
        for byte in word { hash = (hash ^ UInt32(byte)) &* 0x0100_0193 }
        return hash
    }
}

/// The words of one source, looked for when they are asked for first and kept as long as the source.
final class KeptWords: Sendable {
    private let made = Mutex<SourceWords?>(nil)

    /// `outline`: that of the source, always the same one.
    func words(of outline: Outline) -> SourceWords {
        made.withLock { made in
            if let made { return made }
            let words = SourceWords(of: outline)
            made = words
            return words
        }
    }
}

/// Which statements have a word.
struct WordTable: Sendable {
    private struct Entry: Sendable {
        var word: SourceWords.Hash
        var statement: UInt32
    }

    private var entries: [Entry] = []
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

/// A set of words that may say yes where the answer is no, never the reverse.
struct WordFilter: Sendable {
    /// Bits; 2 KiB for each filter. A project's few thousand words leave most of them unset.
    private static let size: UInt32 = 1 << 14

    private var bits: [UInt64] = []

    mutating func insert(_ word: SourceWords.Hash) {
        if bits.isEmpty { bits = [UInt64](repeating: 0, count: Int(Self.size) / 64) }
        let bit = word % Self.size
        bits[Int(bit / 64)] |= 1 << UInt64(bit % 64)
    }

    func contains(_ word: SourceWords.Hash) -> Bool {
        guard !bits.isEmpty else { return false }
        let bit = word % Self.size
        return bits[Int(bit / 64)] & (1 << UInt64(bit % 64)) != 0
    }

    mutating func formUnion(_ other: WordFilter) {
        guard !bits.isEmpty else {
            bits = other.bits
            return
        }
        for index in other.bits.indices { bits[index] |= other.bits[index] }
    }
}

/// The runs of letters, digits and underscores in some source.
struct Words: Sequence, IteratorProtocol {
    private var rest: ArraySlice<UInt8>

    init(_ text: ArraySlice<UInt8>) { rest = text }

    mutating func next() -> ArraySlice<UInt8>? {
        guard let first = rest.firstIndex(where: Self.isPart) else { return nil }
        let end = rest[first...].firstIndex { !Self.isPart($0) } ?? rest.endIndex
        defer { rest = rest[end...] }
        return rest[first..<end]
    }

    private static func isPart(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), 0x80...0xff:
            true
        default: false
        }
    }
}
