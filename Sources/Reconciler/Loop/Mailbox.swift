package import Glibc
import Synchronization

/// What other threads have to say to the loop's thread, in order.
///
/// `next` sleeps in poll(2), so that the same wait also notices processes that end and sockets that speak;
/// nothing wakes up while nothing happens.
package final class Mailbox<Message: Sendable>: Sendable {
    private let messages = Mutex<[Message]>([])
    private let readEnd: Int32
    private let writeEnd: Int32

    /// Why `next` returned.
    package enum Wake: Sendable {
        case message(Message)
        /// These descriptors have something to be read, can be written to, or hung up.
        case ready([Int32])
        case timeout
    }

    /// Nil if no pipe can be made (no descriptors left).
    package init?() {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { return nil }
        for end in ends {
            // Neither can fail on a descriptor that was just made.
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
        }
        (readEnd, writeEnd) = (ends[0], ends[1])
    }

    deinit {
        close(readEnd)
        close(writeEnd)
    }

    /// Adds a message and wakes the reader. May be called on any thread.
    package func post(_ message: Message) {
        messages.withLock { $0.append(message) }
        var byte: UInt8 = 1
        _ = write(writeEnd, &byte, 1)  // a full pipe wakes the reader just as well
    }

    /// The oldest message, or why there is none. `timeout` in milliseconds, nil for ever. `others`: descriptors that end
    /// the wait too, each with the events that are waited for.
    package func next(timeout: Int64?, watching others: [pollfd]) -> Wake {
        let deadline = timeout.map { Self.milliseconds + $0 }
        var polled = [pollfd(fd: readEnd, events: Int16(POLLIN), revents: 0)] + others
        while true {
            if let message = messages.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) {
                return .message(message)
            }
            let left = deadline.map { Int32(clamping: max(0, $0 - Self.milliseconds)) } ?? -1
            let count = poll(&polled, nfds_t(polled.count), left)
            if polled[0].revents != 0 { drain() }
            if !messages.withLock({ $0.isEmpty }) { continue }
            let ready = polled.dropFirst().filter { $0.revents != 0 }.map(\.fd)
            if count > 0, !ready.isEmpty { return .ready(ready) }
            if count == 0, deadline != nil { return .timeout }
        }
    }

    private func drain() {
        var bytes = [UInt8](repeating: 0, count: 512)
        while read(readEnd, &bytes, bytes.count) == bytes.count {}
    }

    private static var milliseconds: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }
}
