/// The definitions of an outline, in source order. Elements are made on access; access is O(1).
public struct Definitions: RandomAccessCollection, Sendable {
    let storage: OutlineStorage

    /// 0.
    public var startIndex: Int { 0 }
    /// The number of definitions.
    public var endIndex: Int { storage.definitions.count }
    /// The definition at `index`, which must be in `indices`.
    public subscript(index: Int) -> Definition { Definition(storage: storage, index: index) }
}

/// One `def`, `async def` or `class` of an outline: a view, which keeps the outline's storage alive.
public struct Definition: Sendable {
    /// What kind of object the definition binds.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        case function
        case asyncFunction
        case `class`
    }

    let storage: OutlineStorage
    /// Index in the outline's `definitions`.
    public let index: Int

    private var record: DefinitionRecord { storage.definitions[index] }

    /// CPython's `__qualname__`: `A.method`, `outer.<locals>.inner`; the bare name under a `global` declaration.
    public var qualname: String { storage.qualname(of: index) }
    /// The name after the keyword, in NFKC, not mangled.
    public var name: String { storage.name(of: index) }
    /// 0, 1, 2 … among the definitions of the same qualified name, source order.
    public var occurrence: Int { Int(record.occurrence) }
    /// Function, async function or class.
    public var kind: Kind { record.kind }
    /// Index of the definition around this one; nil at module level.
    public var parent: Int? { record.parent < 0 ? nil : Int(record.parent) }
    /// Line of the first decorator's `@`, else of the keyword.
    public var firstLine: Int { Int(record.firstLine) }
    /// Line of `def`, `class` or the `async` before `def`.
    public var defLine: Int { Int(record.defLine) }
    /// Line of the body's first statement; of its first decorator's expression if it is decorated.
    public var bodyLine: Int { storage.bodyLine(of: index) }
    /// Line of the body's last token; comments do not count.
    public var endLine: Int { Int(record.endLine) }
    /// Stands inside of an `if`, `try`, `for`, `while`, `with` or `match` of its own scope.
    public var isConditional: Bool { record.isConditional }
    /// Bound in the module by a `global` declaration of its scope.
    public var isGlobal: Bool { record.isGlobal }

    /// From the start of the first decorator's line (the keyword's, if there is none) to the end of the body's last
    /// token: the definition's indentation is part of it.
    public var span: Range<Int> { storage.lineStart(of: Int(record.start))..<Int(record.end) }
    /// From `def`, `class` or `async` to the colon that ends the header, included.
    public var signatureSpan: Range<Int> { Int(record.keyword)..<Int(record.colon) + 1 }
    /// From the body's first token to the end of its last one; a docstring is part of it.
    public var bodySpan: Range<Int> { Int(record.bodyStart)..<Int(record.end) }
    /// The decorators in source order, `@` included.
    public var decoratorSpans: [Range<Int>] {
        (0..<Int(record.decoratorCount)).map { offset in
            let decorator = storage.decorators[Int(record.firstDecorator) + offset]
            return Int(decorator.start)..<Int(decorator.end)
        }
    }
    /// The docstring's statement.
    public var docstringSpan: Range<Int>? {
        record.docStart < 0 ? nil : Int(record.docStart)..<Int(record.docEnd)
    }
    /// Lines of the docstring's statement.
    public var docstringLines: ClosedRange<Int>? {
        docstringSpan.map { span in
            storage.line(
                of: span.lowerBound, from: index)...storage.line(of: span.upperBound - 1, from: index)
        }
    }
}

extension OutlineStorage {
    func name(of index: Int) -> String {
        String(decoding: nameBytes(of: index), as: UTF8.self)
    }

    /// The name in NFKC.
    func nameBytes(of index: Int) -> [UInt8] {
        let record = definitions[index]
        let raw = Array(bytes[Int(record.nameStart)..<Int(record.nameEnd)])
        return raw.allSatisfy { $0 < 0x80 } ? raw : IdentifierNormalizer.normalized(raw)
    }

    func qualname(of index: Int) -> String {
        var chain = [index]
        var record = definitions[index]
        while !record.isGlobal, record.parent >= 0 {
            chain.append(Int(record.parent))
            record = definitions[Int(record.parent)]
        }
        var text: [UInt8] = []
        for (step, link) in chain.reversed().enumerated() {
            if step > 0 { text.append(Ascii.dot) }
            text.append(contentsOf: nameBytes(of: link))
            if link != index, definitions[link].kind != .class { text.append(contentsOf: Self.locals) }
        }
        return String(decoding: text, as: UTF8.self)
    }

    private static let locals = Array(".<locals>".utf8)

    func lineStart(of position: Int) -> Int {
        var start = position
        while start > 0, !Ascii.endsLine(bytes[start - 1]) { start -= 1 }
        return start == 0 && bytes.starts(with: SourceText.byteOrderMark) ? 3 : start
    }

    /// Line of an offset at or after the start of definition `index`.
    func line(of position: Int, from index: Int) -> Int {
        let record = definitions[index]
        return Int(record.firstLine) + lineEnds(in: Int(record.start)..<position)
    }

    func lineEnds(in range: Range<Int>) -> Int {
        var count = 0
        for position in range {
            let byte = bytes[position]
            if byte == Ascii.newline {
                count += 1
            } else if byte == Ascii.carriageReturn,
                position + 1 >= bytes.count || bytes[position + 1] != Ascii.newline
            {
                count += 1
            }
        }
        return count
    }

    func bodyLine(of index: Int) -> Int {
        let record = definitions[index]
        let start = Int(record.bodyStart)
        guard bytes[start] == Ascii.at else { return Int(record.bodyLine) }
        let expression = withSource { source in source.decoratorExpression(at: start) }
        return Int(record.bodyLine) + lineEnds(in: start..<expression)
    }
}

extension SourceView {
    /// First token of the expression after the `@` at `position`; the inner one if it stands in parentheses alone.
    func decoratorExpression(at position: Int) -> Int {
        var start = skipBlanks(from: position + 1)
        while self[start] == Ascii.openParen {
            var reader = TokenReader(start..<count, in: self)
            _ = reader.next()
            let inner = reader.next().start
            var last = reader.next()
            while reader.depth > 0, last.kind != .end { last = reader.next() }
            guard reader.next().kind == .newline else { return start }
            start = inner
        }
        return start
    }
}
