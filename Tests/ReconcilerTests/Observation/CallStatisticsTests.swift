import Reloader
import Testing

@testable import Reconciler

@Suite("What calls come to, period by period")
struct CallStatisticsTests {
    private let second: Int64 = 1_000_000_000

    private func costs(_ returned: [Double], raised: [Double] = []) -> [CallCosts] {
        [CallCosts(name: "shop.total", returned: returned, raised: raised)]
    }

    @Test("percentiles are of all calls; those that raised are counted among them")
    func percentiles() {
        var statistics = CallStatistics(seconds: 5, now: 0)
        statistics.add(costs((1...99).map(Double.init), raised: [100]), pid: 7, isComplete: true)
        #expect(statistics.due(now: 5 * second - 1) == nil)
        let row = CallStatistics.Row(
            name: "shop.total", pid: nil, calls: 100, errors: 1, median: 50, percentile95: 95, longest: 100)
        #expect(statistics.due(now: 5 * second) == [row])
        #expect(statistics.total == 100)
    }

    @Test("several processes have a row each, before the row of all")
    func processes() {
        var statistics = CallStatistics(seconds: 1, now: 0)
        statistics.add(costs([1, 3]), pid: 9, isComplete: true)
        statistics.add(costs([2]), pid: 8, isComplete: false)
        let rows = statistics.taken()
        #expect(rows.map(\.pid) == [8, 9, nil])
        #expect(rows.map(\.calls) == [1, 2, 3])
        #expect(rows.map(\.median) == [2, 1, 2])
        #expect(rows.map(\.isComplete) == [false, true, false])
    }

    @Test("a function without calls has a row, and a period starts with nothing")
    func silence() {
        var statistics = CallStatistics(seconds: 1, now: 0)
        statistics.expect(["shop.total"])
        statistics.add(costs([1]), pid: 9, isComplete: false)
        _ = statistics.due(now: second)
        #expect(statistics.due(now: second + 1) == nil)
        #expect(statistics.due(now: 2 * second) == [CallStatistics.Row(name: "shop.total", pid: nil)])
    }

    @Test("a look that comes late begins no period in the past")
    func lateness() {
        var statistics = CallStatistics(seconds: 1, now: 0)
        #expect(statistics.due(now: 10 * second + 5) != nil)
        #expect(statistics.due(now: 11 * second - 1) == nil)
        #expect(statistics.due(now: 11 * second) != nil)
        statistics.begin(now: 20 * second)
        #expect(statistics.due(now: 21 * second - 1) == nil)
    }
}
