/// The definitions of a text in source order: 24 bytes each, and 32 more for those with decorators, in a compound
/// statement, or with a very long header.
struct DefinitionTable: RandomAccessCollection {
    /// One for each definition, in the order of their starts.
    private var packed: [Packed] = []
    /// In the same order; only for definitions whose flags have `wide`.
    private var wide: [Wide] = []

    var startIndex: Int { 0 }
    var endIndex: Int { packed.count }

    /// Offsets but `start` and `end` count from the place before.
    private struct Packed {
        /// Offset of the first decorator or the keyword.
        var start: UInt32
        /// 0 while the definition is open.
        var end: UInt32
        /// Index in this table; -1 at module level.
        var parent: Int32
        var occurrence: Int32
        /// From the name's end to the colon; the index in `wide` if there is one.
        var header: UInt32 {
            get { UInt32(colon) << 16 | UInt32(body) }
            set { split(newValue) }
        }
        var colon: UInt16 = 0
        /// From the colon to the body.
        var body: UInt16 = 0
        /// From the keyword to the name.
        var name: UInt8 = 0
        /// Bytes as written; a longer name makes the record wide.
        var nameLength: UInt8 = 0
        var flags: Flags

        /// The high half goes to `colon`, the low half to `body`.
        private mutating func split(_ header: UInt32) {
            colon = UInt16(truncatingIfNeeded: header >> 16)
            body = UInt16(truncatingIfNeeded: header)
        }
    }

    /// A definition with neither kind bit is a plain function.
    private struct Flags: OptionSet {
        let rawValue: UInt8
        static let asyncFunction = Flags(rawValue: 1)
        static let classDefinition = Flags(rawValue: 2)
        static let conditional = Flags(rawValue: 4)
        static let global = Flags(rawValue: 8)
        static let docstring = Flags(rawValue: 16)
        static let wide = Flags(rawValue: 32)
    }

    /// What does not fit; offsets count from the definition's start.
    private struct Wide {
        var keyword: Int32
        var nameStart: Int32
        var nameEnd: Int32
        var colon: Int32
        var body: Int32
        var container: Int32
        var firstDecorator: Int32
        var decoratorCount: Int32
    }

    /// The record of one definition, put together from what is kept of it.
    subscript(index: Int) -> DefinitionRecord {
        let packed = packed[index]
        let flags = packed.flags
        let start = Int32(truncatingIfNeeded: packed.start)
        var record = DefinitionRecord(
            start: start, keyword: start, nameStart: start &+ Int32(packed.name), nameEnd: 0,
            end: Int32(truncatingIfNeeded: packed.end), parent: packed.parent, container: -1,
            firstDecorator: 0, decoratorCount: 0, occurrence: packed.occurrence,
            kind: flags.contains(.classDefinition)
                ? .class : flags.contains(.asyncFunction) ? .asyncFunction : .function,
            isConditional: flags.contains(.conditional), isGlobal: flags.contains(.global),
            hasDocstring: flags.contains(.docstring))
        if flags.contains(.wide) {
            complete(&record, from: wide[Int(packed.header)])
        } else {
            record.nameEnd = record.nameStart &+ Int32(packed.nameLength)
            record.colon = record.nameEnd &+ Int32(packed.colon)
            record.bodyStart = record.colon &+ Int32(packed.body)
        }
        return record
    }

    /// Takes the place of what the packed record says, where that is too small.
    private func complete(_ record: inout DefinitionRecord, from wide: Wide) {
        record.keyword = record.start + wide.keyword
        record.nameStart = record.start + wide.nameStart
        record.nameEnd = record.start + wide.nameEnd
        record.colon = record.start + wide.colon
        record.bodyStart = record.start + wide.body
        record.container = wide.container
        record.firstDecorator = wide.firstDecorator
        record.decoratorCount = wide.decoratorCount
    }

    /// Makes room for so many.
    mutating func reserve(_ count: Int) { packed.reserveCapacity(count) }

    /// Takes a place for a definition that starts at `start`; its record comes when its end is known.
    mutating func open(at start: Int, size: Int) -> Int {
        if packed.count == packed.capacity { packed.grow(read: start, of: size) }
        packed.append(Packed(start: UInt32(start), end: 0, parent: -1, occurrence: 0, flags: []))
        return packed.count &- 1
    }

