import CLinuxShims
import Glibc

/// The two pipes to an agent: frames of a little-endian 32-bit length and that many bytes, both ways.
///
/// Private by construction: there is no path and no port. Closing it ends the agent.
package struct AgentChannel: ~Copyable {
    private let presence: AgentPresence
    private let toAgent: Int32
    private let fromAgent: Int32
    private let limits: AttachLimits
    /// Larger frames than this are not ours.
    private static let largestFrame = 256 << 20

    init(presence: AgentPresence, toAgent: Int32, fromAgent: Int32, limits: AttachLimits) {
        self.presence = presence
        self.toAgent = toAgent
        self.fromAgent = fromAgent
        self.limits = limits
        _ = fcntl(toAgent, F_SETFL, fcntl(toAgent, F_GETFL) | O_NONBLOCK)
    }

    private var target: Target { presence.target }

    var pipes: Set<UInt64> { Set([toAgent, fromAgent].compactMap(PipeEnd.inode)) }

    /// The next frame's content. `timeout` in milliseconds; nil is the limit of an answer.
    package func receive(timeout: Int64? = nil) throws(AttachError) -> [UInt8] {
        let deadline = Monotonic.now + (timeout ?? limits.answer) * 1_000_000
        let header = try read(count: 4, deadline: deadline)
        let count = Int(UInt32(littleEndianBytes: header[...]))
        guard count <= Self.largestFrame else { throw .targetBusy(pid: target.pid, .noAnswer) }
        let content = try read(count: count, deadline: deadline)
        StageLog.shared.enter(.answered)
        return content
    }

    package func send(_ content: [UInt8]) throws(AttachError) {
        let frame = UInt32(content.count).littleEndianBytes + content
        let deadline = Monotonic.now + limits.answer * 1_000_000
        var sent = 0
        while sent < frame.count {
            let count = frame[sent...].withUnsafeBytes { write(toAgent, $0.baseAddress, $0.count) }
            if count > 0 {
                sent += count
            } else if errno == EAGAIN {
                try wait(for: toAgent, events: Int16(POLLOUT), deadline: deadline)
            } else if errno != EINTR {
                throw ended()
            }
        }
    }

    private func read(count: Int, deadline: Int64) throws(AttachError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var have = 0
        while have < count {
            try wait(for: fromAgent, events: Int16(POLLIN), deadline: deadline)
            let got = bytes[have...].withUnsafeMutableBytes {
                Glibc.read(fromAgent, $0.baseAddress, $0.count)
            }
            if got > 0 {
                have += got
            } else if got == 0 || errno != EINTR {
                throw ended()
            }
        }
        return bytes
    }

    private func wait(for descriptor: Int32, events: Int16, deadline: Int64) throws(AttachError) {
        while true {
            let left = max(0, (deadline - Monotonic.now + 999_999) / 1_000_000)
            var polled = [
                pollfd(fd: descriptor, events: events, revents: 0),
                pollfd(fd: target.pidfd, events: Int16(POLLIN), revents: 0),
            ]
            let ready = poll(&polled, 2, Int32(left))
            if ready < 0, errno == EINTR { continue }
            if polled[0].revents != 0 { return }
            if polled[1].revents != 0 { throw .targetGone(pid: target.pid) }
            let waitsForGIL = presence.agentStatus.map { $0 < UInt32(AGENT_HAS_GIL) } ?? false
            presence.cancel()
            throw .targetBusy(pid: target.pid, waitsForGIL ? .noGIL : .noAnswer)
        }
    }

    /// Why the agent closed its ends before it answered.
    private func ended() -> AttachError {
        if !target.isSame { return .targetGone(pid: target.pid) }
        return presence.agentStatus == UInt32(AGENT_REFUSED)
            ? .targetExiting(pid: target.pid) : .targetBusy(pid: target.pid, .left)
    }

    /// Lets the agent go and waits until nothing of it is left, two seconds at most.
    package consuming func close() {}  // deinit does it

    deinit {
        StageLog.shared.enter(.closing)
        Glibc.close(toAgent)
        Glibc.close(fromAgent)
        presence.confirmDonorLeft()
        _ = Monotonic.wait(milliseconds: limits.leave, every: 100) {
            presence.agentStatus == nil || target.agentThreads.isEmpty
        }
        StageLog.shared.enter(.gone)
    }
}
