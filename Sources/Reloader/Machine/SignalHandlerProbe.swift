/// Whether a stopped thread is inside a signal handler.
enum SignalHandlerProbe {
    private static let depth: UInt64 = 256 * 1024

    /// Looks for the handler's frame on the thread's stack; true where that is unknown, so that the thread is left
    /// alone.
    static func isRunning(_ registers: Host.Registers, target: Target, memory: RemoteMemory) -> Bool {
        let stackPointer = registers[Host.stackPointer]
        guard let map = try? target.procFS.memoryMap(target.pid),
            let stack = map.region(containing: stackPointer)
        else { return true }
        let start = stackPointer & ~7
        let count = min(stack.range.upperBound - start, depth)
        guard let bytes = memory.read(RemoteAddress(start), count: Int(count)) else { return true }
        return Host.holdsSignalFrame(bytes, from: start, restorer: target.symbols.places.restorer) {
            map.region(containing: $0)?.isExecutable == true
        }
    }
}
