/// The statements of a text in source order: mostly two or three bytes each, which say how far a statement
/// starts after the one before it and how long it is. Every 64th has a mark, so that access by index is O(1).
struct StatementTable: RandomAccessCollection {
    /// Statements between two marks: as many are read at most to get to one.
    private static let interval = 64

    /// Distance and length of each statement, and flags where it is not like the one before.
    private var bytes: [UInt8] = []
    /// The state before every 64th statement.
    private var marks: [Mark] = []
    /// In the order of their indexes.
    private var compounds: [Compound] = []
    /// Places that do not follow from the statement before.
    private var places: [Place] = []
    private(set) var count = 0
    /// State after the last statement.
    private var last = Mark()

    var startIndex: Int { 0 }
    var endIndex: Int { count }

    /// What a statement belongs to.
    private struct Place: Equatable {
        /// Index of the class definition; -1 for the module.
        var scope: Int32 = -1
        /// Index of the compound statement; -1 directly in the scope's body.
        var container: Int32 = -1
    }

    /// What is to be known to read on.
    private struct Mark {
        /// Offset in `bytes`.
        var offset: UInt32 = 0
        /// Start and place of the statement before.
        var start: Int32 = 0
        var place = Place()
        /// Index of the next one.
        var nextPlace: UInt32 = 0
        var nextCompound: UInt32 = 0
    }

    /// What grows after it was filed.
    private struct Compound {
        var index: Int32
        /// After its last block so far; it grows while blocks are read.
        var end: Int32
        var container: Int32
    }

    /// How a statement's place comes from the one before it.
    private enum Step: UInt8 {
        /// In the same block as the statement before.
        case same
        /// In the block of the statement before.
        case inside
        /// After the compound statement around the statement before.
        case after
        /// The next of `places`.
        case listed
    }

    /// The record of one statement, put together from what is kept of it.
    subscript(index: Int) -> StatementRecord {
        var cursor = Cursor(self, from: index)
        return cursor.read()
    }

    /// Goes through all records faster than by index.
    func makeIterator() -> Iterator { Iterator(cursor: Cursor(self, from: 0), limit: count) }

    /// Goes through the records in order.
    struct Iterator: IteratorProtocol {
        private var cursor: Cursor
        private let limit: Int

        fileprivate init(cursor: Cursor, limit: Int) {
            self.cursor = cursor
            self.limit = limit
        }

        mutating func next() -> StatementRecord? { cursor.index < limit ? cursor.read() : nil }
    }

    /// What the table needs now, without room for more.
    var byteCount: Int {
        bytes.count + marks.count * MemoryLayout<Mark>.stride + compounds.count
            * MemoryLayout<Compound>.stride
            + places.count * MemoryLayout<Place>.stride
    }

    /// The statements from `first` on.
    func records(from first: Int) -> IteratorSequence<Iterator> {
        IteratorSequence(Iterator(cursor: Cursor(self, from: first), limit: count))
    }

    /// Index of the first statement that starts at or after `position`.
    func firstIndex(from position: Int32) -> Int {
        // A mark holds the start of the statement before its own.
        let mark = marks.partitioningIndex { $0.start >= position }
        var index = Swift.max(0, mark - 1) * Self.interval
        for record in records(from: index) {
            if record.start >= position { break }
            index += 1
        }
        return index
    }

    /// Reads records one after the other from a mark on.
    fileprivate struct Cursor {
        private let table: StatementTable
        private var state: Mark
        private(set) var index: Int

        /// Goes to the mark before `first` and reads up to it.
        init(_ table: StatementTable, from first: Int) {
            self.table = table
            index = first / interval * interval
            state = index < table.count ? table.marks[first / interval] : table.last
            while index < first { _ = read() }
        }

        /// Must not be called behind the last statement.
        mutating func read() -> StatementRecord {
            let distance = number()
            let length = Int32(truncatingIfNeeded: number())
            let start = state.start &+ Int32(truncatingIfNeeded: distance >> 1)
            state.start = start
            var record = StatementRecord(
                start: start, end: start &+ length, scope: 0, container: 0, colon: -1, keyword: .none)
            if distance & 1 == 1 { readFlags(&record) }
            record.scope = state.place.scope
            record.container = state.place.container
            index &+= 1
            return record
        }

        /// Only where the lowest bit of the distance says that flags follow.
        private mutating func readFlags(_ record: inout StatementRecord) {
            let flags = Flags(rawValue: table.bytes[Int(state.offset)])
            state.offset &+= 1
            record.keyword = flags.keyword
            switch flags.step {
            case .same: break
            case .inside: state.place.container = Int32(index &- 1)
            case .after: state.place.container = table.containerOf(compound: state.place.container)
            case .listed:
                state.place = table.places[Int(state.nextPlace)]
                state.nextPlace &+= 1
            }
            guard flags.isCompound else { return }
            record.colon = record.end
            record.end = table.compounds[Int(state.nextCompound)].end
            state.nextCompound &+= 1
        }

        /// Seven bits a byte, the lowest first; the last byte has its high bit clear.
        @inline(__always)
        private mutating func number() -> UInt64 {
            var byte = table.bytes[Int(state.offset)]
            state.offset &+= 1
            var value = UInt64(byte & 0x7F)
            var shift: UInt64 = 7
            while byte >= 0x80 {
                byte = table.bytes[Int(state.offset)]
                state.offset &+= 1
                value |= UInt64(byte & 0x7F) << shift
                shift &+= 7
            }
            return value
        }
    }

