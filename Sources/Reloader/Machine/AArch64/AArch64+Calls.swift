/// Numbers of Linux `include/uapi/asm-generic/unistd.h`. There is no poll, select, pause or epoll_wait among them.
extension AArch64 {
    /// The number of the call in the generic table (include/uapi/asm-generic/unistd.h).
    package static func number(of call: RemoteCall) -> UInt64 {
        switch call {
        case .mmap: 222
        case .mprotect: 226
        case .munmap: 215
        }
    }

    /// The way back through a signal frame forgets a call's restart block. A sleep of relative length needs it and is
    /// left alone; a futex's time is absolute; ppoll(2) and pselect6(2) wrote what is left into the caller's
    /// timespec.
    package static func waitingCall(_ call: BlockedCall) -> WaitingCall? {
        guard let waiting = waitingCalls[call.number] else { return nil }
        if waiting == .clockNanosleep, call.arguments[1] & timerAbsolute == 0 { return nil }
        return waiting
    }

    private static let timerAbsolute: UInt64 = 1

    private static let waitingCalls: [Int: WaitingCall] = [
        22: .epollPwait, 32: .flock, 63: .read, 64: .write, 65: .readv, 66: .writev, 72: .pselect6,
        73: .ppoll,
        95: .waitid, 98: .futex, 115: .clockNanosleep, 133: .rtSigsuspend, 202: .accept, 203: .connect,
        206: .sendto, 207: .recvfrom, 211: .sendmsg, 212: .recvmsg, 242: .accept4, 243: .recvmmsg,
        260: .wait4, 441: .epollPwait2,
    ]

    /// sigtimedwait(2): a stop makes it return EINTR, which its callers do not expect; it is restarted by us.
    static let rtSigtimedwait = 137
    /// The kernel's own number for the rest of a timed call.
    static let restartSyscall = 128
    /// futex(2).
    static let futex = 98

    /// The registers of a system call's arguments.
    static let argumentRegisters: [Register] = [.x0, .x1, .x2, .x3, .x4, .x5]

    /// Calls libc's syscall(3), whose first argument is the number. Its bare `svc` would not do: a thread that is
    /// blocked in that function has the very same pc, and the kernel would take our call for the one to restart.
    package static func calling(
        _ call: RemoteCall, _ arguments: [UInt64], from registers: Registers, at places: CodePlaces,
        on frame: SignalFrame
    ) -> Registers {
        var calling = plain(registers)
        calling[.pc] = places.systemCall.value
        calling[.sp] = frame.stackPointer.value
        calling[.x30] = places.restorer.value
        calling[.x0] = number(of: call)
        // Not x7: at the stops of a call the kernel keeps a word of its own in it.
        let parameters: [Register] = [.x1, .x2, .x3, .x4, .x5, .x6]
        let padded = arguments + Array(repeating: 0, count: parameters.count - arguments.count)
        for (register, argument) in zip(parameters, padded) { calling[register] = argument }
        return calling
    }

    /// What the call returned is in the first register: -errno, or a value.
    package static func result(_ registers: Registers) -> Int64 { Int64(bitPattern: registers[.x0]) }

    /// NT_ARM_SYSTEM_CALL, −1: an x0 that we put in is never read as the code of a call to restart.
    package static let noCall: (set: RegisterSet, value: [UInt8])? = (
        RegisterSet(note: 0x404, capacity: 4), [0xff, 0xff, 0xff, 0xff]
    )
}
