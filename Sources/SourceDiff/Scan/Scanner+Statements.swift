extension Scanner {
    /// Files a finished logical line under its scope. `line` ends with its last token.
    mutating func fileLine(_ line: Range<Int>, _ keyword: Keyword) throws(ScanFault) {
        if keyword == .decorator {
            awaitedBody(at: line.lowerBound)
            try noSemicolons()
            if decorators.count == decorators.capacity {
                decorators.grow(read: line.lowerBound, of: source.count)
            }
            decorators.append(Int32(line.lowerBound))
            pendingDecorators += 1
            return
        }
        if keyword.isDefinition {
            let start =
                pendingDecorators > 0
                ? Int(decorators[decorators.count - pendingDecorators]) : line.lowerBound
            awaitedBody(at: start)
            note(compound: -1)
            try fileDefinition(line, start: start, keyword)
            return
        }
        if pendingDecorators > 0 {
            throw ScanFault(kind: .decoratorWithoutDefinition, position: line.lowerBound)
        }
        if keyword.isCompound, try fileCompound(line, keyword) { return }
        note(compound: -1)
        try fileSimple(line, container: blocks[blocks.count - 1].container)
    }

    /// Throws where a `;` stands in the line of a decorator.
    private func noSemicolons() throws(ScanFault) {
        if let first = semicolons.first {
            throw ScanFault(kind: .compoundStatementOnLine, position: first)
        }
    }

    /// Marks `start` as the first token of the innermost scope's body if that has none yet.
    private mutating func awaitedBody(at start: Int) {
        if takesBody() { note(body: start) }
    }

    /// The simple statements of `line`, cut at `semicolons`.
    mutating func fileSimple(_ line: Range<Int>, container: Int32) throws(ScanFault) {
        var start = line.lowerBound
        var position = semicolons.first(from: line.lowerBound)
        while let semicolon = position {
            let end = source.trimBack(semicolon, notBefore: start)
            guard end > start else { throw ScanFault(kind: .invalidCharacter, position: semicolon) }
            try fileStatement(start..<end, container: container)
            start = source.skipBlanks(from: semicolon + 1)
            position = semicolons.first(from: semicolon + 1)
        }
        if start < line.upperBound { try fileStatement(start..<line.upperBound, container: container) }
    }

    /// One simple statement. Inside a function only a docstring and `global` leave a trace.
    private mutating func fileStatement(_ span: Range<Int>, container: Int32) throws(ScanFault) {
        let keyword = source.keyword(at: span.lowerBound)
        let isSoft = keyword == .matchSoft || keyword == .caseSoft
        if keyword.isDefinition || keyword == .decorator || (keyword.isCompound && !isSoft) {
            throw ScanFault(kind: .compoundStatementOnLine, position: span.lowerBound)
        }
        if awaitsBody {
            awaitedBody(at: span.lowerBound)
            if fileDocstring(span) { return }
        }
        let scope = scopes[scopes.count - 1].definition
        if keyword == .globalDeclaration, scope >= 0 { declareGlobals(span) }
        if inFunction { return }
        statements.append(
            StatementRecord(
                start: Int32(span.lowerBound), end: Int32(span.upperBound), scope: scope,
                container: container,
                colon: -1, keyword: keyword), size: source.count)
    }

    /// True if the first statement of a body is a docstring.
    private mutating func fileDocstring(_ span: Range<Int>) -> Bool {
        let isKnown =
            leadingString.upperBound == span.upperBound && leadingString.lowerBound == span.lowerBound
        guard
            isKnown
                || (source.mayStartString(at: span.lowerBound) && TokenReader.isDocstring(span, in: source))
        else { return false }
        if scopes[scopes.count - 1].definition >= 0 {
            noteDocstring()
        } else {
            moduleDoc = Int32(span.lowerBound)..<Int32(span.upperBound)
        }
        return true
    }

    /// Notes the names behind `global`, for definitions of the same scope that follow.
    private mutating func declareGlobals(_ span: Range<Int>) {
        var at = source.skipBlanks(from: span.lowerBound + 6)
        while at < span.upperBound, Ascii.startsName(source[at]) {
            let end = source.nameEnd(from: at)
            declare(global: at..<end)
            at = source.skipBlanks(from: end)
            guard source[at] == Ascii.comma else { break }
            at = source.skipBlanks(from: at + 1)
        }
    }

    /// A compound statement or clause; false if a soft keyword is an ordinary name here.
    private mutating func fileCompound(_ line: Range<Int>, _ keyword: Keyword) throws(ScanFault)
        -> Bool
    {
        let opensBlock = source[line.upperBound - 1] == Ascii.colon && semicolons.isEmpty
        var colon = line.upperBound - 1
        if !opensBlock {
            if keyword == .matchSoft { return false }
            guard let found = TokenReader.headerColon(line, in: source), isClauseOrHard(keyword, line)
            else {
                if keyword == .caseSoft { return false }
                throw ScanFault(kind: .expectedColon, position: line.upperBound)
            }
            colon = found
        }
        awaitedBody(at: line.lowerBound)
        let container = fileHeader(line, colon: colon, keyword)
        if opensBlock {
            open(isScopeBody: false, container: container)
        } else {
            let body = source.skipBlanks(from: colon + 1)
            guard body < line.upperBound else {
                throw ScanFault(kind: .expectedBlock, position: line.upperBound)
            }
            try fileSimple(body..<line.upperBound, container: container)
            if container >= 0 { statements.extend(container, to: line.upperBound) }
        }
        return true
    }

    /// `case x: pass` is a clause only inside of a `match` block.
    private func isClauseOrHard(_ keyword: Keyword, _ line: Range<Int>) -> Bool {
        guard keyword == .caseSoft else { return true }
        let container = Int(blocks[blocks.count - 1].container)
        if inFunction { return source[source.skipBlanks(from: line.lowerBound + 4)] != Ascii.colon }
        return container >= 0 && statements[container].keyword == .matchSoft
    }

    /// Records a compound statement's header and gives the statement that its block belongs to.
    private mutating func fileHeader(_ line: Range<Int>, colon: Int, _ keyword: Keyword) -> Int32 {
        let top = blocks.count - 1
        guard !inFunction else { return -1 }
        if keyword.isClause || keyword == .caseSoft {
            let owner = keyword == .caseSoft ? blocks[top].container : blocks[top].lastCompound
            if owner >= 0 {
                clauses.append(
                    ClauseRecord(
                        start: Int32(line.lowerBound), colon: Int32(colon), container: owner, keyword: keyword
                    ))
                return owner
            }
        }
        let index = statements.append(
            StatementRecord(
                start: Int32(line.lowerBound), end: Int32(line.upperBound),
                scope: scopes[scopes.count - 1].definition, container: blocks[top].container,
                colon: Int32(colon), keyword: keyword), size: source.count)
        note(compound: Int32(index))
        return Int32(index)
    }

    /// Opens the definition's scope; closes it again if the body stands on the header's line.
    private mutating func fileDefinition(_ line: Range<Int>, start: Int, _ keyword: Keyword)
        throws(ScanFault)
    {
        let opensBlock = source[line.upperBound - 1] == Ascii.colon && semicolons.isEmpty
        let name = try definitionName(line, keyword)
        guard let colon = opensBlock ? line.upperBound - 1 : TokenReader.headerColon(line, in: source)
        else {
            throw ScanFault(kind: .expectedColon, position: line.upperBound)
        }
        let parent = scopes[scopes.count - 1].definition
        let isGlobal = declaresGlobals && isGlobal(name)
        var record = DefinitionRecord(
            start: Int32(start), keyword: Int32(line.lowerBound), nameStart: Int32(name.lowerBound),
            nameEnd: Int32(name.upperBound), parent: parent,
            container: blocks[blocks.count - 1].container,
            firstDecorator: Int32(decorators.count - pendingDecorators),
            decoratorCount: Int32(pendingDecorators),
            kind: keyword == .def ? .function : keyword == .asyncDef ? .asyncFunction : .class,
            isConditional: !blocks[blocks.count - 1].isScopeBody, isGlobal: isGlobal)
        record.colon = Int32(colon)
        let index = definitions.open(at: start, size: source.count)
        pendingDecorators = 0
        enter(definition: index, record, isFunction: keyword != .classDef)
        if opensBlock {
            open(isScopeBody: true, container: -1)
            return
        }
        let body = source.skipBlanks(from: colon + 1)
        guard body < line.upperBound else {
            throw ScanFault(kind: .expectedBlock, position: line.upperBound)
        }
        try fileSimple(body..<line.upperBound, container: -1)
        closeScope(at: line.upperBound)
    }

    /// Throws `expectedName` unless a name that is no keyword stands there, with `(`, `[` or, of a class, `:`
    /// behind it.
    private func definitionName(_ line: Range<Int>, _ keyword: Keyword) throws(ScanFault) -> Range<
        Int
    > {
        var at = line.lowerBound
        if keyword == .asyncDef { at = source.skipBlanks(from: at + 5) }
        at = source.skipBlanks(from: at + (keyword == .classDef ? 5 : 3))
        guard Ascii.startsName(source[at]) else { throw ScanFault(kind: .expectedName, position: at) }
        let end = source.nameEnd(from: at)
        let after = source[source.skipBlanks(from: end)]
        let isHeader =
            after == Ascii.openParen || after == Ascii.openSquare
            || (keyword == .classDef && after == Ascii.colon)
        guard isHeader, !ReservedWords.contains(at..<end, in: source) else {
            throw ScanFault(kind: .expectedName, position: at)
        }
        return at..<end
    }

    /// True if a `global` declaration of the innermost scope names `name`, private names mangled as in the
    /// innermost class.
    private func isGlobal(_ name: Range<Int>) -> Bool {
        let text = mangled(name)
        for declared in globals[scopes[scopes.count - 1].firstGlobal...] where mangled(declared) == text {
            return true
        }
        return false
    }

    /// In NFKC. A name with two leading underscores and none at its end gets the innermost class's name
    /// (CPython's `_Py_Mangle`).
    private func mangled(_ name: Range<Int>) -> [UInt8] {
        let text = IdentifierNormalizer.normalized(source.array(name))
        guard text.starts(with: [0x5F, 0x5F]), !(text.suffix(2) == [0x5F, 0x5F]) else { return text }
        guard let record = scopes.last(where: { $0.definition >= 0 && !$0.isFunction })?.record else {
            return text
        }
        let className = IdentifierNormalizer.normalized(
            source.array(Int(record.nameStart)..<Int(record.nameEnd))
        ).drop { $0 == 0x5F }
        return className.isEmpty ? text : [0x5F] + className + text
    }
}
