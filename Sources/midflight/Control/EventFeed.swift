import Glibc
import Reloader

/// What another midflight tells of the processes that it controls, read while we do something else.
final class EventFeed {
    /// Ours; closed with the feed.
    private let socket: Int32
    /// Keeps what was received and not taken yet.
    private let link: FrameLink
    /// The request that stays open for events.
    private let request: UInt32
    /// Who tells.
    private let holder: Int32
    /// Events that we did not collect in time, so far.
    private var dropped = 0
    /// To the user: what was told and not heard.
    var warn: (String) -> Void = { _ in }

    /// Takes the socket over; `request` is under way on `link`, and answered.
    init(socket: Int32, link: FrameLink, request: UInt32, holder: Int32) {
        self.socket = socket
        self.link = link
        self.request = request
        self.holder = holder
    }

    deinit { close(socket) }

    /// Each an event's lines, as `--json` writes them. Nil once the other one has left, or let go of the process.
    /// Never waits.
    func take() -> [[JSON]]? {
        let frames: [Frame]
        do throws(FrameLink.Failure) { frames = try link.collect(of: request) } catch { return nil }
        if frames.contains(where: { $0.kind == .end }) { return nil }
        let events = frames.filter { $0.kind == .event }.map { frame in
            String(decoding: frame.content, as: UTF8.self).split(separator: "\n").compactMap {
                JSONReader.value(of: String($0))
            }
        }
        noteLosses(events)
        return events.filter { !$0.contains { $0["event"]?.text == "left_out" } }
    }

    /// The other one leaves events out where we are slow to read them, and so do we.
    private func noteLosses(_ events: [[JSON]]) {
        let missed = link.droppedEvents(of: request) - dropped
        dropped += missed
        let told = events.joined().filter { $0["event"]?.text == "left_out" }
        let count = missed + told.compactMap { $0["count"]?.integer }.reduce(0, +)
        guard count > 0 else { return }
        let events = count == 1 ? "1 event" : "\(count) events"
        warn("\(events) of midflight \(holder) came faster than they were read: saves may be missing")
    }
}
