/// Frames that wait until their stream takes them. Nobody waits for a reader: what it leaves lying is bounded.
///
/// Requests, answers and ends are never left out: a reader for which too much of them waits, or which takes nothing
/// for too long, is given up. Events are left out beyond a bound of their own, and counted.
package struct FrameQueue: Sendable {
    /// What a reader may leave lying, and for how long.
    package struct Limits: Sendable {
        /// Bytes that may wait.
        package var bytes = 64 << 20
        /// Bytes that may wait where one more event is added.
        package var eventBytes = 1 << 20
        /// Nanoseconds without a byte taken.
        package var patience: Int64 = 10_000_000_000

        /// Makes the limits of a control client; an agent's are larger.
        package init() {}
    }

    private var bytes: [UInt8] = []
    private var sent = 0
    private var dropped: [UInt32: Int] = [:]
    private let limits: Limits
    /// CLOCK_MONOTONIC in nanoseconds: when the reader took something, or when there was nothing for it.
    private var lastProgress: Int64 = 0

    /// Nothing waits in a new queue.
    package init(limits: Limits = Limits()) { self.limits = limits }

    /// Bytes that the stream has not taken yet.
    package var waiting: Int { bytes.count - sent }
    /// Whether all was taken.
    package var isEmpty: Bool { waiting == 0 }

    /// False if the reader is to be given up: it has left too much.
    package mutating func add(_ frame: Frame, now: Int64) -> Bool {
        guard frame.kind != .event || waiting + frame.content.count <= limits.eventBytes else {
            dropped[frame.id, default: 0] += 1
            return true
        }
        guard waiting + frame.content.count <= limits.bytes else { return false }
        if isEmpty { lastProgress = now }
        if sent > 0 {
            bytes.removeFirst(sent)
            sent = 0
        }
        bytes.append(contentsOf: frame.bytes)
        return true
    }

    /// How many events of a request were left out since it was asked last.
    package mutating func takeDropped(of id: UInt32) -> Int { dropped.removeValue(forKey: id) ?? 0 }

    /// Hands what waits to `write`, which returns how many of the bytes were taken; nil passes through.
    package mutating func send(now: Int64, _ write: (UnsafeRawBufferPointer) -> Int?) -> Int? {
        guard !isEmpty else { return 0 }
        guard let count = bytes.withUnsafeBytes({ write(UnsafeRawBufferPointer(rebasing: $0[sent...])) })
        else { return nil }
        if count > 0 { lastProgress = now }
        sent += count
        if isEmpty {
            bytes.removeAll(keepingCapacity: bytes.capacity <= 1 << 16)
            sent = 0
        }
        return count
    }

    /// CLOCK_MONOTONIC in nanoseconds; nil if nothing waits.
    package var deadline: Int64? { isEmpty ? nil : lastProgress + limits.patience }
}
