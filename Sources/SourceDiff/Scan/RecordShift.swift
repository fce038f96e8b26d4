/// How far records move when the text before them changes.
struct RecordShift {
    var offset: Int32
    var line: Int32
    var definitions: Int32 = 0
    var statements: Int32 = 0
    var decorators: Int32 = 0

    init(offset: Int32, line: Int32) {
        self.offset = offset
        self.line = line
    }

    func callAsFunction(_ record: DefinitionRecord) -> DefinitionRecord {
        var moved = record
        moved.start += offset
        moved.keyword += offset
        moved.nameStart += offset
        moved.nameEnd += offset
        moved.colon += offset
        moved.bodyStart += offset
        moved.end += offset
        if record.docStart >= 0 {
            moved.docStart += offset
            moved.docEnd += offset
        }
        moved.firstLine += line
        moved.defLine += line
        moved.bodyLine += line
        moved.endLine += line
        if record.parent >= 0 { moved.parent += definitions }
        if record.container >= 0 { moved.container += statements }
        moved.firstDecorator += decorators
        return moved
    }

    func callAsFunction(_ record: StatementRecord) -> StatementRecord {
        var moved = record
        moved.start += offset
        moved.end += offset
        moved.line += line
        moved.endLine += line
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

    func callAsFunction(_ record: DecoratorRecord) -> DecoratorRecord {
        DecoratorRecord(start: record.start + offset, end: record.end + offset)
    }
}

extension OutlineParts {
    mutating func append(_ old: OutlineStorage, upTo cut: Cut) {
        definitions.reserveCapacity(old.definitions.count + 16)
        statements.reserveCapacity(old.statements.count + 16)
        definitions += old.definitions[..<cut.definitions.lowerBound]
        statements += old.statements[..<cut.statements.lowerBound]
        clauses += old.clauses[..<cut.clauses.lowerBound]
        decorators += old.decorators[..<cut.decorators.lowerBound]
    }

    mutating func append(_ parts: OutlineParts, _ shift: RecordShift) {
        for record in parts.definitions { definitions.append(shift(record)) }
        for record in parts.statements { statements.append(shift(record)) }
        for record in parts.clauses { clauses.append(shift(record)) }
        for record in parts.decorators { decorators.append(shift(record)) }
    }

    mutating func append(_ old: OutlineStorage, after cut: Cut, _ shift: RecordShift) {
        for record in old.definitions[cut.definitions.upperBound...] { definitions.append(shift(record)) }
        for record in old.statements[cut.statements.upperBound...] { statements.append(shift(record)) }
        for record in old.clauses[cut.clauses.upperBound...] { clauses.append(shift(record)) }
        for record in old.decorators[cut.decorators.upperBound...] { decorators.append(shift(record)) }
    }
}
