import Glibc

/// A descriptor of an agent's pipes in its target. A child that is forked while the agent is there has a copy of it.
struct PipeEnd: Sendable, Hashable {
    let number: Int32
    /// Of the pipe: tells it from what has the number later.
    let inode: UInt64

    /// The four ends in the target, in the order that the stub made them; the first two are of the pipe to the agent.
    static func list(numbers: [Int32], toAgent: Int32, fromAgent: Int32) -> [PipeEnd] {
        guard let first = inode(toAgent), let second = inode(fromAgent), numbers.count == 4 else { return [] }
        return zip(numbers, [first, first, second, second]).map { PipeEnd(number: $0, inode: $1) }
    }

    private static func inode(_ descriptor: Int32) -> UInt64? {
        var status = stat()
        return fstat(descriptor, &status) == 0 ? UInt64(status.st_ino) : nil
    }
}
