import Glibc

/// Requests and what comes back for them, over two descriptors that somebody else owns; both may be the same socket.
///
/// Several requests may be under way: each has its own frames. Not for several threads at once.
package final class FrameLink {
    /// Why a conversation cannot go on.
    package enum Failure: Error, Sendable, Hashable {
        /// The other side has closed its end; or its process has ended, and nothing of it is left to be read.
        case closed
        /// Nothing by the deadline.
        case tooSlow
        /// Not our frames.
        case malformed
    }

    private let input: Int32
    private let output: Int32
    private let isSocket: Bool
    /// Becomes readable when the other side's process ends; -1 if that closes the stream anyway.
    private let pidfd: Int32
    private var reader = FrameReader(longest: 256 << 20)
    private var queue = FrameQueue(limits: FrameLink.queueLimits)
    private var inbox = FrameInbox()
    private var lastID: UInt32

    private static let queueLimits: FrameQueue.Limits = {
        var limits = FrameQueue.Limits()
        limits.bytes = 256 << 20
        return limits
    }()

    /// `output` must not block (a pipe), or is a socket. `given`: requests that the other side has in another way;
    /// they have the numbers from 1 on.
    package init(input: Int32, output: Int32, isSocket: Bool, pidfd: Int32 = -1, given: UInt32 = 0) {
        self.input = input
        self.output = output
        self.isSocket = isSocket
        self.pidfd = pidfd
        lastID = given
        for id in 0..<given { inbox.open(id + 1) }
    }

    /// What to poll for the frames of `collect`.
    package var descriptor: Int32 { input }

    /// Sends a request, or as much of it as the stream takes at once, and returns its number.
    package func post(_ content: [UInt8]) throws(Failure) -> UInt32 {
        lastID += 1
        guard queue.add(Frame(id: lastID, kind: .request, content: content), now: Monotonic.now) else {
            throw .tooSlow
        }
        inbox.open(lastID)
        try flush()
        return lastID
    }

    /// Waits until all that was posted is sent. `deadline`: CLOCK_MONOTONIC in nanoseconds.
    package func finishSending(by deadline: Int64) throws(Failure) {
        while !queue.isEmpty { try exchange(deadline: deadline) }
    }

    /// The next frame of a request, its acknowledgement left out.
    package func next(of id: UInt32, by deadline: Int64) throws(Failure) -> Frame {
        while true {
            if let frame = inbox.take(id) { return frame }
            guard inbox.isOpen(id) else { throw .closed }
            try exchange(deadline: deadline)
        }
    }

    /// Whether a frame of the request is there for `next`; waits for one until the deadline.
    package func hasFrame(of id: UInt32, by deadline: Int64) throws(Failure) -> Bool {
        while inbox.isOpen(id), !inbox.hasFrame(id) {
            do throws(Failure) { try exchange(deadline: deadline) } catch {
                guard error == .tooSlow else { throw error }
                return false
            }
        }
        return true
    }

    /// Whether there is something to be read.
    package var hasNews: Bool {
        var polled = pollfd(fd: input, events: Int16(POLLIN), revents: 0)
        return poll(&polled, 1, 0) > 0
    }

    /// The frames of a request that are there by now. Never waits.
    package func collect(of id: UInt32) throws(Failure) -> [Frame] {
        do throws(Failure) { try exchange(deadline: 0) } catch  where error == .tooSlow {}
        var frames: [Frame] = []
        while let frame = inbox.take(id) { frames.append(frame) }
        return frames
    }

    /// Whether the other side has acknowledged the request: it must not be sent a second time.
    package func isTaken(_ id: UInt32) -> Bool { inbox.isTaken(id) }

    /// Events of the request that were dropped because nobody collected them.
    package func droppedEvents(of id: UInt32) -> Int { inbox.droppedEvents(of: id) }

    /// What still comes for the request is dropped.
    package func forget(_ id: UInt32) { inbox.close(id) }

    /// Writes what waits, reads what is there; waits for either until the deadline.
    private func exchange(deadline: Int64) throws(Failure) {
        try flush()
        let left = Monotonic.milliseconds(until: deadline, now: Monotonic.now)
        var polled = [
            pollfd(fd: input, events: Int16(POLLIN), revents: 0),
            pollfd(fd: queue.isEmpty ? -1 : output, events: Int16(POLLOUT), revents: 0),
            pollfd(fd: pidfd, events: Int16(POLLIN), revents: 0),
        ]
        let ready = poll(&polled, nfds_t(polled.count), Int32(clamping: left))
        if ready < 0, errno == EINTR { return }
        if polled[0].revents != 0 { return try readWhatIsThere() }
        if polled[1].revents != 0 { return try flush() }
        throw polled[2].revents != 0 ? .closed : .tooSlow
    }

    private func readWhatIsThere() throws(Failure) {
        let room = min(max(reader.missing, 1 << 16), 1 << 20)
        var count = 0
        let piece = [UInt8](unsafeUninitializedCapacity: room) { buffer, initialized in
            count = read(input, buffer.baseAddress, buffer.count)
            initialized = max(0, count)
        }
        if count < 0, errno == EINTR || errno == EAGAIN { return }
        guard count > 0 else { throw .closed }
        reader.append(piece)
        do throws(FrameReader.Failure) {
            while let frame = try reader.next() { inbox.add(frame) }
        } catch {
            throw .malformed
        }
    }

    private func flush() throws(Failure) {
        let (output, isSocket) = (output, isSocket)
        while !queue.isEmpty {
            let count = queue.send(now: Monotonic.now) { bytes in
                let flags = Int32(MSG_NOSIGNAL | MSG_DONTWAIT)
                let count =
                    isSocket
                    ? send(output, bytes.baseAddress, bytes.count, flags)
                    : write(output, bytes.baseAddress, bytes.count)
                if count >= 0 { return count }
                return errno == EAGAIN || errno == EINTR ? 0 : nil
            }
            guard let count else { throw .closed }
            if count == 0 { return }
        }
    }
}
