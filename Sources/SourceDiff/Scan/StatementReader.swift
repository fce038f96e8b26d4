/// Reads from a statement's tokens what the scan did not need: its kind and the names that it binds.
struct StatementReader {
    /// What the statements are read from.
    let storage: OutlineStorage
    /// Its bytes.
    let source: SourceView

    /// What kind of statement it is.
    func kind(of index: Int) -> Statement.Kind {
        let record = storage.statements[index]
        switch record.keyword {
        case .ifClause, .elifClause, .elseClause: return .if
        case .forLoop: return .for
        case .whileLoop: return .while
        case .tryClause, .exceptClause, .finallyClause: return .try
        case .withBlock: return .with
        case .globalDeclaration: return .global
        case .matchSoft where record.colon >= 0: return .match
        case .none, .def, .asyncDef, .classDef, .decorator, .matchSoft, .caseSoft:
            return simpleKind(Int(record.start)..<Int(record.end))
        }
    }

    /// `type` and `lazy` are names unless two words follow each other, so they are tried after the hard
    /// keywords.
    private func simpleKind(_ span: Range<Int>) -> Statement.Kind {
        var reader = TokenReader(span, in: source)
        let first = reader.next()
        if first.kind == .name, let kind = keywordKind(first.range) { return kind }
        if first.kind == .name {
            let second = reader.next()
            let third = reader.next()
            if second.kind == .name {
                if source.spells("lazy", first.range) {
                    if source.spells("import", second.range) { return .import }
                    if source.spells("from", second.range) { return .fromImport }
                }
                if source.spells("type", first.range),
                    source[third.start] == Ascii.equals || source[third.start] == Ascii.openSquare
                {
                    return .typeAlias
                }
            }
        }
        return assignmentKind(span)
    }

    /// nil for a word that says nothing of the kind, such as a name.
    private func keywordKind(_ range: Range<Int>) -> Statement.Kind? {
        if source.spells("import", range) { return .import }
        if source.spells("from", range) { return .fromImport }
        if source.spells("pass", range) { return .pass }
        if source.spells("del", range) { return .delete }
        if source.spells("raise", range) { return .raise }
        if source.spells("assert", range) { return .assert }
        if source.spells("global", range) || source.spells("nonlocal", range) { return .global }
        for word: StaticString in ["return", "break", "continue"] where source.spells(word, range) {
            return .other
        }
        return nil
    }

    /// By the first `=`, `:` or augmented sign outside of brackets and lambdas.
    private func assignmentKind(_ span: Range<Int>) -> Statement.Kind {
        switch Assignment(span, in: source).form {
        case .none: .expression
        case .plain: .assign
        case .annotated: .annotatedAssign
        case .augmented: .augmentedAssign
        }
    }

    /// The names that it binds, in the order of the source.
    func names(of index: Int) -> [String] {
        let record = storage.statements[index]
        guard record.colon >= 0 else { return simpleNames(index) }
        var found: [(position: Int, names: [String])] = []
        collect(index, into: &found)
        return found.sorted { $0.position < $1.position }.flatMap(\.names)
    }

    /// What the blocks of a compound statement bind. Records of one statement lie together: the walk ends
    /// where it ends.
    private func collect(_ index: Int, into found: inout [(position: Int, names: [String])]) {
        let record = storage.statements[index]
        found.append(
            (Int(record.start), headerNames(Int(record.start)..<Int(record.colon), record.keyword)))
        var compounds: Set<Int32> = [Int32(index)]
        var next = index + 1
        for inner in storage.statements.records(from: next) {
            guard inner.start < record.end else { break }
            if compounds.contains(inner.container) {
                if inner.colon >= 0 {
                    compounds.insert(Int32(next))
                    found.append(
                        (Int(inner.start), headerNames(Int(inner.start)..<Int(inner.colon), inner.keyword)))
                } else {
                    found.append((Int(inner.start), simpleNames(next)))
                }
            }
            next += 1
        }
        for clause in storage.clauses[storage.firstClause(from: record.start)...] {
            guard clause.start < record.end else { break }
            if compounds.contains(clause.container) {
                found.append(
                    (Int(clause.start), headerNames(Int(clause.start)..<Int(clause.colon), clause.keyword)))
            }
        }
        for definition in storage.definitionIndices(in: Int(record.start)..<Int(record.end))
        where storage.definitions[definition].container >= 0
            && compounds.contains(storage.definitions[definition].container)
        {
            found.append((Int(storage.definitions[definition].start), [storage.name(of: definition)]))
        }
    }

    /// Names that a header or a clause binds; capture patterns of `case` are not among them.
    private func headerNames(_ header: Range<Int>, _ keyword: Keyword) -> [String] {
        switch keyword {
        case .forLoop: TargetReader(source).loopTargets(header)
        case .withBlock: TargetReader(source).withTargets(header)
        case .exceptClause: TargetReader(source).exceptTarget(header)
        case .none, .def, .asyncDef, .classDef, .decorator, .globalDeclaration, .ifClause, .elifClause,
            .elseClause,
            .whileLoop, .tryClause, .finallyClause, .matchSoft, .caseSoft:
            []
        }
    }

    /// Empty for a statement that binds nothing; `del`, which unbinds, is one of those.
    private func simpleNames(_ index: Int) -> [String] {
        let record = storage.statements[index]
        let span = Int(record.start)..<Int(record.end)
        switch kind(of: index) {
        case .import: return TargetReader(source).importNames(span)
        case .fromImport: return TargetReader(source).fromImportNames(span)
        case .assign, .annotatedAssign, .augmentedAssign:
            return Assignment(span, in: source).targets.flatMap { TargetReader(source).names(in: $0) }
        case .typeAlias:
            var reader = TokenReader(span, in: source)
            _ = reader.next()
            return [source.identifier(reader.next().range)]
        case .expression, .if, .try, .for, .while, .with, .match, .delete, .raise, .assert, .global,
            .pass,
            .other:
            return []
        }
    }
}

extension OutlineStorage {
    /// Index of the first clause that starts at or after `position`.
    func firstClause(from position: Int32) -> Int {
        clauses.partitioningIndex { $0.start >= position }
    }

    /// The definitions that start in `range`.
    func definitionIndices(in range: Range<Int>) -> Range<Int> {
        let first = definitions.firstIndex(from: range.lowerBound)
        let last = definitions.firstIndex(from: range.upperBound)
        return first..<max(first, last)
    }
}

extension RandomAccessCollection where Index == Int {
    /// First index whose element satisfies `predicate`, which must be false for a prefix and true for the rest.
    func partitioningIndex(where predicate: (Element) -> Bool) -> Int {
        var low = startIndex
        var high = endIndex
        while low < high {
            let middle = low + (high - low) / 2
            if predicate(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}

extension SourceView {
    /// The name in `range`, in NFKC.
    func identifier(_ range: Range<Int>) -> String {
        let bytes = array(range)
        return String(
            decoding: isAscii(range) ? bytes : IdentifierNormalizer.normalized(bytes), as: UTF8.self)
    }
}
