package import Glibc

/// What a stopped thread's registers mean, and the state in which it goes on as if nothing had been.
///
/// A stop makes a blocked call return a kernel-internal code in rax: −512…−514 (restart the call), −516 (restart with
/// the time that is left), or −4 (EINTR: the call has no restart). Linux `arch/x86/kernel/signal.c`.
extension user_regs_struct {
    private static let restartCodes: ClosedRange<Int64> = -514 ... -512
    private static let restartBlock: Int64 = -516
    private static let interrupted: Int64 = -4
    private static let restartSyscallNumber: UInt64 = 219

    package var result: Int64 { Int64(bitPattern: UInt64(rax)) }

    /// The call that the stop interrupted; nil if it had completed, or none was under way.
    package var interruptedCall: BlockedCall? {
        let number = Int64(bitPattern: UInt64(orig_rax))
        guard number >= 0,
            Self.restartCodes.contains(result) || result == Self.restartBlock || result == Self.interrupted
        else { return nil }
        return BlockedCall(
            number: Int(number), arguments: [rdi, rsi, rdx, r10, r8, r9].map { UInt64($0) })
    }

    /// Registers with which the thread goes on in the interrupted call, set by us instead of by the kernel.
    package func resumed() -> user_regs_struct {
        var state = self
        defer { state.orig_rax = .max }
        guard let call = interruptedCall else { return state.withoutPendingCall }
        if Self.restartCodes.contains(result) || (result == Self.interrupted && call.isRestartedByUs) {
            state.rip -= 2
            state.rax = state.orig_rax
        } else if result == Self.restartBlock {
            state.rip -= 2
            state.rax = numericCast(Self.restartSyscallNumber)
        }
        return state.withoutPendingCall
    }

    /// The same for a return through a signal frame: rt_sigreturn(2) forgets the restart block, so such a call ends with EINTR.
    package func resumedThroughSignalReturn() -> user_regs_struct {
        guard result == Self.restartBlock, interruptedCall != nil else { return resumed() }
        var state = self
        state.rax = numericCast(UInt64(bitPattern: Self.interrupted))
        return state.withoutPendingCall
    }

    private var withoutPendingCall: user_regs_struct {
        var state = self
        state.orig_rax = .max
        state.eflags &= ~0x100  // single-step flag of a debugger's leftovers
        return state
    }
}

extension BlockedCall {
    /// EINTR after a stop, where a restart keeps the meaning: endless epoll waits, and sigtimedwait (its time begins anew).
    fileprivate var isRestartedByUs: Bool {
        if number == Self.rtSigtimedwait { return true }
        switch SystemCall(rawValue: number) {
        case .epollWait, .epollPwait, .epollPwait2: return suitability == .endless
        default: return false
        }
    }
}
