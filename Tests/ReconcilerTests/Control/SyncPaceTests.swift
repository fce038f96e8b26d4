import Testing

@testable import Reconciler

@Suite("The looks of a sync")
struct SyncPaceTests {
    private static let second: Int64 = 1_000_000_000
    /// Milliseconds: waited until now, and the pause.
    private static let pauses: [(Int64, Int64)] = [
        (0, 50), (500, 50), (800, 50), (1600, 100), (8000, 500), (16_000, 1000), (100_000, 1000),
    ]

    @Test("become rarer while it waits", arguments: pauses)
    func pause(waited: Int64, pause: Int64) {
        var pace = SyncPace(since: 7, timeout: 1000 * Self.second)
        #expect(pace.nextLook == 7, "the first one is due at once")
        pace.wait(from: 7 + waited * 1_000_000)
        #expect(pace.nextLook == 7 + (waited + pause) * 1_000_000)
    }

    @Test("end with its time")
    func end() {
        var pace = SyncPace(since: 0, timeout: Self.second)
        pace.wait(from: Self.second - 1)
        #expect(pace.nextLook == Self.second)
    }
}
