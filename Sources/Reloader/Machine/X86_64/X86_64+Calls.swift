/// Numbers of Linux `arch/x86/entry/syscalls/syscall_64.tbl`.
extension X86_64 {
    /// The number of the call in arch/x86/entry/syscalls/syscall_64.tbl.
    package static func number(of call: RemoteCall) -> UInt64 {
        switch call {
        case .mmap: 9
        case .mprotect: 10
        case .munmap: 11
        }
    }

    /// The kind of the call, if a thread that waits in it may be borrowed; nil for all others.
    package static func waitingCall(_ call: BlockedCall) -> WaitingCall? { waitingCalls[call.number] }

    private static let waitingCalls: [Int: WaitingCall] = [
        0: .read, 1: .write, 7: .poll, 19: .readv, 20: .writev, 23: .select, 34: .pause, 35: .nanosleep,
        42: .connect, 43: .accept, 44: .sendto, 45: .recvfrom, 46: .sendmsg, 47: .recvmsg, 61: .wait4,
        73: .flock, 130: .rtSigsuspend, 202: .futex, 219: .restartSyscall, 230: .clockNanosleep,
        232: .epollWait, 247: .waitid, 270: .pselect6, 271: .ppoll, 281: .epollPwait, 288: .accept4,
        299: .recvmmsg, 441: .epollPwait2,
    ]

    /// sigtimedwait(2): a stop makes it return EINTR, which its callers do not expect; it is restarted by us.
    static let rtSigtimedwait = 128

    /// The registers of a system call's arguments.
    static let argumentRegisters: [Register] = [.rdi, .rsi, .rdx, .r10, .r8, .r9]

    /// Registers that make one system call from libc's own instruction, whose return address is then the restorer.
    package static func calling(
        _ call: RemoteCall, _ arguments: [UInt64], from registers: Registers, at places: CodePlaces,
        on frame: SignalFrame
    ) -> Registers {
        var calling = registers
        calling[.rip] = places.systemCall.value
        calling[.rsp] = frame.stackPointer.value
        calling[.rax] = number(of: call)
        let padded = arguments + Array(repeating: 0, count: argumentRegisters.count - arguments.count)
        for (register, argument) in zip(argumentRegisters, padded) { calling[register] = argument }
        calling[.origRax] = .max
        calling[.eflags] &= ~singleStepFlag
        return calling
    }

    /// What the call returned is in one register: -errno, or a value.
    package static func result(_ registers: Registers) -> Int64 { Int64(bitPattern: registers[.rax]) }

    /// `orig_rax` is −1 in all registers that we write.
    package static let noCall: (set: RegisterSet, value: [UInt8])? = nil
}
