import Glibc

/// Whether a stopped thread is inside a signal handler: its stack holds a frame that leads to libc's restorer.
enum SignalHandlerProbe {
    private static let depth: UInt64 = 256 * 1024
    private static let userCodeSegment: UInt64 = 0x33

    static func isRunning(_ registers: user_regs_struct, target: Target, memory: RemoteMemory) -> Bool {
        guard let map = try? target.procFS.memoryMap(target.pid),
            let stack = map.region(containing: UInt64(registers.rsp))
        else { return true }  // unknown: leave the thread alone
        let start = UInt64(registers.rsp) & ~7
        let count = min(stack.range.upperBound - start, depth)
        guard let bytes = memory.read(RemoteAddress(start), count: Int(count)) else { return true }
        let restorer = target.symbols.restorer.value
        for offset in stride(from: 0, to: bytes.count - 7, by: 8) {
            guard word(bytes, offset) == restorer else { continue }
            // struct ucontext behind it: rsp is register 15, rip 16, cs the low half of word 18, from byte 48 on.
            let context = offset + 48
            guard context + 19 * 8 <= bytes.count else { continue }
            let code = word(bytes, context + 16 * 8)
            if word(bytes, context + 18 * 8) & 0xffff == userCodeSegment, word(bytes, offset + 16) == 0,
                word(bytes, context + 15 * 8) >= start, map.region(containing: code)?.isExecutable == true
            {
                return true
            }
        }
        return false
    }

    private static func word(_ bytes: [UInt8], _ offset: Int) -> UInt64 {
        UInt64(littleEndianBytes: bytes[offset..<(offset + 8)])
    }
}
