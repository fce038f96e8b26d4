import Testing

@testable import Reloader

@Suite("Lines of instructions")
struct LineTableTests {
    /// `def f(x):` on line 10, then statements on 11, 12 and, jumping back, 11: two instructions (four bytes) each.
    @Test("pairs of instructions and lines, up to 3.9")
    func lnotab() {
        let table = LineTable([0, 1, 4, 1, 4, 255], form: .lnotab, firstLine: 10)
        #expect([-1, 0, 2, 4, 6, 8, 100].map(table.line) == [10, 11, 11, 12, 12, 11, 11])
    }

    @Test("ranges with gaps, 3.10")
    func ranges() {
        let table = LineTable([4, 1, 2, 128, 4, 1], form: .ranges, firstLine: 10)
        #expect([0, 2, 4, 6, 8, 10].map(table.line) == [11, 11, 10, 12, 12, 10])
    }

    @Test("locations of all kinds, from 3.11 on")
    func locations() {
        let entries: [[UInt8]] = [
            [0x80 | 13 << 3 | 1, 0x02],  // no columns, two units, one line on
            [0x80 | 3 << 3, 0x00],  // short: one unit, the same line
            [0x80 | 12 << 3, 0x01, 0x02],  // two lines on
            [0x80 | 14 << 3, 0x43, 0x02, 0x00, 0x01, 0x01],  // long: -(0x83 >> 1) lines
            [0x80 | 15 << 3],  // nowhere
        ]
        let table = LineTable(Array(entries.joined()), form: .locations, firstLine: 100)
        #expect([0, 2, 4, 6, 8, 10, 12].map(table.line) == [101, 101, 101, 103, 103 - 65, 100, 100])
    }

    @Test("a table that is cut or nonsense ends, and says the first line")
    func damaged() {
        for form in [LineTable.Form.lnotab, .ranges, .locations] {
            for length in 0..<6 {
                let table = LineTable([UInt8](repeating: 0xff, count: length), form: form, firstLine: 7)
                _ = table.line(at: 1000)
                #expect(table.line(at: -1) == 7)
            }
        }
    }
}
