import SourceDiff

/// The words of one source by which what changes elsewhere may reach it: those of its assignments and from-imports,
/// with the functions that calls at import can lead to.
///
/// A word is kept as a hash of 32 bits. Two words of one hash cost a question to the agent, which knows what names
/// mean.
struct SourceWords: Sendable {
    /// FNV-1a of the word's bytes as written.
    typealias Hash = UInt32

    /// Assignments, by the words in them.
    private(set) var values = WordTable()
    /// `from … import` statements, by the words in them.
    private(set) var imports = WordTable()
    /// Statements that do something without binding a name, and the heads of compound ones, by the words in them.
    private(set) var acts = WordTable()
    /// Decorators and signatures of definitions that are in no function, by the words in them: indexes of definitions.
    private(set) var headers = WordTable()
    /// `from … import *`: indexes of statements.
    private(set) var stars: [Int] = []
    /// Words of assignments, of imports that give a name another one, of decorators, and of what classes are made of.
    private(set) var leading = WordFilter()
    /// What a call by name runs: functions of the module, and what makes a class's instances by the class's name.
    private(set) var callables: [(name: Hash, definition: Int)] = []

    /// Linear in the source but for sorting; done once for each content (`KeptWords`).
    init(of outline: Outline) {
        let bytes = outline.bytes
        for (index, statement) in outline.statements.enumerated() {
            switch statement.kind {
            case .assign, .annotatedAssign, .augmentedAssign:
                values.add(Words(bytes[statement.span]), of: index) { leading.insert($0) }
            case .fromImport:
                let text = bytes[statement.span]
                let renames = Words(text).contains { $0.elementsEqual("as".utf8) }
                imports.add(Words(text), of: index) { if renames { leading.insert($0) } }
                if text.contains(UInt8(ascii: "*")) { stars.append(index) }
            case .expression, .if, .for, .while, .with, .match:
                acts.add(Words(bytes[statement.span]), of: index) { _ in }
            case .import, .typeAlias, .try, .delete, .raise, .assert, .global, .pass, .other:
                break
            }
        }
        values.sort()
        imports.sort()
        acts.sort()
        addHeaders(of: outline)
        for (index, definition) in outline.definitions.enumerated() {
            if let name = Self.callName(of: definition, in: outline) { callables.append((name, index)) }
        }
    }

    /// Definitions inside of functions are left out: nothing of them runs at import. A parent comes before what is in it.
    private mutating func addHeaders(of outline: Outline) {
        var isInFunction: [Bool] = []
        isInFunction.reserveCapacity(outline.definitions.count)
        for (index, definition) in outline.definitions.enumerated() {
            let isLocal = definition.parent.map {
                isInFunction[$0] || outline.definitions[$0].kind != .class
            }
            isInFunction.append(isLocal ?? false)
            if isLocal == true { continue }
            let signature = outline.bytes[definition.signatureSpan]
            // Its own name is no use of it.
            let behindName = signature.firstIndex { "([:".utf8.contains($0) } ?? signature.endIndex
            let isClass = definition.kind == .class
            headers.add(Words(signature[behindName...]), of: index) { if isClass { leading.insert($0) } }
            for span in definition.decoratorSpans {
                headers.add(Words(outline.bytes[span]), of: index) { leading.insert($0) }
            }
        }
        headers.sort()
    }

    /// nil for what no call by a plain name of the module runs: classes, and methods other than makers.
    private static func callName(of definition: Definition, in outline: Outline) -> Hash? {
        guard definition.kind != .class else { return nil }
        guard let parent = definition.parent, !definition.isGlobal else { return hash(definition.name.utf8) }
        let owner = outline.definitions[parent]
        guard owner.kind == .class, owner.parent == nil,
            ["__init__", "__new__", "__post_init__", "__call__"].contains(definition.name)
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
