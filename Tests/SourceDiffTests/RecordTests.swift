import TestSupport
import Testing

@testable import SourceDiff

@Suite("Records: what goes in comes out")
struct RecordTests {
    private func statement(
        _ start: Int, _ end: Int, _ place: (scope: Int32, container: Int32), _ keyword: Keyword
    )
        -> StatementRecord
    {
        StatementRecord(
            start: Int32(start), end: Int32(end), scope: place.scope, container: place.container,
            colon: -1,
            keyword: keyword)
    }

    /// Statements in nested compounds and classes, gaps and lengths of one to three bytes.
    private func records(seed: UInt64, count: Int) -> [StatementRecord] {
        var generator = SeededGenerator(seed: seed)
        var records: [StatementRecord] = []
        var open: [Int32] = []
        var scope: Int32 = -1
        var position = 0
        for index in 0..<count {
            position += Int.random(in: 0..<3, using: &generator) == 0 ? 70_000 : 1
            switch Int.random(in: 0..<6, using: &generator) {
            case 0 where !open.isEmpty: open.removeLast()
            case 1:
                scope = scope < 0 ? Int32(index) : -1
                open = []
            default: break
            }
            let length = [1, 100, 20_000].randomElement(using: &generator) ?? 1
            var record = statement(position, position + length, (scope, open.last ?? -1), .none)
            if Int.random(in: 0..<4, using: &generator) == 0 {
                record.keyword =
                    [.ifClause, .forLoop, .matchSoft, .tryClause].randomElement(using: &generator)
                    ?? .ifClause
                record.colon = record.start + Int32(length) - 1
                open.append(Int32(index))
            } else if Int.random(in: 0..<9, using: &generator) == 0 {
                record.keyword = .globalDeclaration
            }
            records.append(record)
            position += length
        }
        return records
    }

    private func facts(_ record: StatementRecord) -> [Int32] {
        [
            record.start, record.end, record.scope, record.container, record.colon,
            Int32(record.keyword.rawValue),
        ]
    }

    @Test("statements, in order and by index", arguments: [0, 1, 31, 32, 33, 500])
    func statements(count: Int) {
        let records = records(seed: UInt64(count), count: count)
        var table = StatementTable()
        for record in records { table.append(record, size: 1 << 30) }
        #expect(table.map(facts) == records.map(facts))
        #expect(table.indices.map { facts(table[$0]) } == records.map(facts))
        for record in records {
            let first = table.firstIndex(from: record.start)
            #expect(first == records.firstIndex { $0.start >= record.start })
            #expect(
                table.firstIndex(from: record.start + 1) == records.firstIndex { $0.start > record.start }
                    ?? count)
        }
    }

    @Test("a compound statement ends where its last block ends, and so do those around it")
    func extended() {
        var table = StatementTable()
        for index in 0..<3 {
            var record = statement(index * 10, index * 10 + 5, (-1, Int32(index) - 1), .ifClause)
            record.colon = record.end - 1
            table.append(record, size: 100)
        }
        table.extend(1, to: 50)
        #expect(table.map(\.end) == [50, 50, 25])
        table.extend(2, to: 60)
        #expect(table.map(\.end) == [60, 60, 60])
    }

    @Test("a simple statement needs three bytes at most")
    func size() {
        var table = StatementTable()
        for index in 0..<100_000 {
            table.append(statement(index * 2, index * 2 + 1, (-1, -1), .none), size: 200_000)
        }
        #expect(table.byteCount <= 300_000)
    }

    @Test(
        "definitions with and without what is rare",
        arguments: [
            (0, -1, 0, 10, 30, 5), (2, -1, 3, 10, 30, 5), (0, 4, 0, 10, 30, 5), (0, -1, 0, 300, 30, 5),
            (0, -1, 0, 10, 70_000, 5), (0, -1, 0, 10, 30, 70_000),
        ] as [(Int32, Int32, Int32, Int32, Int32, Int32)])
    func definitions(
        decorators: Int32, container: Int32, firstDecorator: Int32, name: Int32, header: Int32,
        gap: Int32
    ) {
        var table = DefinitionTable()
        for kind in Definition.Kind.allCases {
            let keyword = 1000 + decorators * 20
            var record = DefinitionRecord(
                start: 1000, keyword: keyword, nameStart: keyword + 4, nameEnd: keyword + 4 + name,
                parent: 7,
                container: container, firstDecorator: firstDecorator, decoratorCount: decorators,
                kind: kind,
                isConditional: container >= 0, isGlobal: kind == .class, hasDocstring: kind == .function)
            record.colon = record.nameEnd + header
            record.bodyStart = record.colon + gap
            record.end = record.bodyStart + 1_000_000
            record.occurrence = 3
            let index = table.open(at: 1000, size: 2_000_000)
            table.close(index, record)
            #expect("\(table[index])" == "\(record)")
        }
    }

    @Test(
        "lines are counted as CPython counts them, whatever the parts that an index was joined from")
    func lines() throws {
        let text =
            "a\nb\r\nc\rd\r\re\n\n" + String(repeating: "x\n", count: 100) + "y\r"
            + String(repeating: "z", count: 150)
        let bytes = Array(text.utf8)
        let whole = try Outline(scanning: bytes).storage.lines
        var expected = 1
        for position in bytes.indices {
            #expect(whole.line(of: position) == expected)
            let isEnd =
                bytes[position] == 10
                || (bytes[position] == 13 && (position + 1 == bytes.count || bytes[position + 1] != 10))
            if isEnd { expected += 1 }
        }
        #expect(whole.line(of: bytes.count) == expected)
        for start in [0, 1, 63, 64, 65, 130] {
            for end in [start, start + 3, 200, bytes.count] {
                let middle = try Outline(scanning: Array(bytes[start..<end])).storage.lines
                let joined = whole.replacing(start..<end, of: bytes.count, by: middle, end - start)
                // A cut between a return and its newline makes two ends of one.
                let isCut = [start, end].contains {
                    $0 > 0 && bytes[$0 - 1] == 13 && $0 < bytes.count && bytes[$0] == 10
                }
                #expect(isCut || (0...bytes.count).allSatisfy { joined.line(of: $0) == whole.line(of: $0) })
            }
        }
    }

    @Test("positions of one line")
    func positions() {
        var set = PositionSet()
        #expect(set.isEmpty && set.first == nil)
        let positions = [70, 71, 127, 128, 1000]
        for position in positions { set.append(position) }
        var found: [Int] = []
        var next = set.first
        while let position = next {
            found.append(position)
            next = set.first(from: position + 1)
        }
        #expect(found == positions)
        set.removeAll()
        #expect(set.isEmpty && set.first(from: 0) == nil)
    }
}
