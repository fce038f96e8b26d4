import SourceDiff

/// The words of one source by which what changes elsewhere may reach it: those of its assignments, from-imports, calls
/// and headers of definitions.
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
    /// Of these, words of decorators, of defaults and of what classes are made of: evaluating them may call something.
    private(set) var calling = WordTable()
    /// `from … import *`: indexes of statements.
    private(set) var stars: [Int] = []
    /// Words of assignments that may call something, of imports that give a name another one, and of `calling`.
    private(set) var leading = WordFilter()
    /// Names that statements and definitions of the module bind, or functions as `global`.
    private(set) var bound: Set<Hash> = []
    /// Words of all imports of the module.
    private(set) var imported: Set<Hash> = []

    /// Linear in the source but for sorting; done once for each content (`KeptWords`).
    init(of outline: Outline) {
        let bytes = outline.bytes
        // Read once: both are made at each access.
        let statements = outline.statements.map { (kind: $0.kind, text: bytes[$0.span]) }
        addBound(of: outline, statements)
        for (index, (kind, text)) in statements.enumerated() {
            switch kind {
            case .assign, .annotatedAssign, .augmentedAssign:
                addValue(text, kind, index)
            case .fromImport:
                let renames = Words(text).contains { $0.elementsEqual("as".utf8) }
                imports.add(text, of: index, bound: bound) { if renames { leading.insert($0) } }
                if text.contains(UInt8(ascii: "*")) { stars.append(index) }
            case .expression, .if, .for, .while, .with, .match:
                acts.add(text, of: index, bound: bound)
            case .import, .typeAlias, .try, .delete, .raise, .assert, .global, .pass, .other:
                break
            }
        }
        values.sort()
        imports.sort()
        acts.sort()
        addHeaders(of: outline)
    }

    /// More names than are bound may be among them: what is assigned to attributes, and words of imports.
    private mutating func addBound(
        of outline: Outline, _ statements: [(kind: Statement.Kind, text: ArraySlice<UInt8>)]
    ) {
        for definition in outline.definitions where definition.parent == nil {
            bound.insert(Self.hash(definition.name.utf8))
        }
        bound.formUnion(InnerNames.hashes(in: outline.bytes))
        for (index, (kind, text)) in statements.enumerated() where outline.statements[index].scope == nil {
            switch kind {
            case .assign, .annotatedAssign, .augmentedAssign:
                for word in Words(Self.target(of: text, kind)) { bound.insert(Self.hash(word)) }
                // Of `a = b = 1` the second target too; a call's argument that is written so does no harm.
                guard text.count(where: { $0 == UInt8(ascii: "=") }) > 1 else { continue }
                bound.formUnion(outline.statements[index].names.map { Self.hash($0.utf8) })
            case .import, .fromImport:
                let words = Words(text).map(Self.hash)
                imported.formUnion(words)
                bound.formUnion(words)
            case .expression, .delete, .raise, .assert, .pass: break
            default: bound.formUnion(outline.statements[index].names.map { Self.hash($0.utf8) })
            }
        }
    }

    /// What stands before the equals sign, or before the type.
    private static func target(of text: ArraySlice<UInt8>, _ kind: Statement.Kind) -> ArraySlice<UInt8> {
        text.prefix { $0 != UInt8(ascii: kind == .annotatedAssign ? ":" : "=") }
    }

    /// Plain names before the equals sign are no uses.
    private mutating func addValue(_ text: ArraySlice<UInt8>, _ kind: Statement.Kind, _ index: Int) {
        let target = Self.target(of: text, kind)
        let isPlain = kind != .augmentedAssign && !target.contains { ".[".utf8.contains($0) }
        let mayCall = text.contains(UInt8(ascii: "("))
        var words = Words(text)
        while let word = words.next() {
            let hash = Self.hash(word)
            if mayCall { leading.insert(hash) }
            if isPlain, word.startIndex < target.endIndex { continue }
            values.add(hash, of: index, words.use(bound))
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
            addSignature(of: definition, index, outline.bytes)
            for span in definition.decoratorSpans {
                addHeader(outline.bytes[span], of: index) { _ in (isUse: true, isCalling: true) }
            }
        }
        headers.sort()
        calling.sort()
    }

    /// Its own name and those of parameters are no use of them; types of parameters call nothing.
    private mutating func addSignature(of definition: Definition, _ index: Int, _ bytes: [UInt8]) {
        let signature = bytes[definition.signatureSpan]
        let rest = signature[(signature.firstIndex { "([:".utf8.contains($0) } ?? signature.endIndex)...]
        let isClass = definition.kind == .class
        let parameters = Parameters(in: isClass ? [] : rest)
        addHeader(rest, of: index) { word in
            let isDefault = parameters.defaults.contains { $0.contains(word) }
            return (isUse: !parameters.names.contains(word), isCalling: isClass || isDefault)
        }
    }

    /// `kind`: what the word that begins there is.
    private mutating func addHeader(
        _ text: ArraySlice<UInt8>, of index: Int, kind: (Int) -> (isUse: Bool, isCalling: Bool)
    ) {
        var words = Words(text)
        while let word = words.next() {
            let (isUse, isCalling) = kind(word.startIndex)
            guard isUse else { continue }
            let hash = Self.hash(word)
            headers.add(hash, of: index, words.use(bound))
            guard isCalling else { continue }
            calling.add(hash, of: index, words.use(bound))
            leading.insert(hash)
        }
    }

    /// FNV-1a.
    static func hash(_ word: some Sequence<UInt8>) -> Hash {
        var hash: UInt32 = 0x811c_9dc5
        for byte in word { hash = (hash ^ UInt32(byte)) &* 0x0100_0193 }
        return hash
    }
}
