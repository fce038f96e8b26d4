/// The definitions of an outline, in source order. Elements are made on access; access is O(1).
public struct Definitions: RandomAccessCollection, Sendable {
    /// What the definitions are read from.
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
        /// `def`, generators included.
        case function
        /// `async def`, asynchronous generators included.
        case asyncFunction
        /// `class`, with or without a metaclass.
        case `class`
    }

    /// What the definition is read from.
    let storage: OutlineStorage
    /// Index in the outline's `definitions`.
    public let index: Int

    /// Put together from the packed tables at each access, so it is read once where several fields are
    /// needed.
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
    public var firstLine: Int { storage.lines.line(of: Int(record.start)) }
    /// Line of `def`, `class` or the `async` before `def`.
    public var defLine: Int { storage.lines.line(of: Int(record.keyword)) }
    /// Line of the body's first statement; of its first decorator's expression if it is decorated.
    public var bodyLine: Int { storage.bodyLine(of: index) }
    /// Line of the body's last token; comments do not count.
    public var endLine: Int { storage.lines.line(of: Int(record.end) - 1) }
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
        let record = record
        return storage.withSource { source in storage.decoratorSpans(of: record, in: source) }
    }
    /// The docstring's statement.
    public var docstringSpan: Range<Int>? {
        storage.withSource { source in storage.docSpan(of: record, in: source) }
    }
    /// Lines of the docstring's statement.
    public var docstringLines: ClosedRange<Int>? {
        docstringSpan.map { span in
            storage.lines.line(of: span.lowerBound)...storage.lines.line(of: span.upperBound - 1)
        }
    }
}

extension OutlineStorage {
    /// The name behind `def` or `class`, as it is written.
    func name(of index: Int) -> String {
        String(decoding: nameBytes(of: index), as: UTF8.self)
    }

    /// The name in NFKC.
    func nameBytes(of index: Int) -> [UInt8] {
        let record = definitions[index]
        let raw = Array(bytes[Int(record.nameStart)..<Int(record.nameEnd)])
        return raw.allSatisfy { $0 < 0x80 } ? raw : IdentifierNormalizer.normalized(raw)
    }

    /// The name with those of all definitions around it, as `__qualname__`.
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

    /// Stands behind the name of a function around (CPython's `compiler_set_qualname`).
    private static let locals = Array(".<locals>".utf8)

    /// Where the line of `position` begins.
    func lineStart(of position: Int) -> Int {
        var start = position
        while start > 0, !Ascii.endsLine(bytes[start - 1]) { start -= 1 }
        return start == 0 && bytes.starts(with: SourceText.byteOrderMark) ? 3 : start
    }

    /// The line of the first statement of the body, 1-based.
    func bodyLine(of index: Int) -> Int {
        let start = Int(definitions[index].bodyStart)
        guard bytes[start] == Ascii.at else { return lines.line(of: start) }
        return lines.line(of: withSource { source in source.decoratorExpression(at: start) })
    }

    /// From the `@` to the last token, decorator by decorator.
    func decoratorSpans(of record: DefinitionRecord, in source: SourceView) -> [Range<Int>] {
        (0..<Int(record.decoratorCount)).map { offset in
            let start = Int(decorators[Int(record.firstDecorator) + offset])
            return start..<source.statementEnd(from: start, limit: Int(record.keyword))
        }
    }

    /// The statement of a definition's docstring.
    func docSpan(of record: DefinitionRecord, in source: SourceView) -> Range<Int>? {
        guard record.hasDocstring else { return nil }
        let start = Int(record.bodyStart)
        return start..<source.statementEnd(from: start, limit: Int(record.end))
    }
}

extension SourceView {
    /// After the last token of the simple statement that starts at `start`.
    func statementEnd(from start: Int, limit: Int) -> Int {
        var reader = TokenReader(start..<limit, in: self)
        var end = start
        while true {
            let token = reader.next()
            if token.kind == .end || token.kind == .newline { return end }
            if reader.depth == 0, token.kind == .symbol, self[token.start] == Ascii.semicolon {
                return end
            }
            end = token.end
        }
    }

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
