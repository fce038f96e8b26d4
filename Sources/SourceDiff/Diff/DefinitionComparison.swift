/// Compares two definitions of the same qualified name, part by part: bytes first, tokens where bytes differ.
struct DefinitionComparison {
    /// The source before the edit.
    let old: CanonicalTokens
    /// The source after it.
    let new: CanonicalTokens

    /// What differs between two definitions; empty if nothing does.
    func aspects(_ oldIndex: Int, _ newIndex: Int) -> Aspects {
        let left = old.storage.definitions[oldIndex]
        let right = new.storage.definitions[newIndex]
        var aspects: Aspects = []
        compareDecorators(left, right, &aspects)
        compareDocs(left, right, &aspects)
        if (left.kind == .class) == (right.kind == .class) {
            compareHeaders(oldIndex, newIndex, &aspects)
            if left.kind != .class { compareBodies(oldIndex, newIndex, &aspects) }
        }
        if left.kind != right.kind { aspects.insert(.kind) }
        if !aspects.isDisjoint(with: .semantic) { aspects.remove(.format) }
        if aspects.isDisjoint(with: .semantic), left.kind != .class, !samePositions(left, right) {
            aspects.insert(.reflowed)
        }
        return aspects
    }

    /// How much two spans differ.
    private enum Likeness {
        /// Equal tokens: at most comments and layout differ.
        case same
        /// Other tokens that the parser reads alike.
        case sameMeaning
        /// Not proved equal. A change that means nothing after all costs a needless upgrade; the reverse
        /// would lose one.
        case different
    }

    /// Goes from the cheap test to the dear one: bytes, then tokens, then meaning.
    private func likeness(_ left: Range<Int>, _ right: Range<Int>) -> Likeness {
        if old.source.equals(left, new.source, right) { return .same }
        if old.bytes(of: left) == new.bytes(of: right) { return .same }
        return old.bytes(of: left, level: .meaning) == new.bytes(of: right, level: .meaning)
            ? .sameMeaning : .different
    }

    /// Sets `aspect` for a real difference, `format` for one without a meaning.
    private func note(_ likeness: Likeness, _ aspect: Aspects, _ aspects: inout Aspects) {
        switch likeness {
        case .same: break
        case .sameMeaning: aspects.insert(.format)
        case .different: aspects.insert(aspect)
        }
    }

    /// Decorators are paired by place; another number of them needs no closer look.
    private func compareDecorators(
        _ left: DefinitionRecord, _ right: DefinitionRecord, _ aspects: inout Aspects
    ) {
        guard left.decoratorCount == right.decoratorCount else {
            aspects.insert(.decorators)
            return
        }
        let before = old.storage.decoratorSpans(of: left, in: old.source)
        let after = new.storage.decoratorSpans(of: right, in: new.source)
        for (a, b) in zip(before, after) { note(likeness(a, b), .decorators, &aspects) }
    }

    /// From behind the name to the colon. Sets `format` where no part differs in meaning.
    private func compareHeaders(_ oldIndex: Int, _ newIndex: Int, _ aspects: inout Aspects) {
        let left = old.storage.definitions[oldIndex]
        let right = new.storage.definitions[newIndex]
        let before = Int(left.nameEnd)..<Int(left.colon)
        let after = Int(right.nameEnd)..<Int(right.colon)
        if old.source.equals(before, new.source, after) { return }
        let changed = headerAspects(oldIndex, newIndex, .exact)
        if changed.isEmpty {
            if old.bytes(of: before) != new.bytes(of: after) { aspects.insert(.format) }
            return
        }
        let meant = headerAspects(oldIndex, newIndex, .meaning)
        aspects.formUnion(meant.isEmpty ? .format : meant)
    }

    /// The parts of the header that differ at `level`; a change of kind between class and function must be
    /// excluded before.
    private func headerAspects(_ oldIndex: Int, _ newIndex: Int, _ level: CanonicalTokens.Level)
        -> Aspects
    {
        let before = Signature(of: oldIndex, in: old, level: level)
        let after = Signature(of: newIndex, in: new, level: level)
        var aspects: Aspects = []
        if before.typeParameters != after.typeParameters { aspects.insert(.typeParameters) }
        if before.parameters != after.parameters { aspects.insert(.parameters) }
        if before.defaults != after.defaults { aspects.insert(.defaults) }
        if before.annotations != after.annotations { aspects.insert(.annotations) }
        if before.bases != after.bases { aspects.insert(.bases) }
        if before.keywords != after.keywords { aspects.insert(.keywords) }
        return aspects
    }

    /// A docstring that only one side has is a difference, an empty one included.
    private func compareDocs(
        _ left: DefinitionRecord, _ right: DefinitionRecord, _ aspects: inout Aspects
    ) {
        let before = old.storage.docSpan(of: left, in: old.source)
        let after = new.storage.docSpan(of: right, in: new.source)
        guard let before, let after else {
            if (before == nil) != (after == nil) { aspects.insert(.doc) }
            return
        }
        // Parentheses around a docstring are no part of it.
        note(
            likeness(old.span(withoutParentheses: before), new.span(withoutParentheses: after)), .doc,
            &aspects)
    }

    /// For functions only. Adds `nested` to `body` where the bodies are equal but for what their inner
    /// definitions hold.
    private func compareBodies(_ oldIndex: Int, _ newIndex: Int, _ aspects: inout Aspects) {
        let left = old.storage.codeSpan(of: oldIndex, in: old.source)
        let right = new.storage.codeSpan(of: newIndex, in: new.source)
        let likeness = likeness(left, right)
        note(likeness, .body, &aspects)
        guard likeness == .different else { return }
        let oldHoles = old.storage.children(of: oldIndex)
        let newHoles = new.storage.children(of: newIndex)
        if oldHoles.isEmpty || newHoles.isEmpty { return }
        let before = old.bytes(of: left, holes: oldHoles, level: .meaning)
        if before == new.bytes(of: right, holes: newHoles, level: .meaning) { aspects.insert(.nested) }
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

extension OutlineStorage {
    /// The body of a function without its docstring.
    func codeSpan(of index: Int, in source: SourceView) -> Range<Int> {
        let record = definitions[index]
        guard let doc = docSpan(of: record, in: source) else {
            return Int(record.bodyStart)..<Int(record.end)
        }
        var reader = TokenReader(doc.upperBound..<Int(record.end), in: source)
        var token = reader.next()
        while token.kind == .newline
            || (token.kind == .symbol && source[token.start] == Ascii.semicolon)
        {
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

extension CanonicalTokens {
    /// From the first string literal of `span` to its last one; `span` itself where it has none.
    func span(withoutParentheses span: Range<Int>) -> Range<Int> {
        var reader = TokenReader(span, in: source)
        var strings: Range<Int>?
        var token = reader.next()
        while token.kind != .end {
            if token.kind == .string { strings = (strings?.lowerBound ?? token.start)..<token.end }
            token = reader.next()
        }
        return strings ?? span
    }
}
