import SystemPackage

@testable import Reloader

/// A way in by which nothing is traced, stopped or written to: the process lets the agent in itself.
protocol UntracedEntry: AgentEntry, AgentPresence {
    /// The four pipe ends in the process for the next agent.
    var pipeEnds: [Int32] { get }
}

extension UntracedEntry {
    var limits: AttachLimits { AttachLimits() }

    func prepare(capacity: Int) throws(AttachError) -> PendingAgent {
        do throws(Errno) {
            return try PendingAgent(presence: self, numbers: pipeEnds, limits: limits)
        } catch {
            throw .targetBusy(pid: target.pid, .closesDescriptors)
        }
    }

    func cancel() {}
    func confirmLeft() {}
    func helpToGIL(until isDone: () -> Bool) {}
}
