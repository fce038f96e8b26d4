import SystemPackage
import Testing

@testable import Reconciler

@Suite("Held back files")
struct HoldBackTests {
    private let path: FilePath = "/a.py"
    private let second: Int64 = 1_000_000_000

    @Test("looking again and again does not begin the wait again")
    func looks() {
        var held = HoldBack()
        for look in 0..<20 { held.hold(path, [1], now: Int64(look) * second / 20) }
        #expect(held.timeout(now: 0) == 1000)
        #expect(held.due(now: second - 1).isEmpty)
        #expect(held.due(now: second) == [path])
        #expect(!held.isOverdue(path, [1], now: second - 1))
        #expect(held.isOverdue(path, [1], now: second))
    }

    @Test("other content does, and what was held before is not taken for it")
    func content() {
        var held = HoldBack()
        held.hold(path, [1], now: 0)
        #expect(!held.isOverdue(path, [2], now: second))
        held.hold(path, [2], now: second / 2)
        #expect(!held.isOverdue(path, [2], now: second))
        #expect(held.isOverdue(path, [2], now: second * 3 / 2))
    }

    @Test("a file whose import goes on is asked for again and again, with the same content")
    func importing() {
        var held = HoldBack()
        let reading = [path: Reading.source(FileState.Source([1]))]
        for look in 0..<5 {
            let now = Int64(look) * second * 3 / 10
            held.take([], importing: [path], of: reading, now: now)
            #expect(held.timeout(now: now) == 300 && held.due(now: now).isEmpty)
        }
        held.take([], of: reading, now: second * 2)
        #expect(held.paths.isEmpty)
    }

    @Test("a writer prolongs it; what is released is held no more")
    func writer() {
        var held = HoldBack()
        held.hold(path, [1], now: 0)
        held.prolong(path, now: second)
        #expect(held.due(now: second).isEmpty && held.timeout(now: second) == 1000)
        held.release(path)
        #expect(held.timeout(now: 0) == nil && held.paths.isEmpty)
    }
}
