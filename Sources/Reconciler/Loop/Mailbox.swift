package import Glibc
import Reloader
import Synchronization
import SystemPackage
import Watcher

/// What other threads have to say to the loop's thread, in order.
///
/// `next` sleeps in poll(2), so that the same wait also notices processes that end and sockets that speak;
/// nothing wakes up while nothing happens.
package final class Mailbox<Message: Sendable>: Sendable {
    /// Held for one message only; never while somebody sleeps.
    private let messages = Mutex<[Message]>([])
    /// Readable while a message may be there.
    private let pipe: WakePipe

    /// Why `next` returned.
    package enum Wake: Sendable {
        /// The oldest one; it is in the mailbox no more.
        case message(Message)
        /// These descriptors have something to be read, can be written to, or hung up.
        case ready([Int32])
        /// The time is over, and nothing happened.
        case timeout
    }

    /// Nil if no pipe can be made (no descriptors left).
    package init?() {
        do throws(Errno) { pipe = try WakePipe() } catch { return nil }
    }

    /// Adds a message and wakes the reader. May be called on any thread.
    package func post(_ message: Message) {
        messages.withLock { $0.append(message) }
        pipe.wake()
    }

    /// Puts back what was taken out, before all others and in this order.
    package func postBack(_ taken: [Message]) {
        messages.withLock { $0.insert(contentsOf: taken, at: 0) }
        pipe.wake()
    }

    /// The oldest message, or why there is none. `timeout` in milliseconds, nil for ever. `others`: descriptors that
    /// end the wait too, each with the events that are waited for.
    package func next(timeout: Int64?, watching others: [pollfd]) -> Wake {
        let deadline = timeout.map { Monotonic.now + $0 * 1_000_000 }
        var polled = [pollfd(fd: pipe.reader, events: Int16(POLLIN), revents: 0)] + others
        while true {
            if let message = messages.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) {
                return .message(message)
            }
            let left =
                deadline.map { Int32(clamping: Monotonic.milliseconds(until: $0, now: Monotonic.now)) } ?? -1
            let count = poll(&polled, nfds_t(polled.count), left)
            if polled[0].revents != 0 { pipe.drain() }
            if !messages.withLock({ $0.isEmpty }) { continue }
            let ready = polled.dropFirst().filter { $0.revents != 0 }.map(\.fd)
            if count > 0, !ready.isEmpty { return .ready(ready) }
            if count == 0, deadline != nil { return .timeout }
        }
    }
}
