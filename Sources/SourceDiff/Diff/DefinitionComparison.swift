/// Compares two definitions of the same qualified name, part by part: bytes first, tokens where bytes differ.
struct DefinitionComparison {
    let old: CanonicalTokens
    let new: CanonicalTokens

    func aspects(_ oldIndex: Int, _ newIndex: Int) -> Aspects {
        let left = old.storage.definitions[oldIndex]
        let right = new.storage.definitions[newIndex]
        var aspects: Aspects = []
        if left.kind != right.kind { aspects.insert(.kind) }
        if !sameDecorators(left, right) { aspects.insert(.decorators) }
        compareHeaders(oldIndex, newIndex, &aspects)
        if !sameDoc(left, right) { aspects.insert(.doc) }
        if left.kind != .class, right.kind != .class { compareBodies(oldIndex, newIndex, &aspects) }
        if aspects.isEmpty, left.kind != .class, !samePositions(left, right) { aspects.insert(.reflowed) }
        return aspects
    }

    private func sameBytes(_ left: Range<Int32>, _ right: Range<Int32>) -> Bool {
        old.source.equals(
            Int(left.lowerBound)..<Int(left.upperBound), new.source, Int(right.lowerBound)..<Int(right.upperBound))
    }

    private func sameTokens(_ left: Range<Int32>, _ right: Range<Int32>) -> Bool {
        if sameBytes(left, right) { return true }
        return old.bytes(of: Int(left.lowerBound)..<Int(left.upperBound))
            == new.bytes(of: Int(right.lowerBound)..<Int(right.upperBound))
    }

    private func sameDecorators(_ left: DefinitionRecord, _ right: DefinitionRecord) -> Bool {
        guard left.decoratorCount == right.decoratorCount else { return false }
        for offset in 0..<left.decoratorCount {
            let a = old.storage.decorators[Int(left.firstDecorator + offset)]
            let b = new.storage.decorators[Int(right.firstDecorator + offset)]
            if !sameTokens(a.start..<a.end, b.start..<b.end) { return false }
        }
        return true
    }

    private func compareHeaders(_ oldIndex: Int, _ newIndex: Int, _ aspects: inout Aspects) {
        let left = old.storage.definitions[oldIndex]
        let right = new.storage.definitions[newIndex]
        if sameBytes(left.nameEnd..<left.colon, right.nameEnd..<right.colon), !aspects.contains(.kind) { return }
        let before = Signature(of: oldIndex, in: old)
        let after = Signature(of: newIndex, in: new)
        if before.typeParameters != after.typeParameters { aspects.insert(.typeParameters) }
        if before.parameters != after.parameters { aspects.insert(.parameters) }
        if before.defaults != after.defaults { aspects.insert(.defaults) }
        if before.annotations != after.annotations { aspects.insert(.annotations) }
        if before.bases != after.bases { aspects.insert(.bases) }
        if before.keywords != after.keywords { aspects.insert(.keywords) }
    }

    private func sameDoc(_ left: DefinitionRecord, _ right: DefinitionRecord) -> Bool {
        guard left.docStart >= 0, right.docStart >= 0 else { return left.docStart < 0 && right.docStart < 0 }
        return sameTokens(left.docStart..<left.docEnd, right.docStart..<right.docEnd)
    }

    private func compareBodies(_ oldIndex: Int, _ newIndex: Int, _ aspects: inout Aspects) {
        let left = old.storage.codeSpan(of: oldIndex, in: old.source)
        let right = new.storage.codeSpan(of: newIndex, in: new.source)
        if old.source.equals(left, new.source, right) { return }
        if old.bytes(of: left) == new.bytes(of: right) { return }
        aspects.insert(.body)
        let oldHoles = old.storage.children(of: oldIndex)
        let newHoles = new.storage.children(of: newIndex)
        if oldHoles.isEmpty || newHoles.isEmpty { return }
        if old.bytes(of: left, holes: oldHoles) == new.bytes(of: right, holes: newHoles) { aspects.insert(.nested) }
    }

    /// True if every token has the same line relative to the definition's first one, and the same column.
    private func samePositions(_ left: DefinitionRecord, _ right: DefinitionRecord) -> Bool {
        var leftMarks = PositionReader(from: Int(left.start), to: Int(left.end), in: old.source)
        var rightMarks = PositionReader(from: Int(right.start), to: Int(right.end), in: new.source)
        while true {
            let a = leftMarks.next()
            let b = rightMarks.next()
            if a != b { return false }
            if a == nil { return true }
        }
    }
}

/// Positions of tokens relative to the first line of a span.
struct PositionReader {
    struct Position: Equatable {
        var line: Int
        var column: Int
        var length: Int
    }

    private let source: SourceView
    private var reader: TokenReader
    private var line = 0
    private var lineStart: Int
    private var at: Int

    init(from start: Int, to end: Int, in source: SourceView) {
        self.source = source
        reader = TokenReader(start..<end, in: source)
        at = start
        lineStart = start
        while lineStart > 0, !Ascii.endsLine(source[lineStart - 1]) { lineStart -= 1 }
    }

    mutating func next() -> Position? {
        var token = reader.next()
        while token.kind != .end, token.kind != .name, token.kind != .number, token.kind != .string, token.kind != .symbol {
            token = reader.next()
        }
        guard token.kind != .end else { return nil }
        while at < token.start {
            let byte = source[at]
            at += 1
            if byte == Ascii.newline || (byte == Ascii.carriageReturn && source[at] != Ascii.newline) {
                line += 1
                lineStart = at
            }
        }
        return Position(line: line, column: token.start - lineStart, length: token.end - token.start)
    }
}

extension OutlineStorage {
    /// The body of a function without its docstring.
    func codeSpan(of index: Int, in source: SourceView) -> Range<Int> {
        let record = definitions[index]
        guard record.docStart >= 0 else { return Int(record.bodyStart)..<Int(record.end) }
        var reader = TokenReader(Int(record.docEnd)..<Int(record.end), in: source)
        var token = reader.next()
        while token.kind == .newline || (token.kind == .symbol && source[token.start] == Ascii.semicolon) {
            token = reader.next()
        }
        return token.kind == .end ? Int(record.end)..<Int(record.end) : token.start..<Int(record.end)
    }

    /// The definitions whose parent is `index`, ascending.
    func children(of index: Int) -> [Int] {
        var children: [Int] = []
        var next = index + 1
        while next < definitions.count, definitions[next].start < definitions[index].end {
            if definitions[next].parent == Int32(index) { children.append(next) }
            next += 1
        }
        return children
    }
}
