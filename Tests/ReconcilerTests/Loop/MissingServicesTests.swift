import Testing

@testable import Reconciler

@Suite("Services that do not run are looked for at the right times")
struct MissingServicesTests {
    /// Milliseconds from `start`, in the nanoseconds that the values take.
    private func moment(_ milliseconds: Int64) -> Int64 { 7_000_000_000 + milliseconds * 1_000_000 }

    @Test("without a missing service there is nothing to wait for")
    func nothing() {
        var missing = MissingServices(now: moment(0))
        #expect(missing.isEmpty && missing.timeout(now: moment(0), isTold: true) == nil)
        #expect(missing.due(now: moment(0), isTold: true).isEmpty)
        missing.begin(3, now: moment(0))
        missing.end(3)
        #expect(missing.isEmpty && missing.timeout(now: moment(0), isTold: false) == nil)
    }

    @Test("after a program began there are seven looks, then none until the kernel tells of another one")
    func toldByTheKernel() {
        var missing = MissingServices(now: moment(0))
        missing.begin(3, former: 41, now: moment(0))
        for look in [0, 50, 200, 600, 1500, 4000, 10_000] as [Int64] {
            #expect(missing.timeout(now: moment(look) - 1, isTold: true) == 1, "at \(look)")
            #expect(missing.due(now: moment(look) - 1, isTold: true).isEmpty, "at \(look)")
            #expect(missing.due(now: moment(look), isTold: true) == [3], "at \(look)")
        }
        #expect(missing.timeout(now: moment(10_001), isTold: true) == nil)
        missing.programBegan(now: moment(60_000))
        #expect(missing.timeout(now: moment(60_000), isTold: true) == 0)
        #expect(missing.due(now: moment(60_000), isTold: true) == [3])
        #expect(missing.services[3]?.former == 41)
    }

    @Test("where nobody tells, the looks go on and come to lie five seconds apart")
    func slowLooks() {
        var missing = MissingServices(now: moment(0))
        missing.begin(3, now: moment(0))
        for look in [0, 50, 200, 600, 1500, 4000, 10_000] as [Int64] {
            #expect(missing.due(now: moment(look), isTold: false) == [3])
        }
        var now: Int64 = 10_000
        var pauses: [Int64] = []
        for _ in 0..<9 {
            let pause = missing.timeout(now: moment(now), isTold: false) ?? -1
            pauses.append(pause)
            now += pause
            #expect(missing.due(now: moment(now), isTold: false) == [3])
        }
        #expect(pauses == [0, 100, 200, 400, 800, 1600, 3200, 5000, 5000])
    }

    @Test("a service that we launch ourselves is looked at although the kernel tells of other programs")
    func launchedByUs() {
        var missing = MissingServices(now: moment(0))
        missing.begin(1, now: moment(0))
        missing.begin(2, isOurs: true, now: moment(0))
        for look in [0, 50, 200, 600, 1500, 4000, 10_000] as [Int64] {
            #expect(missing.due(now: moment(look), isTold: true) == [1, 2])
        }
        #expect(missing.due(now: moment(10_000), isTold: true) == [2])
    }
}
