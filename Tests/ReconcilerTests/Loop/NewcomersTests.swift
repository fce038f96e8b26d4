import Testing

@testable import Reconciler

@Suite("Forked processes are looked at a few times, and then left alone")
struct NewcomersTests {
    private func moment(_ milliseconds: Int64) -> Int64 { 7_000_000_000 + milliseconds * 1_000_000 }
    private let looks: [Int64] = [3, 10, 30, 80, 200, 500, 1200, 3000]

    @Test("the looks come at growing distances; after the last one the process is nobody's")
    func looksAtAProcess() {
        var newcomers = Newcomers()
        #expect(newcomers.timeout(now: moment(0)) == nil)
        newcomers.add(41, parent: 40, service: 2, now: moment(0))
        for look in looks {
            #expect(newcomers.contains(41) && newcomers.service(of: 41) == 2)
            #expect(newcomers.timeout(now: moment(look) - 1) == 1, "at \(look)")
            #expect(newcomers.due(now: moment(look) - 1).isEmpty, "at \(look)")
            let due = newcomers.due(now: moment(look))
            #expect(due.map(\.pid) == [41] && due.map(\.parent) == [40] && due.map(\.service) == [2])
        }
        #expect(!newcomers.contains(41) && newcomers.timeout(now: moment(3000)) == nil)
    }

    @Test("a program that was executed is looked at from the beginning, once it has lived for a while")
    func execution() {
        var newcomers = Newcomers()
        newcomers.add(41, parent: 40, service: 2, now: moment(0))
        for look in looks.dropLast() { _ = newcomers.due(now: moment(look)) }
        newcomers.restart(41, now: moment(2000))
        #expect(newcomers.timeout(now: moment(2000)) == 300)
        for look: Int64 in [300, 600, 1200, 3000] {
            #expect(newcomers.due(now: moment(2000 + look) - 1).isEmpty, "at \(look)")
            #expect(newcomers.due(now: moment(2000 + look)).map(\.pid) == [41], "at \(look)")
        }
        #expect(newcomers.pids.isEmpty)
        newcomers.add(41, parent: 40, service: 2, now: moment(5000))
        newcomers.restart(99, now: moment(2000))
        #expect(newcomers.pids == [41])
    }

    @Test("those of a service that was removed are forgotten, and no others")
    func removal() {
        var newcomers = Newcomers()
        newcomers.add(41, parent: 40, service: 1, now: moment(0))
        newcomers.add(42, parent: 40, service: 2, now: moment(0))
        newcomers.removeAll(of: 1)
        #expect(newcomers.pids == [42])
        newcomers.remove(42)
        #expect(newcomers.pids.isEmpty)
    }
}