    /// One byte: whether it is compound, the step, and the keyword in the high five bits.
    private struct Flags {
        let rawValue: UInt8

        init(rawValue: UInt8) { self.rawValue = rawValue }

        init(_ keyword: Keyword, _ step: Step, isCompound: Bool) {
            rawValue = keyword.rawValue << 3 | step.rawValue << 1 | (isCompound ? 1 : 0)
        }

        var isCompound: Bool { rawValue & 1 == 1 }
        var step: Step { Step(rawValue: rawValue >> 1 & 3) ?? .same }
        var keyword: Keyword { Keyword(rawValue: rawValue >> 3) ?? .none }
    }

    /// Makes room for so many.
    mutating func reserve(_ count: Int) {
        bytes.reserveCapacity(count * 4 + 64)
        marks.reserveCapacity(count / Self.interval + 1)
    }

    /// Files a statement and gives its index. `size`: the whole text's.
    @discardableResult
    mutating func append(_ record: StatementRecord, size: Int) -> Int {
        if count % Self.interval == 0 {
            if marks.count == marks.capacity { marks.grow(read: Int(record.start), of: size) }
            marks.append(last)
        }
        if bytes.count &+ 12 > bytes.capacity { bytes.grow(read: Int(record.start), of: size) }
        let place = Place(scope: record.scope, container: record.container)
        let isCompound = record.colon >= 0
        let hasFlags = isCompound || record.keyword != .none || place != last.place
        let distance = UInt64(truncatingIfNeeded: record.start &- last.start) << 1 | (hasFlags ? 1 : 0)
        append(number: distance)
        append(
            number: UInt64(truncatingIfNeeded: (isCompound ? record.colon : record.end) &- record.start))
        if hasFlags {
            let step = step(to: place)
            bytes.append(Flags(record.keyword, step, isCompound: isCompound).rawValue)
            if step == .listed {
                places.append(place)
                last.nextPlace &+= 1
            }
            last.place = place
        }
        if isCompound {
            if compounds.count == compounds.capacity { compounds.grow(read: Int(record.start), of: size) }
            compounds.append(Compound(index: Int32(count), end: record.end, container: record.container))
            last.nextCompound &+= 1
        }
        last.start = record.start
        last.offset = UInt32(truncatingIfNeeded: bytes.count)
        count &+= 1
        return count &- 1
    }

    /// The shortest way to say where the next statement stands.
    private func step(to place: Place) -> Step {
        if place == last.place { return .same }
        guard place.scope == last.place.scope else { return .listed }
        if count > 0, place.container == Int32(count - 1) { return .inside }
        guard last.place.container >= 0, containerOf(compound: last.place.container) == place.container
        else {
            return .listed
        }
        return .after
    }

    /// Seven bits a byte, as `Cursor.number` reads them.
    private mutating func append(number: UInt64) {
        var rest = number
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    /// O(1) for the newest, which is asked for most; else O(log n).
    private func ordinal(ofCompound index: Int32) -> Int {
        if let newest = compounds.last, newest.index == index { return compounds.count - 1 }
        return compounds.partitioningIndex { $0.index >= index }
    }

    private func containerOf(compound index: Int32) -> Int32 {
        compounds[ordinal(ofCompound: index)].container
    }

    /// Lets the compound statement at `index`, and those around it, end at `end`.
    mutating func extend(_ index: Int32, to end: Int) {
        var index = index
        while index >= 0 {
            let ordinal = ordinal(ofCompound: index)
            guard compounds[ordinal].end < Int32(end) else { return }
            compounds[ordinal].end = Int32(end)
            index = compounds[ordinal].container
        }
    }
}
