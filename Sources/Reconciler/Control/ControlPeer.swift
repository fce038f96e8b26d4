import Glibc
import Reloader

/// One client of a running midflight: what it has sent, and what it has not read yet.
struct ControlPeer {
    /// Who waits for an answer: a client, which is never mistaken for a later one, and the number of its request.
    struct Caller: Hashable, Sendable {
        /// Counts the clients of this midflight; not used again.
        var client: Int
        /// As the client has numbered it; free again after its end.
        var request: UInt32
    }

    /// Requests that a client may have under way.
    static let mostRequests = 16

    /// Its connection; the peer owns it.
    let descriptor: Int32
    /// Who it is, as the kernel says.
    let user: UInt32
    /// Holds the bytes of a request that is not whole yet.
    private var reader: FrameReader
    /// Frames that the client has not read.
    private var queue: FrameQueue
    /// Requests that have no end yet.
    private(set) var requests: Set<UInt32> = []

    /// `longest`: bytes of a request.
    init(descriptor: Int32, user: UInt32, longest: Int, limits: FrameQueue.Limits) {
        self.descriptor = descriptor
        self.user = user
        reader = FrameReader(longest: longest)
        queue = FrameQueue(limits: limits)
    }

    /// What to wait for.
    var interest: pollfd {
        let events = POLLIN | (queue.isEmpty ? 0 : POLLOUT)
        return pollfd(fd: descriptor, events: Int16(events), revents: 0)
    }

    /// CLOCK_MONOTONIC in nanoseconds: when a client that reads nothing is given up.
    var deadline: Int64? { queue.deadline }

    /// Reads what is there. The requests that are whole by now; nil if the client has left, or speaks otherwise than
    /// we do.
    mutating func receive() -> [Frame]? {
        var chunk = [UInt8](repeating: 0, count: 16_384)
        let count = recv(descriptor, &chunk, chunk.count, Int32(MSG_DONTWAIT))
        if count < 0, errno == EAGAIN || errno == EINTR { return [] }
        guard count > 0 else { return nil }
        reader.append(chunk[..<count])
        var frames: [Frame] = []
        do throws(FrameReader.Failure) {
            while let frame = try reader.next() {
                guard frame.kind == .request, !requests.contains(frame.id) else { return nil }
                frames.append(frame)
            }
        } catch {
            return nil
        }
        return frames
    }

    /// Acknowledges a request; false if the client is to be dropped.
    mutating func take(_ request: UInt32, now: Int64) -> Bool {
        requests.insert(request)
        return send(Frame(id: request, kind: .taken), now: now)
    }

    /// Sends a frame now or as soon as the client reads; false if it is to be dropped.
    mutating func send(_ frame: Frame, now: Int64) -> Bool {
        if frame.kind == .end { requests.remove(frame.id) }
        return queue.add(frame, now: now) && flush(now: now)
    }

    /// By request, events that were left out since this was asked last, because the client did not read. Empty as long
    /// as it still has something to read.
    mutating func takeLeftOut() -> [(request: UInt32, count: Int)] {
        guard queue.isEmpty else { return [] }
        return requests.sorted().map { ($0, queue.takeDropped(of: $0)) }.filter { $0.1 > 0 }
    }

    /// False if the client has left.
    mutating func flush(now: Int64) -> Bool {
        let descriptor = descriptor
        while !queue.isEmpty {
            let count = queue.send(now: now) { bytes in
                let count = Glibc.send(
                    descriptor, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL | MSG_DONTWAIT))
                if count >= 0 { return count }
                return errno == EAGAIN || errno == EINTR ? 0 : nil
            }
            guard let count else { return false }
            if count == 0 { break }
        }
        return true
    }
}
