import CLinuxShims
import Glibc
import SystemPackage

/// An agent's thread that waits for its payload; without one it leaves after three seconds, or when this value ends.
package struct PendingAgent: ~Copyable {
    private let presence: any AgentPresence
    private let limits: AttachLimits
    private let toAgent: Int32
    private let fromAgent: Int32
    private var isStarted = false

    /// `numbers`: the four pipe ends in the target. Takes copies of those that are ours.
    init(presence: any AgentPresence, numbers: [Int32], limits: AttachLimits) throws(Errno) {
        let writing = try Self.duplicate(numbers[1], of: presence.target, flags: O_WRONLY)
        do throws(Errno) {
            fromAgent = try Self.duplicate(numbers[2], of: presence.target, flags: O_RDONLY)
        } catch {
            close(writing)
            throw error
        }
        toAgent = writing
        PipeEnd.mark(toAgent)
        PipeEnd.mark(fromAgent)
        self.presence = presence
        self.limits = limits
    }

    /// Hands the payload over and lets the agent take the GIL. Nil if the agent must be made again.
    package consuming func start(_ payload: AgentPayload) -> AgentChannel? {
        guard presence.start(payload, over: [toAgent, fromAgent]) else { return nil }
        StageLog.shared.enter(.taken)
        isStarted = true
        return AgentChannel(
            presence: presence, toAgent: toAgent, fromAgent: fromAgent, limits: limits,
            hasRequest: !payload.request.isEmpty)
    }

    deinit {
        if !isStarted {
            presence.cancel()
            close(toAgent)
            close(fromAgent)
        }
    }

    /// pidfd_getfd(2), or before Linux 5.6 a new descriptor of the same pipe through /proc.
    private static func duplicate(_ number: Int32, of target: Target, flags: Int32) throws(Errno) -> Int32 {
        let copied = midflight_pidfd_getfd(target.pidfd, number)
        if copied >= 0 { return Int32(copied) }
        let opened = open(target.procFS.path(target.pid, "fd/\(number)").string, flags | O_CLOEXEC)
        guard opened >= 0 else { throw Errno(rawValue: errno) }
        return opened
    }
}
