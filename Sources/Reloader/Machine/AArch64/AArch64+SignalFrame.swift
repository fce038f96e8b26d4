/// `struct rt_sigframe` of Linux `arch/arm64/kernel/signal.c`.
extension AArch64 {
    /// NT_PRFPREG (v0 to v31, FPSR, FPCR), and NT_ARM_POE since Linux 6.12 where the processor has permission overlays.
    package static let extendedState = [
        RegisterSet(note: 2, capacity: 1024), RegisterSet(note: 0x40f, capacity: 64, isRequired: false),
    ]
    /// A stack pointer is a multiple of 16 at every access: the processor traps otherwise.
    package static let frameAlignment = (modulus: UInt64(16), remainder: UInt64(0))

    /// siginfo 128, ucontext with its 4 KiB of records 4,560.
    private static let frameSize: UInt64 = 4688
    /// The ABI has no red zone; it is kept for code that does not mind the ABI.
    private static let distance: UInt64 = 128
    private static let vectorRecord: UInt32 = 0x4650_8001
    private static let vectorRecordSize: UInt32 = 528
    private static let overlayRecord: UInt32 = 0x504f_4530

    /// No SVE record: a system call discards what SVE has beyond v0 to v31. ZA, ZT and TPIDR2 stay as they are where
    /// their records are absent; POR_EL0 does so only since Linux 6.13, so it has its record.
    package static func signalFrame(
        of stop: Stop<Self>, extended: [[UInt8]], signalMask: UInt64, restorer: RemoteAddress
    ) -> SignalFrame? {
        guard let vectors = extended.first, vectors.count >= 520 else { return nil }
        let registers = stop.returned
        // siginfo; uc_flags and uc_link; a ss_flags of no mode, by which the alternate signal stack stays as it is.
        var frame = [UInt8](repeating: 0, count: 128 + 8 + 8)
        frame += [0, 3, 0, signalMask].flatMap { (word: UInt64) in word.littleEndianBytes }
        frame += [UInt8](repeating: 0, count: 128 + 176 - frame.count)
        frame += UInt64(0).littleEndianBytes  // fault_address
        frame += registers.bytes
        frame += [UInt8](repeating: 0, count: 8)
        frame += vectorRecord.littleEndianBytes + vectorRecordSize.littleEndianBytes
        frame += vectors[512..<520] + vectors[0..<512]
        if extended.count > 1, extended[1].count >= 8 {
            frame += overlayRecord.littleEndianBytes + UInt32(16).littleEndianBytes + extended[1][0..<8]
        }
        frame += [UInt8](repeating: 0, count: 16)
        let bottom = (registers[.sp] &- distance &- frameSize) & ~15
        let made = SignalFrame(
            stackPointer: RemoteAddress(bottom), parts: [(RemoteAddress(bottom), frame)])
        return made.isSound(below: registers[.sp], for: Self.self) ? made : nil
    }

    /// A frame's first record is always that of the vector registers; sp, pc and pstate end 8 bytes before it.
    package static func holdsSignalFrame(
        _ stack: [UInt8], from start: UInt64, restorer: RemoteAddress, isCode: (UInt64) -> Bool
    ) -> Bool {
        func word(_ offset: Int) -> UInt64 { UInt64(littleEndianBytes: stack[offset..<(offset + 8)]) }
        let record = UInt64(vectorRecordSize) << 32 | UInt64(vectorRecord)
        let first = 32 + Int((16 - start % 16) % 16)
        for offset in stride(from: first, to: stack.count - 7, by: 16) where word(offset) == record {
            if word(offset - 16) & 0x1f == 0, word(offset - 32) >= start, isCode(word(offset - 24)) {
                return true
            }
        }
        return false
    }
}
