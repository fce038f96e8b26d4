/// When a sync that is not decided yet is looked at again. All times are CLOCK_MONOTONIC in nanoseconds.
///
/// A look costs time of the loop that is to decide it: the longer a sync has waited, the rarer are the looks.
struct SyncPace: Equatable {
    private static let shortest: Int64 = 50_000_000
    private static let longest: Int64 = 1_000_000_000
    /// A pause is this part of the time waited.
    private static let part: Int64 = 16

    /// When it was asked for.
    private let start: Int64
    /// When its time is over.
    let deadline: Int64
    private(set) var nextLook: Int64

    /// The first look is due at once.
    init(since now: Int64, timeout: Int64) {
        start = now
        deadline = now + timeout
        nextLook = now
    }

    /// Looks again after a pause, or at the end of its time.
    mutating func wait(from now: Int64) {
        let pause = min(max(Self.shortest, (now - start) / Self.part), Self.longest)
        nextLook = min(deadline, now + pause)
    }
}
