import Reloader
import SourceDiff

/// What of a process's sources may hold or have used what a burst changes, although its own text is the same: imports by
/// name, and values that were built when the module was imported.
///
/// Names are all that is looked at: the agent knows whether they mean what changed.
struct Surroundings {
    /// One source file as the process runs it after the burst.
    struct File {
        var path: String
        var modules: [String]
        var outline: Outline
        /// Indexes of statements that are the burst's own.
        var touched: Set<Int> = []
        var stale: [Around.Stale] = []
    }

    /// More than these, and each file is read word by word.
    private static let few = 8
    private static let rounds = 3

    private var words: Set<[UInt8]> = []
    private var hashes: Set<Int> = []

    /// `changes`: what the burst plans; `kept`: names of what it keeps without asking.
    init(_ changes: [PlannedChange], outlines: [Outline], kept: [Around.Stale]) {
        for change in changes {
            let names = Self.names(change)
            names.forEach { add($0) }
            if change.operation == .function, change.qualname.contains(".") {
                remove(change.name)
                if let maker = Self.maker(change, in: outlines) { add(maker) }
            }
        }
        for stale in kept { add(stale.name) }
    }

    /// No name changes its value.
    var isEmpty: Bool { words.isEmpty }

    private mutating func add(_ name: String) {
        guard !name.isEmpty, !name.contains(where: { "<>.[( ".contains($0) }) else { return }
        let word = Array(name.utf8)
        if words.insert(word).inserted { hashes.insert(Self.hash(word[...])) }
    }

    private mutating func remove(_ name: String) {
        if words.remove(Array(name.utf8)) != nil { hashes.remove(Self.hash(Array(name.utf8)[...])) }
    }

    private static func names(_ change: PlannedChange) -> [String] {
        let shown = change.qualname.split(separator: ",").map { part in
            String(part.drop { $0 == " " }.split(separator: ".").last ?? "")
        }
        return change.name.isEmpty ? shown : shown + [change.name]
    }

    /// The class whose instances a changed method helps to make; nil if it does not.
    private static func maker(_ change: PlannedChange, in outlines: [Outline]) -> String? {
        let parts = change.qualname.split(separator: ".").map(String.init)
        guard parts.count > 1 else { return nil }
        let makers = ["__init__", "__new__", "__post_init__"]
        if makers.contains(change.name) { return parts[parts.count - 2] }
        let names = makers.map { (parts.dropLast() + [$0]).joined(separator: ".") }
        let word = Array(change.name.utf8)
        let isNamed = outlines.contains { outline in
            outline.definitions.contains { definition in
                names.contains(definition.qualname)
                    && Words(outline.bytes[definition.bodySpan]).contains { $0.elementsEqual(word) }
            }
        }
        return isNamed ? parts[parts.count - 2] : nil
    }

    /// The statements of `files` that name what changes, or what such statements bind.
    mutating func find(in files: [File]) -> [Around] {
        var found = files.map { file in
            var around = Around(path: file.path, modules: file.modules)
            around.stale = file.stale
            return around
        }
        guard !words.isEmpty else { return [] }
        addCallers(files)
        var taken = [Set<Int>](repeating: [], count: files.count)
        for _ in 0..<Self.rounds {
            let before = words.count
            var sum = 0
            for (index, file) in files.enumerated() where mayName(file.outline.bytes) {
                for place in statements(of: file, except: taken[index]) {
                    taken[index].insert(place)
                    found[index].statements.append(Self.statement(place, of: file.outline))
                    file.outline.statements[place].names.forEach { add($0) }
                    sum += 1
                }
            }
            if sum == 0 || words.count == before { break }
        }
        return found.filter { !$0.statements.isEmpty || !$0.stale.isEmpty }
    }

    /// Functions that call what changes, and classes that need it to make an instance.
    private mutating func addCallers(_ files: [File]) {
        var callers: [String] = []
        for file in files where mayName(file.outline.bytes) {
            for definition in file.outline.definitions where definition.kind != .class {
                let parts = definition.qualname.split(separator: ".")
                let isMaker = parts.count == 2 && ["__init__", "__new__"].contains(parts[1])
                guard parts.count == 1 || isMaker, names(file.outline.bytes[definition.bodySpan]) else {
                    continue
                }
                callers.append(String(parts[0]))
            }
        }
        callers.forEach { add($0) }
    }

    private func statements(of file: File, except taken: Set<Int>) -> [Int] {
        file.outline.statements.indices.filter { index in
            guard !taken.contains(index), !file.touched.contains(index) else { return false }
            let statement = file.outline.statements[index]
            switch statement.kind {
            case .fromImport, .assign, .annotatedAssign, .augmentedAssign:
                let text = file.outline.bytes[statement.span]
                return names(text) || statement.kind == .fromImport && text.contains(UInt8(ascii: "*"))
            case .import, .typeAlias, .expression, .if, .try, .for, .while, .with, .match, .delete, .raise,
                .assert, .global, .pass, .other:
                return false
            }
        }
    }

    private static func statement(_ index: Int, of outline: Outline) -> Around.Statement {
        let statement = outline.statements[index]
        let owner = statement.scope.map { outline.definitions[$0].qualname } ?? ""
        return Around.Statement(
            line: statement.line, owner: owner.split(separator: ".").map(String.init),
            text: Array(outline.bytes[statement.span]))
    }

    // MARK: Words

    private func names(_ text: ArraySlice<UInt8>) -> Bool {
        Words(text).contains { hashes.contains(Self.hash($0)) }
    }

    /// A file with a star may take every new name.
    private func mayName(_ bytes: [UInt8]) -> Bool {
        guard words.count <= Self.few else { return true }
        return words.contains { bytes.firstIndex(ofSequence: $0) != nil }
            || bytes.firstIndex(ofSequence: Array("import *".utf8)) != nil
    }

    private static func hash(_ word: ArraySlice<UInt8>) -> Int {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in word { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return Int(truncatingIfNeeded: hash)
    }
}

/// The runs of letters, digits and underscores in some source.
private struct Words: Sequence, IteratorProtocol {
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
