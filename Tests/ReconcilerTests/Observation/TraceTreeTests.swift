import Reloader
import Testing

@testable import Reconciler

@Suite("Rows of a trace become a tree")
struct TraceTreeTests {
    private func row(_ depth: Int, _ name: String, _ milliseconds: Double) -> TraceRecord.Row {
        TraceRecord.Row(
            depth: depth, name: name, file: "/a.py", line: 1, callLine: 2, kind: .python,
            milliseconds: milliseconds, count: 1, raised: "")
    }

    @Test("depth says what is below what; what is short is told together, the longest first")
    func tree() throws {
        let rows = [
            row(1, "root", 10), row(2, "a", 6), row(3, "b", 5), row(3, "c", 0.05), row(2, "d", 0.01),
            row(3, "e", 0.01), row(2, "f", 0.02), row(2, "g", 2),
        ]
        let tree = try #require(TraceTree(rows, least: 0.1))
        #expect(tree.below.map(\.row.name) == ["a", "g"])
        #expect(tree.small.map(\.name) == ["f", "d"])
        #expect(tree.below[0].below.map(\.row.name) == ["b"])
        #expect(tree.below[0].small.map(\.name) == ["c"])
        #expect(abs((tree.rest ?? 0) - 1.97) < 1e-9 && tree.below[1].rest == nil)
    }

    @Test("no rows are no tree, and times that do not add up have no rest below nothing")
    func edges() throws {
        #expect(TraceTree([], least: 0) == nil)
        let tree = try #require(TraceTree([row(1, "root", 1), row(2, "a", 3)], least: 0))
        #expect(tree.rest == 0)
    }
}