    /// Files the complete record of the definition at `index`.
    mutating func close(_ index: Int, _ record: DefinitionRecord) {
        var flags: Flags = []
        switch record.kind {
        case .function: break
        case .asyncFunction: flags.insert(.asyncFunction)
        case .class: flags.insert(.classDefinition)
        }
        if record.isConditional { flags.insert(.conditional) }
        if record.isGlobal { flags.insert(.global) }
        if record.hasDocstring { flags.insert(.docstring) }
        var short = Packed(
            start: UInt32(bitPattern: record.start), end: UInt32(bitPattern: record.end),
            parent: record.parent,
            occurrence: record.occurrence, flags: flags)
        let name = record.nameStart &- record.keyword
        let length = record.nameEnd &- record.nameStart
        let colon = record.colon &- record.nameEnd
        let body = record.bodyStart &- record.colon
        if record.decoratorCount == 0, record.container < 0, name | length < 256, colon | body < 65_536 {
            short.name = UInt8(truncatingIfNeeded: name)
            short.nameLength = UInt8(truncatingIfNeeded: length)
            short.colon = UInt16(truncatingIfNeeded: colon)
            short.body = UInt16(truncatingIfNeeded: body)
        } else {
            short.flags.insert(.wide)
            short.header = UInt32(wide.count)
            let start = record.start
            wide.append(
                Wide(
                    keyword: record.keyword - start, nameStart: record.nameStart - start,
                    nameEnd: record.nameEnd - start, colon: record.colon - start,
                    body: record.bodyStart - start, container: record.container,
                    firstDecorator: record.firstDecorator, decoratorCount: record.decoratorCount))
        }
        packed[index] = short
    }

    /// From the first decorator or the keyword to the end of the body.
    @inline(__always)
    func span(_ index: Int) -> Range<Int32> {
        let packed = packed[index]
        return Int32(bitPattern: packed.start)..<Int32(bitPattern: packed.end)
    }

    /// Whether it is a class.
    func isClass(_ index: Int) -> Bool { packed[index].flags.contains(.classDefinition) }

    /// Stands in no other definition and in no compound statement.
    func isDirect(_ index: Int) -> Bool { packed[index].parent < 0 && self[index].container < 0 }

    /// Index of the first definition that starts at or after `position`.
    func firstIndex(from position: Int) -> Int {
        packed.partitioningIndex { Int($0.start) >= position }
    }

    /// How many definitions of this qualified name come before it.
    @inline(__always)
    func occurrence(of index: Int) -> Int32 { packed[index].occurrence }

    /// Says how many definitions of its qualified name come before it.
    mutating func number(_ index: Int, occurrence: Int32) { packed[index].occurrence = occurrence }

    /// Adds the definitions of `range`, moved. They and nothing else lie between two module-level places.
    mutating func append(_ other: DefinitionTable, _ range: Range<Int>, _ shift: RecordShift) {
        packed.reserveCapacity(packed.count + range.count)
        let isWide = { (packed: Packed) in packed.flags.contains(.wide) }
        let first = other.packed[..<range.lowerBound].count(where: isWide)
        let count = other.packed[range].count(where: isWide)
        let moved = UInt32(truncatingIfNeeded: wide.count &- first)
        for var short in other.packed[range] {
            short.start = UInt32(bitPattern: Int32(bitPattern: short.start) &+ shift.offset)
            short.end = UInt32(bitPattern: Int32(bitPattern: short.end) &+ shift.offset)
            if short.parent >= 0 { short.parent += shift.definitions }
            if short.flags.contains(.wide) { short.header = short.header &+ moved }
            packed.append(short)
        }
        for var long in other.wide[first..<first + count] {
            if long.container >= 0 { long.container += shift.statements }
            long.firstDecorator += shift.decorators
            wide.append(long)
        }
    }
}

extension Array {
    /// Makes room for more records: as many as the rest of the text will have if it is like its start, four times as
    /// many at most. Fewer copies, and fewer fresh pages, than doubling costs.
    mutating func grow(read position: Int, of size: Int) {
        let expected = Double(count) * (Double(size) / Double(Swift.max(1, position))) * 1.01
        let limit = count * 4 + 16
        let enough = count + count / 2 + 16
        reserveCapacity(expected < Double(limit) ? Swift.max(enough, Int(expected)) : limit)
    }
}
