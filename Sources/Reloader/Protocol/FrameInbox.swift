/// Frames that have arrived, by the request that they belong to, until the caller that asked takes them.
///
/// Frames of requests that nobody waits for any more are dropped. Events beyond the bound are dropped and counted.
package struct FrameInbox: Sendable {
    private struct Waiting {
        /// In the order of arrival.
        var frames: [Frame] = []
        /// Bytes of the events among `frames`.
        var eventBytes = 0
        /// Counted from the start of the request.
        var droppedEvents = 0
        /// An answer says so as well as the acknowledgement.
        var isTaken = false
    }

    private var requests: [UInt32: Waiting] = [:]
    /// Bytes of events that may wait for one request.
    private let eventLimit: Int

    /// `eventLimit`: bytes of events that may wait for one request.
    package init(eventLimit: Int = 8 << 20) { self.eventLimit = eventLimit }

    /// Somebody waits for frames of this request from now on.
    package mutating func open(_ id: UInt32) { requests[id] = Waiting() }

    /// Nobody waits for its frames any more.
    package mutating func close(_ id: UInt32) { requests[id] = nil }

    /// Whether somebody waits for its frames.
    package func isOpen(_ id: UInt32) -> Bool { requests[id] != nil }

    /// Whether it was acknowledged: it must not be sent a second time.
    package func isTaken(_ id: UInt32) -> Bool { requests[id]?.isTaken ?? false }

    /// Whether `take` has something for it now.
    package func hasFrame(_ id: UInt32) -> Bool { requests[id].map { !$0.frames.isEmpty } ?? false }

    /// Events of the request that were dropped because nobody took them.
    package func droppedEvents(of id: UInt32) -> Int { requests[id]?.droppedEvents ?? 0 }

    /// Takes in a frame that has arrived.
    package mutating func add(_ frame: Frame) {
        guard var waiting = requests[frame.id] else { return }
        defer { requests[frame.id] = waiting }
        switch frame.kind {
        case .request: return
        case .taken: waiting.isTaken = true
        case .event:
            guard waiting.eventBytes + frame.content.count <= eventLimit else {
                waiting.droppedEvents += 1
                return
            }
            waiting.eventBytes += frame.content.count
            waiting.frames.append(frame)
        case .answer, .end:
            waiting.isTaken = true
            waiting.frames.append(frame)
        }
    }

    /// The oldest frame of the request that nobody has taken; `taken` itself is not among them.
    package mutating func take(_ id: UInt32) -> Frame? {
        guard let frame = requests[id]?.frames.first else { return nil }
        requests[id]?.frames.removeFirst()
        if frame.kind == .event { requests[id]?.eventBytes -= frame.content.count }
        if frame.kind == .end { close(id) }
        return frame
    }
}
