import CLinuxShims
import Glibc
import SystemPackage

/// An agent's thread that waits for its payload; without one it leaves after three seconds, or when this value ends.
package struct PendingAgent: ~Copyable {
    private let presence: AgentPresence
    private let numbers: [Int32]
    private let limits: AttachLimits
    private let toAgent: Int32
    private let fromAgent: Int32
    private var isStarted = false

    /// `numbers`: the four pipe ends in the target. Takes copies of those that are ours.
    init(presence: AgentPresence, numbers: [Int32], limits: AttachLimits) throws(Errno) {
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
        self.numbers = numbers
        self.limits = limits
    }

    /// Hands the payload over and lets the agent take the GIL. Nil if the agent must be made again: it has left, has no room
    /// for the payload, or a child was forked meanwhile and holds the pipes (its copies would keep them open for ever).
    package consuming func start(_ payload: AgentPayload) -> AgentChannel? {
        let memory = RemoteMemory(pid: presence.target.pid)
        guard presence.agentStatus == UInt32(AGENT_HAS_PIPES), !childHoldsPipes,
            let parts = presence.scratch.payload(payload),
            parts.allSatisfy({ memory.write($0.bytes, at: $0.address) })
        else { return nil }
        presence.go()
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

    private var childHoldsPipes: Bool {
        let procFS = presence.target.procFS
        let pipes = [toAgent, fromAgent].compactMap { procFS.link(getpid(), "fd/\($0)") }
        return procFS.children(presence.target.pid).contains { child in
            numbers.contains { number in procFS.link(child, "fd/\(number)").map(pipes.contains) ?? false }
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
