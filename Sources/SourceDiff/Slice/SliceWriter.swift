/// Writes slices of one text.
struct SliceWriter {
    /// What the definition is read from.
    let storage: OutlineStorage
    /// Its bytes.
    let source: SourceView

    /// Text that compiles to the code object of one definition, with what gives it its context.
    func slice(of index: Int) -> Slice {
        var root = index
        var classes: [Int] = []
        var parent = Int(storage.definitions[index].parent)
        var needsWholeFile = storage.definitions[index].isGlobal
        while parent >= 0 {
            if storage.definitions[parent].kind == .class {
                classes.append(parent)
            } else {
                root = parent
                classes.removeAll()
            }
            needsWholeFile = needsWholeFile || storage.definitions[parent].isGlobal
            parent = Int(storage.definitions[parent].parent)
        }
        let text = needsWholeFile ? nil : write(root, classes: classes.reversed())
        return Slice(
            source: text ?? storage.bytes, isWholeFile: text == nil, definition: root,
            futureFlags: storage.futureFlags.effective)
    }

    /// Blank lines, the headers of the classes around the definition on the lines before it, its own lines, and a line
    /// that imports what the module imports.
    private func write(_ root: Int, classes: [Int]) -> [UInt8]? {
        let record = storage.definitions[root]
        let lineStart = storage.lineStart(of: Int(record.start))
        var headers = classes.map(header)
        if let outermost = headers.first {
            // Stands in the file's first column even if its class is conditional.
            headers[0] = Array(outermost.drop(while: Ascii.isBlank))
        }
        if classes.isEmpty, lineStart < Int(record.start),
            source[Int(record.start) - 1] != Ascii.formFeed
        {
            // A module-level definition in a block: any header gives its lines the right to be indented.
            headers = [Array("if 1:".utf8)]
        }
        let blankLines = storage.lines.line(of: Int(record.start)) - 1 - headers.count
        guard blankLines >= 0 else { return nil }
        var text = [UInt8](repeating: Ascii.newline, count: blankLines)
        for header in headers {
            text += header
            text.append(Ascii.newline)
        }
        text += source.array(lineStart..<Int(record.end))
        text.append(Ascii.newline)
        appendImports(to: &text)
        switch superUse(besides: Int(record.start)..<Int(record.end)) {
        case .none: break
        case .plain: text += Array("super\n".utf8)
        case .unclear: return nil
        }
        return text
    }

    /// `class NAME[T]:` in the original indentation. Bases and bounds have no part in the code of what stands inside.
    private func header(_ index: Int) -> [UInt8] {
        let record = storage.definitions[index]
        let keyword = Int(record.keyword)
        var text = source.array(storage.lineStart(of: keyword)..<keyword)
        text += Array("class ".utf8) + source.array(Int(record.nameStart)..<Int(record.nameEnd))
        text += typeParameters(record)
        text.append(Ascii.colon)
        return text
    }

    /// `[T, *Ts, **P]` without bounds and defaults; empty where the header has none.
    private func typeParameters(_ record: DefinitionRecord) -> [UInt8] {
        var reader = TokenReader(Int(record.nameEnd)..<Int(record.colon), in: source)
        guard source[reader.next().start] == Ascii.openSquare else { return [] }
        var text: [UInt8] = [Ascii.openSquare]
        var isName = true
        while reader.depth > 0 {
            let token = reader.next()
            if token.kind == .end { break }
            if reader.depth == 1, token.kind == .symbol, source[token.start] == Ascii.comma {
                text.append(Ascii.comma)
                isName = true
            } else if isName, reader.depth == 1 {
                text += source.array(token.range)
                isName = token.kind == .symbol
            }
        }
        text.append(Ascii.closeSquare)
        return text
    }

    /// From 3.11 to 3.13 the compiler loads the attributes of a module-level import in another way, so it must know
    /// which names those are.
    private func appendImports(to text: inout [UInt8]) {
        var names: [String] = []
        var seen: Set<String> = []
        let reader = StatementReader(storage: storage, source: source)
        for (index, record) in storage.statements.enumerated() where record.scope < 0 {
            guard source.startsImport(at: Int(record.start)) else { continue }
            for name in reader.names(of: index) where name != "*" && seen.insert(name).inserted {
                names.append(name)
            }
        }
        guard !names.isEmpty else { return }
        text += Array("import \(names.joined(separator: ", "))\n".utf8)
    }
}

/// How a module's own scope uses the name `super`. From 3.12 on the compiler calls it in a faster way unless it does.
private enum SuperUse {
    /// The name does not occur there as the module's own.
    case none
    /// The module reads or binds it, so the slice has to mention it.
    case plain
    /// Near a `lambda` or comprehension, whose scope is another one.
    case unclear
}

extension SliceWriter {
    /// Looks at the text outside of all bodies, if the definition in `span` mentions the name at all.
    private func superUse(besides span: Range<Int>) -> SuperUse {
        guard source.mentions("super", in: span) else { return .none }
        var start = 0
        var use = SuperUse.none
        for record in storage.definitions where record.parent < 0 {
            use = use.joined(superUse(in: start..<Int(record.bodyStart)))
            start = Int(record.end)
        }
        return use.joined(superUse(in: start..<source.count))
    }

    /// `super` behind a dot is an attribute, and before `=` in a call a keyword: both say nothing about the
    /// module's name.
    private func superUse(in span: Range<Int>) -> SuperUse {
        guard source.mentions("super", in: span) else { return .none }
        var reader = TokenReader(span, in: source)
        var isUsed = false
        var isUnclear = false
        var previous = Token(kind: .newline, start: 0, end: 0)
        var token = reader.next()
        while token.kind != .end {
            let depth = reader.depth
            let next = reader.next()
            if token.kind == .name, source.spells("super", token.range),
                !source.spells(".", previous.range)
            {
                let isKeyword = depth > 0 && source.spells("=", next.range)
                isUsed = isUsed || !isKeyword
                // May be a parameter of a definition that starts here.
                isUnclear = isUnclear || (depth > 0 && !isKeyword)
            } else if token.kind == .name {
                let isScope =
                    source.spells("lambda", token.range) || (depth > 0 && source.spells("for", token.range))
                isUnclear = isUnclear || isScope
            }
            previous = token
            token = next
        }
        return isUsed ? (isUnclear ? .unclear : .plain) : .none
    }
}

extension SuperUse {
    /// The stronger of two answers: one unclear part makes the whole unclear.
    fileprivate func joined(_ other: SuperUse) -> SuperUse {
        if self == .unclear || other == .unclear { return .unclear }
        return self == .plain || other == .plain ? .plain : .none
    }
}
