/// What a stopped thread's registers mean.
///
/// A stop makes a blocked call return a kernel-internal code in rax: −512…−514 (restart the call), −516 (restart with
/// the time that is left), or −4 (EINTR: the call has no restart). Linux `arch/x86/kernel/signal.c`.
extension X86_64 {
    private static let restartCodes: ClosedRange<Int64> = -514 ... -512
    private static let restartBlock: Int64 = -516
    private static let interrupted: Int64 = -4
    private static let restartSyscallNumber: UInt64 = 219

    /// What the thread was stopped in, told by the word that keeps the number of an interrupted call.
    package static func stop(
        _ registers: Registers, seen: BlockedCall?, memory: some MemorySource
    ) -> Stop<Self> {
        let call = interruptedCall(registers)
        let isBehindCall = memory.read(RemoteAddress(registers[.rip] &- 2), count: 2) == systemCallCode
        return Stop(
            call: isBehindCall ? call ?? completedCall(registers, seen) : nil,
            resumed: resumed(registers, in: call),
            returned: returned(registers, in: call),
            mustBeResumed: call?.number == rtSigtimedwait && result(registers) == interrupted,
            isRunning: Int64(bitPattern: registers[.origRax]) < 0)
    }

    /// Nil if the call had completed, or none was under way.
    private static func interruptedCall(_ registers: Registers) -> BlockedCall? {
        let number = Int64(bitPattern: registers[.origRax])
        let result = result(registers)
        guard number >= 0,
            restartCodes.contains(result) || result == restartBlock || result == interrupted
        else { return nil }
        return BlockedCall(number: Int(number), arguments: registers[argumentRegisters])
    }

    /// The call that the thread was seen waiting in, when it has completed: the thread stands where it waited, and
    /// keeps the result. Of other calls nothing is known: a library may be loaded around them.
    private static func completedCall(_ registers: Registers, _ seen: BlockedCall?) -> BlockedCall? {
        let number = Int64(bitPattern: registers[.origRax])
        guard number >= 0, let seen,
            seen.isAt(
                number: Int(number), stackPointer: registers[.rsp], codePointer: registers[.rip])
        else { return nil }
        return BlockedCall(number: Int(number), arguments: registers[argumentRegisters])
    }

    private static func resumed(_ registers: Registers, in call: BlockedCall?) -> Registers {
        var state = withoutPendingCall(registers)
        guard let call else { return state }
        let result = result(registers)
        if restartCodes.contains(result) || (result == interrupted && isRestartedByUs(call)) {
            state[.rip] &-= 2
            state[.rax] = registers[.origRax]
        } else if result == restartBlock {
            state[.rip] &-= 2
            state[.rax] = restartSyscallNumber
        }
        return state
    }

    /// Without its restart block a call ends with EINTR.
    private static func returned(_ registers: Registers, in call: BlockedCall?) -> Registers {
        guard result(registers) == restartBlock, call != nil else { return resumed(registers, in: call) }
        var state = withoutPendingCall(registers)
        state[.rax] = UInt64(bitPattern: interrupted)
        return state
    }

    private static func withoutPendingCall(_ registers: Registers) -> Registers {
        var state = registers
        state[.origRax] = .max
        state[.eflags] &= ~singleStepFlag  // a debugger's leftovers
        return state
    }

    /// EINTR after a stop, where a restart keeps the meaning: endless epoll waits, and sigtimedwait (its time begins
    /// again).
    private static func isRestartedByUs(_ call: BlockedCall) -> Bool {
        if call.number == rtSigtimedwait { return true }
        switch waitingCall(call) {
        case .epollWait, .epollPwait, .epollPwait2: return suitability(of: call) == .endless
        default: return false
        }
    }
}
