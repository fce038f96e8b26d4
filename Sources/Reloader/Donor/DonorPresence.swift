import CLinuxShims
import Glibc
import SystemPackage

/// The first page of the mapping in the target: how far donor and agent are, and what the tool tells them.
struct DonorPresence: AgentPresence {
    /// The process that the agent works in.
    let target: Target
    /// The mapping that it runs on.
    let scratch: Scratch
    /// The thread that has made it.
    let donor: Int32
    /// The numbers of the agent's four pipe ends in the target; empty before it has them.
    var numbers: [Int32] = []

    private var memory: RemoteMemory { RemoteMemory(pid: target.pid) }

    /// Nil once the agent has unmapped the page, or the target is gone.
    var agentStatus: UInt32? { memory.integer(scratch.base + UInt64(PAGE_AGENT_STATUS)) }

    /// Read from the page that agent and tool share; costs one process_vm_readv(2).
    var progress: AgentProgress? {
        agentStatus.map { status in
            if status == UInt32(AGENT_UNFIT) { return .unfit }
            return status < UInt32(AGENT_HAS_GIL) || status == UInt32(AGENT_REFUSED) ? .beforeGIL : .running
        }
    }

    /// The payload is written to the mapping, and the agent may take it and the GIL.
    func start(_ payload: AgentPayload, over pipes: [Int32]) -> Bool {
        guard agentStatus == UInt32(AGENT_HAS_PIPES), !childHolds(pipes),
            let parts = scratch.payload(payload),
            parts.allSatisfy({ memory.write($0.bytes, at: $0.address) })
        else { return false }
        return memory.write(UInt32(TAKEN_GO), at: scratch.base + UInt64(PAGE_TAKEN))
    }

    private func childHolds(_ pipes: [Int32]) -> Bool {
        let names = pipes.compactMap { target.procFS.link(getpid(), "fd/\($0)") }
        return target.procFS.children(target.pid).contains { child in
            numbers.contains { number in
                target.procFS.link(child, "fd/\(number)").map(names.contains) ?? false
            }
        }
    }

    /// See `GILAssist`.
    func helpToGIL(until isDone: () -> Bool) { GILAssist(target: target).help(until: isDone) }

    /// The agent leaves without running Python; it looks until it has the GIL.
    func cancel() {
        _ = memory.write(UInt32(TAKEN_CANCEL), at: scratch.base + UInt64(PAGE_TAKEN))
        confirmLeft()
    }

    /// The numbers of the four pipe ends in the target; nil if the page cannot be read.
    func pipeDescriptors() -> [Int32]? {
        memory.read(scratch.base + UInt64(PAGE_FDS), count: 16).map { bytes in
            (0..<4).map { Int32(littleEndianBytes: bytes[($0 * 4)..<($0 * 4 + 4)]) }
        }
    }

    /// Tells the agent that the donor runs its own code again, so that the page may go.
    ///
    /// The donor says so two instructions before it is true. It is true when it blocks somewhere, or has used more CPU
    /// time than when it said so. Without this the agent waits 100 ms.
    func confirmLeft() {
        let limit: Int64 = 50
        var usedWhenSaid: String?
        let left = Monotonic.wait(milliseconds: limit, every: 50) {
            guard let status: UInt32 = memory.integer(scratch.base + UInt64(PAGE_DONOR_STATUS)) else {
                return true
            }
            guard status == UInt32(DONOR_LEFT) else { return false }
            guard let used = try? target.procFS.text(target.pid, "task/\(donor)/schedstat"),
                let call = try? target.procFS.text(target.pid, "task/\(donor)/syscall")
            else { return true }
            guard let before = usedWhenSaid else {
                usedWhenSaid = used
                return !call.hasPrefix("running")
            }
            return used.prefix { $0 != " " } != before.prefix { $0 != " " } || !call.hasPrefix("running")
        }
        if left { _ = memory.write(UInt32(1), at: scratch.base + UInt64(PAGE_GONE)) }
    }
}
