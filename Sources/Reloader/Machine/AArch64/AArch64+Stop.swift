/// What a stopped thread's registers mean.
///
/// Other than on x86-64, the kernel has prepared the restart of a call before a tracer looks: pc is at the `svc`
/// again and x0 is the first argument, so the registers are the resume state as they are. The same picture means that
/// the call is about to be made, which is as good. A call without a restart has returned EINTR behind the `svc`.
/// Linux `arch/arm64/kernel/signal.c`, arch_do_signal_or_restart().
extension AArch64 {
    private static let interrupted: Int64 = -4

    /// What the thread was stopped in, told by the instruction before the next one and by the registers of the call.
    package static func stop(
        _ registers: Registers, seen: BlockedCall?, memory: some MemorySource
    ) -> Stop<Self> {
        let pc = registers[.pc]
        let here: UInt32? = memory.integer(RemoteAddress(pc))
        if here == systemCallCode { return stopBeforeCall(registers, memory) }
        let before: UInt32? = memory.integer(RemoteAddress(pc &- 4))
        if before == systemCallCode, result(registers) == interrupted {
            return stopBehindCall(registers, seen)
        }
        let state = plain(registers)
        if before == systemCallCode, let seen, isAt(seen, registers) {
            // It was seen waiting in this call, which has completed since: it keeps the result.
            return Stop(call: seen, resumed: state, returned: state, mustBeResumed: false)
        }
        return Stop(call: nil, resumed: state, returned: state, mustBeResumed: false)
    }

    /// A timed futex wait that was ever stopped goes on as restart_syscall(2), for which a return through a signal
    /// frame has no restart block; it is made again then, for its time is absolute.
    private static func stopBeforeCall(_ registers: Registers, _ memory: some MemorySource) -> Stop<Self> {
        var state = plain(registers)
        var number = Int(Int32(truncatingIfNeeded: registers[.x8]))
        if number == restartSyscall, ownNumber(before: registers[.pc], memory) == futex {
            number = futex
            state[.x8] = UInt64(futex)
        }
        let call = BlockedCall(number: number, arguments: registers[argumentRegisters])
        return Stop(call: call, resumed: state, returned: state, mustBeResumed: false)
    }

    /// Of an interrupted call x0 is gone: its first argument is known only if /proc showed the same call before the
    /// stop.
    private static func stopBehindCall(_ registers: Registers, _ seen: BlockedCall?) -> Stop<Self> {
        var state = plain(registers)
        var call = BlockedCall(
            number: Int(Int32(truncatingIfNeeded: registers[.x8])), arguments: registers[argumentRegisters])
        var isRestarted = false
        if let seen, isAt(seen, registers), seen.arguments.dropFirst() == call.arguments.dropFirst() {
            call = seen
            isRestarted = call.number == rtSigtimedwait || isEndlessEpoll(call)
        }
        if isRestarted {
            state[.pc] &-= 4
            state[.x0] = call.arguments[0]
        }
        let isEpoll = [.epollPwait, .epollPwait2].contains(waitingCall(call))
        return Stop(
            call: isEpoll || call.number == rtSigtimedwait ? call : nil, resumed: state, returned: state,
            mustBeResumed: isRestarted && call.number == rtSigtimedwait)
    }

    private static func isAt(_ seen: BlockedCall, _ registers: Registers) -> Bool {
        seen.isAt(
            number: Int(Int32(truncatingIfNeeded: registers[.x8])), stackPointer: registers[.sp],
            codePointer: registers[.pc])
    }

    private static func isEndlessEpoll(_ call: BlockedCall) -> Bool {
        [.epollPwait, .epollPwait2].contains(waitingCall(call)) && suitability(of: call) == .endless
    }

    /// The number that the code before an `svc` puts into x8 (`mov x8, #number`), looked for in the same function.
    private static func ownNumber(before pc: UInt64, _ memory: some MemorySource) -> Int? {
        guard let code = memory.read(RemoteAddress(pc &- 48), count: 48) else { return nil }
        for offset in stride(from: 44, through: 0, by: -4) {
            let word = UInt32(littleEndianBytes: code[offset..<(offset + 4)])
            if word == returnCode || word == branchTargetCode { return nil }
            if word & 0x7fe0_001f == 0x5280_0008 { return Int(word >> 5 & 0xffff) }
        }
        return nil
    }
}
