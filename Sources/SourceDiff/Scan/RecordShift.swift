/// How far records move when the text before them changes.
struct RecordShift {
    var offset: Int32
    var definitions: Int32 = 0
    var statements: Int32 = 0
    var decorators: Int32 = 0

    init(offset: Int32) { self.offset = offset }

    func callAsFunction(_ record: StatementRecord) -> StatementRecord {
        var moved = record
        moved.start += offset
        moved.end += offset
        if record.scope >= 0 { moved.scope += definitions }
        if record.container >= 0 { moved.container += statements }
        if record.colon >= 0 { moved.colon += offset }
        return moved
    }

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

    mutating func append(_ parts: OutlineParts, _ shift: RecordShift, size: Int) {
        definitions.append(parts.definitions, parts.definitions.indices, shift)
        statements.append(parts.statements, parts.statements.indices, shift, size: size)
        for record in parts.clauses { clauses.append(shift(record)) }
        for start in parts.decorators { decorators.append(start + shift.offset) }
    }

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
