/// How far records move when the text before them changes.
struct RecordShift {
    /// Bytes that everything has moved by.
    var offset: Int32
    /// By how much the numbers of definitions have changed.
    var definitions: Int32 = 0
    /// By how much the numbers of statements have changed.
    var statements: Int32 = 0
    /// By how much the numbers of decorators have changed.
    var decorators: Int32 = 0

    /// Records whose numbers stay.
    init(offset: Int32) { self.offset = offset }

    /// The record as it is in the new source.
    func callAsFunction(_ record: StatementRecord) -> StatementRecord {
        var moved = record
        moved.start += offset
        moved.end += offset
        if record.scope >= 0 { moved.scope += definitions }
        if record.container >= 0 { moved.container += statements }
        if record.colon >= 0 { moved.colon += offset }
        return moved
    }

    /// The record as it is in the new source.
    func callAsFunction(_ record: ClauseRecord) -> ClauseRecord {
        var moved = record
        moved.start += offset
        moved.colon += offset
        if record.container >= 0 { moved.container += statements }
        return moved
    }
}

extension OutlineParts {
    /// The records before `cut`.
    mutating func append(_ old: OutlineStorage, upTo cut: Cut) {
        let none = RecordShift(offset: 0)
        definitions.append(old.definitions, 0..<cut.definitions.lowerBound, none)
        statements.append(old.statements, 0..<cut.statements.lowerBound, none, size: old.bytes.count)
        clauses += old.clauses[..<cut.clauses.lowerBound]
        decorators += old.decorators[..<cut.decorators.lowerBound]
    }

    /// Adds what a scan has found.
    mutating func append(_ parts: OutlineParts, _ shift: RecordShift, size: Int) {
        definitions.append(parts.definitions, parts.definitions.indices, shift)
        statements.append(parts.statements, parts.statements.indices, shift, size: size)
        for record in parts.clauses { clauses.append(shift(record)) }
        for start in parts.decorators { decorators.append(start + shift.offset) }
    }

    /// Adds what of an older outline still holds.
    mutating func append(_ old: OutlineStorage, after cut: Cut, _ shift: RecordShift, size: Int) {
        definitions.append(old.definitions, cut.definitions.upperBound..<old.definitions.count, shift)
        statements.append(
            old.statements, cut.statements.upperBound..<old.statements.count, shift, size: size)
        for record in old.clauses[cut.clauses.upperBound...] { clauses.append(shift(record)) }
        for start in old.decorators[cut.decorators.upperBound...] {
            decorators.append(start + shift.offset)
        }
    }
}

extension StatementTable {
    /// Adds the statements of `range`, moved. `size`: the whole new text's.
    mutating func append(
        _ other: StatementTable, _ range: Range<Int>, _ shift: RecordShift, size: Int
    ) {
        var left = range.count
        for record in other.records(from: range.lowerBound) {
            guard left > 0 else { return }
            left -= 1
            append(shift(record), size: size)
        }
    }
}
