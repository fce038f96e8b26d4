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

    /// Takes the socket over; `request` is under way on `link`, and answered.
    init(socket: Int32, link: FrameLink, request: UInt32) {
        self.socket = socket
        self.link = link
        self.request = request
    }

    deinit { close(socket) }

    /// Each an event's lines, as `--json` writes them. Nil once the other one has left, or let go of the process.
    /// Never waits.
    func take() -> [[JSON]]? {
        let frames: [Frame]
        do throws(FrameLink.Failure) { frames = try link.collect(of: request) } catch { return nil }
        if frames.contains(where: { $0.kind == .end }) { return nil }
        return frames.filter { $0.kind == .event }.map { frame in
            String(decoding: frame.content, as: UTF8.self).split(separator: "\n").compactMap {
                JSONReader.value(of: String($0))
            }
        }
    }
}
