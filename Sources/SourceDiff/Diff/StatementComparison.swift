/// Compares the statements of the bodies that both outlines have: the module's and those of matched classes.
struct StatementComparison {
    /// What was found so far.
    let differ: Differ
    /// The source before the edit.
    let old: CanonicalTokens
    /// The source after it.
    let new: CanonicalTokens
    /// What was found of statements.
    var changes: [StatementChange] = []
    /// Something differs that has no meaning.
    var sawFormatChange = false

    /// Begins behind the comparison of definitions.
    init(differ: Differ, old: CanonicalTokens, new: CanonicalTokens) {
        self.differ = differ
        self.old = old
        self.new = new
    }

    /// Compares the statements of the module and of all class bodies.
    mutating func compareBodies() {
        compareModuleDoc()
        let (before, after) = touchedStatements()
        compare(
            old.storage.statements.direct(in: -1, among: before),
            new.storage.statements.direct(in: -1, among: after), scope: -1, container: nil)
        for index in new.storage.definitions.indices where new.storage.definitions.isClass(index) {
            let match = Int(differ.oldOfNew[index])
            guard match >= 0, old.storage.definitions.isClass(match),
                !differ.isUntouched(
                    old.storage.definitions.span(match), new.storage.definitions.span(index))
            else { continue }
            compare(
                old.storage.statements(ofClass: match), new.storage.statements(ofClass: index),
                scope: index,
                container: nil)
        }
    }

    /// Indexes of the statements that are not, one by one from both ends of the lists, the same bytes in the same
    /// place.
    private func touchedStatements() -> (old: Range<Int>, new: Range<Int>) {
        let left = old.storage.statements
        let right = new.storage.statements
        let limit = min(left.count, right.count)
        var head = 0
        for (before, after) in zip(left, right) {
            guard isUntouched(before, after, scopes: 0, containers: 0) else { break }
            head += 1
        }
        let scopes = new.storage.definitions.count - old.storage.definitions.count
        let shift = right.count - left.count
        let first = max(
            left.firstIndex(from: Int32(old.source.count - differ.suffix)), head, head - shift)
        var tail = 0
        for (before, after) in zip(left.records(from: first), right.records(from: first + shift)) {
            let isSame = isUntouched(before, after, scopes: Int32(scopes), containers: Int32(shift))
            tail = isSame ? tail + 1 : 0
        }
        tail = min(tail, limit - head)
        return (head..<(left.count - tail), head..<(right.count - tail))
    }

    /// Equal bytes at an equal place, in the same class and the same block.
    private func isUntouched(
        _ before: StatementRecord, _ after: StatementRecord, scopes: Int32, containers: Int32
    ) -> Bool {
        before.isMoved(to: after, scopes: scopes, containers: containers)
            && differ.isUntouched(before.start..<before.end, after.start..<after.end)
    }

    /// Notes a change of the docstring's value; another spelling of it is a format change.
    private mutating func compareModuleDoc() {
        let left = old.storage.moduleDoc
        let right = new.storage.moduleDoc
        if let left, let right {
            if differ.isUntouched(left, right) { return }
            let before = old.span(withoutParentheses: Int(left.lowerBound)..<Int(left.upperBound))
            let after = new.span(withoutParentheses: Int(right.lowerBound)..<Int(right.upperBound))
            if old.bytes(of: before, level: .meaning) == new.bytes(of: after, level: .meaning) {
                sawFormatChange = sawFormatChange || old.bytes(of: before) != new.bytes(of: after)
                return
            }
        } else if left == nil, right == nil {
            return
        }
        changes.append(
            StatementChange(
                change: .doc, kind: .expression, names: [], scope: "",
                oldLine: left.map { old.storage.lines.line(of: Int($0.lowerBound)) },
                newLine: right.map { new.storage.lines.line(of: Int($0.lowerBound)) }, old: nil,
                new: nil,
                container: nil))
    }

    /// Compares two lists of statement indexes that stand in the same body, or in blocks of matched statements.
    private mutating func compare(_ left: [Int], _ right: [Int], scope: Int, container: Int?) {
        var head = 0
        let limit = min(left.count, right.count)
        while head < limit, isEqual(left[head], right[head]) { head += 1 }
        var tail = 0
        while tail < limit - head, isEqual(left[left.count - 1 - tail], right[right.count - 1 - tail]) {
            tail += 1
        }
        let before = Array(left[head..<(left.count - tail)])
        let after = Array(right[head..<(right.count - tail)])
        if before.isEmpty, after.isEmpty { return }
        compareWindow(before, after, scope: scope, container: container)
    }

    /// Equal in meaning. Definitions inside a compound statement count by name only: their changes are told
    /// on their own.
    private mutating func isEqual(_ left: Int, _ right: Int) -> Bool {
        let a = old.storage.statements[left]
        let b = new.storage.statements[right]
        if differ.isUntouched(a.start..<a.end, b.start..<b.end) { return true }
        if tokens(old, left, .exact) == tokens(new, right, .exact) { return true }
        guard tokens(old, left, .meaning) == tokens(new, right, .meaning) else { return false }
        sawFormatChange = true
        return true
    }

    /// The tokens of one statement, with a hole for each definition of its own scope.
    private func tokens(_ side: CanonicalTokens, _ index: Int, _ level: CanonicalTokens.Level)
        -> [UInt8]
    {
        let record = side.storage.statements[index]
        let span = Int(record.start)..<Int(record.end)
        let holes =
            record.colon < 0
            ? []
            : side.storage.definitionIndices(in: span).filter {
                side.storage.definitions[$0].parent == record.scope
            }
        return side.bytes(of: span, holes: holes, level: level)
    }

