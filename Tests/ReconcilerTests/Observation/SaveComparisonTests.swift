import Testing

@testable import Reconciler

@Suite("Which times before and after a save are compared")
struct SaveComparisonTests {
    private static let second: Int64 = 1_000_000_000

    private func save(_ noticed: Int64, _ live: Int64) -> SaveMark {
        SaveMark(files: ["a.py"], names: ["a.f"], noticed: noticed * Self.second, live: live * Self.second)
    }

    private func span(_ start: Int64, _ end: Int64) -> SaveComparison.Span {
        SaveComparison.Span(start: start * Self.second, end: end * Self.second)
    }

    private func comparison(limit: Int64? = 60) -> SaveComparison {
        SaveComparison(
            window: 10 * Self.second, limit: limit.map { $0 * Self.second }, now: 100 * Self.second)
    }

    @Test("ten seconds before it was noticed, and ten from when it is live")
    func usual() {
        var comparison = comparison()
        #expect(comparison.end(now: 130 * Self.second) == nil && comparison.before == nil)
        comparison.note(save(130, 131))
        #expect(comparison.before == span(120, 130) && comparison.after == span(131, 141))
        #expect(comparison.end(now: 140 * Self.second) == nil)
        #expect(comparison.end(now: 141 * Self.second) == .complete)
    }

    @Test("before the save there is only what was seen")
    func early() {
        var comparison = comparison()
        comparison.note(save(103, 103))
        #expect(comparison.before == span(100, 103))
    }

    @Test("a save that follows at once belongs to the first, a later one ends the time")
    func several() {
        var comparison = comparison()
        comparison.note(save(130, 131))
        comparison.note(save(132, 133))
        #expect(comparison.saves.count == 2)
        #expect(comparison.before == span(120, 130) && comparison.after == span(133, 143))
        comparison.note(save(138, 139))
        comparison.note(save(140, 141))
        #expect(comparison.saves.count == 2 && comparison.after == span(133, 138))
        #expect(comparison.end(now: 139 * Self.second) == .nextSave)
    }

    @Test("where nothing is saved it ends at the limit, or never")
    func nothing() {
        #expect(comparison().end(now: 159 * Self.second) == nil)
        #expect(comparison().end(now: 160 * Self.second) == .nothingSaved)
        #expect(comparison(limit: nil).end(now: 1_000_000 * Self.second) == nil)
    }
}