    /// What is left between equal starts and ends. Equal statements outside of the common sequence count as
    /// reordered.
    private mutating func compareWindow(_ before: [Int], _ after: [Int], scope: Int, container: Int?) {
        var numbers: [[UInt8]: Int] = [:]
        func number(_ side: CanonicalTokens, _ index: Int) -> Int {
            let key = tokens(side, index, .meaning)
            let number = numbers[key] ?? numbers.count
            numbers[key] = number
            return number
        }
        let leftKeys = before.map { number(old, $0) }
        let rightKeys = after.map { number(new, $0) }
        var matcher = SequenceMatcher(leftKeys, rightKeys)
        let (removed, added) = matcher.difference()
        var unmatched: [Int: [Int]] = [:]
        for index in removed { unmatched[leftKeys[index], default: []].append(index) }
        var fresh: [Int] = []
        for index in added {
            if let twin = unmatched[rightKeys[index]]?.popLast() {
                append(.reordered, before[twin], after[index], scope: scope, container: container)
            } else {
                fresh.append(index)
            }
        }
        let gone = Set(unmatched.values.joined())
        pairChanged(
            removed.filter(gone.contains).map { before[$0] }, fresh.map { after[$0] }, scope: scope,
            container: container)
    }

    /// What a removed and an added statement must have in common to be one changed statement.
    private struct PairKey: Hashable {
        /// What the statement binds, in its order.
        var names: [String]
        /// All assignments are one kind here, and both imports.
        var kind: Statement.Kind

        init(_ statement: Statement) {
            names = statement.names
            kind = statement.kind.representative
        }
    }

    /// A removed and an added statement of one kind that bind the same names are one changed statement.
    private mutating func pairChanged(_ removed: [Int], _ added: [Int], scope: Int, container: Int?) {
        var candidates: [PairKey: [Int]] = [:]
        for index in removed.reversed() {
            candidates[PairKey(Statement(storage: old.storage, index: index)), default: []].append(index)
        }
        var fresh: [Int] = []
        var paired: Set<Int> = []
        for index in added {
            let key = PairKey(Statement(storage: new.storage, index: index))
            if !key.names.isEmpty || key.kind != .expression, let twin = candidates[key]?.popLast() {
                append(.changed, twin, index, scope: scope, container: container)
                paired.insert(twin)
            } else {
                fresh.append(index)
            }
        }
        for index in removed where !paired.contains(index) {
            append(.removed, index, nil, scope: scope, container: container)
        }
        for index in fresh { append(.added, nil, index, scope: scope, container: container) }
    }

    /// `left` and `right` are nil where the statement is missing. Goes on into the blocks of a changed
    /// compound statement.
    private mutating func append(
        _ change: StatementChange.Change, _ left: Int?, _ right: Int?, scope: Int, container: Int?
    ) {
        let before = left.map { Statement(storage: old.storage, index: $0) }
        let after = right.map { Statement(storage: new.storage, index: $0) }
        guard let shown = after ?? before else { return }
        let position = changes.count
        changes.append(
            StatementChange(
                change: change, kind: shown.kind, names: shown.names,
                scope: scope < 0 ? "" : new.storage.qualname(of: scope), oldLine: before?.line,
                newLine: after?.line,
                old: left, new: right, container: container))
        guard change == .changed, let left, let right, shown.kind.isCompound else { return }
        compare(
            old.storage.blockStatements(of: left), new.storage.blockStatements(of: right), scope: scope,
            container: position)
    }
}

extension Statement.Kind {
    /// One kind for all that a change may cross: all assignments, both imports.
    var representative: Statement.Kind {
        switch self {
        case .assign, .annotatedAssign, .augmentedAssign, .typeAlias: .assign
        case .import, .fromImport: .import
        case .expression, .if, .try, .for, .while, .with, .match, .delete, .raise, .assert, .global,
            .pass,
            .other:
            self
        }
    }
}

extension OutlineStorage {
    /// The statements that stand directly in the body of a class.
    func statements(ofClass index: Int) -> [Int] {
        let span = definitions.span(index)
        let first = statements.firstIndex(from: span.lowerBound)
        return statements.direct(
            in: Int32(index), among: first..<statements.firstIndex(from: span.upperBound))
    }

    /// The statements directly in the blocks of the compound statement `index`.
    func blockStatements(of index: Int) -> [Int] {
        let end = statements[index].end
        var inner: [Int] = []
        for (offset, record) in statements.records(from: index + 1).enumerated() {
            if record.start >= end { break }
            if record.container == Int32(index) { inner.append(index + 1 + offset) }
        }
        return inner
    }
}

extension StatementTable {
    /// Those of `range` that stand directly in the body of a scope.
    fileprivate func direct(in scope: Int32, among range: Range<Int>) -> [Int] {
        zip(range, records(from: range.lowerBound)).compactMap { index, record in
            record.isDirect(in: scope) ? index : nil
        }
    }
}

extension StatementRecord {
    /// Stands directly in the body of a scope.
    func isDirect(in scope: Int32) -> Bool { self.scope == scope && container < 0 }

    /// Belongs to the same scope and compound statement if indexes of the other list are that much higher.
    func isMoved(to other: StatementRecord, scopes: Int32, containers: Int32) -> Bool {
        Self.isMoved(scope, other.scope, by: scopes)
            && Self.isMoved(container, other.container, by: containers)
    }

    /// Two missing indexes (-1) are equal; a missing one and another are not.
    private static func isMoved(_ index: Int32, _ other: Int32, by distance: Int32) -> Bool {
        guard index >= 0, other >= 0 else { return index < 0 && other < 0 }
        return other == index || other == index + distance
    }
}
