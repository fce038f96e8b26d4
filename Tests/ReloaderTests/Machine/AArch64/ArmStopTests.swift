import Reloader
import Testing

@Suite("Stops on aarch64")
struct ArmStopTests {
    /// `mov x8, #98; mov x0, x1; svc #0; ret` at 0x1000: the system call is at 0x1008.
    private let memory = Canned(
        start: 0xfd0,
        bytes: [UInt8](repeating: 0, count: 48)
            + ([0xd280_0c48, 0xaa01_03e0, 0xd400_0001, 0xd65f_03c0] as [UInt32]).flatMap(\.littleEndianBytes))

    private func stopped(at pc: UInt64, in call: UInt64, first: UInt64 = 5) -> AArch64.Registers {
        var registers = AArch64.Registers()
        registers[.x8] = call
        registers[.x0] = first
        for (index, register) in [AArch64.Register.x1, .x2, .x3, .x4, .x5].enumerated() {
            registers[register] = 0x100 + UInt64(index)
        }
        registers[.sp] = 0x7ff0
        registers[.pc] = pc
        registers[.pstate] = 0x6000_0000 | 1 << 21 | 2 << 10
        return registers
    }

    @Test("a call whose restart the kernel has prepared is the resume state as it is")
    func prepared() {
        let registers = stopped(at: 0x1008, in: 63)
        let stop = AArch64.stop(registers, seen: nil, memory: memory)
        #expect(stop.call?.number == 63)
        #expect(stop.call?.arguments == [5, 0x100, 0x101, 0x102, 0x103, 0x104])
        #expect(stop.suitability == .endless)
        #expect(stop.resumed[.pc] == 0x1008)
        #expect(stop.resumed[.x0] == 5)
        #expect(stop.resumed[.pstate] == 0x6000_0000, "no single step, no kind of branch")
        #expect(stop.returned == stop.resumed)
        #expect(!stop.mustBeResumed)
    }

    @Test("a futex wait that was stopped before is made anew with its own number")
    func restartedFutex() {
        var registers = stopped(at: 0x1008, in: 128)
        registers[.x1] = 0x189
        let stop = AArch64.stop(registers, seen: nil, memory: memory)
        #expect(stop.call?.number == 98)
        #expect(stop.suitability == .timed)
        #expect(stop.resumed[.x8] == 98)
    }

    @Test(
        "a restarted call whose number is not that of a futex is left alone",
        arguments: [
            [0xd280_0e68, 0xaa01_03e0, 0xd400_0001],  // clock_nanosleep
            [0xd65f_03c0, 0x2a00_03e8, 0xd400_0001],  // the number came from elsewhere
            [0xd280_0c48, 0xd65f_03c0, 0xd400_0001],  // futex, but in the function before
        ] as [[UInt32]])
    func restartedOther(code: [UInt32]) {
        let memory = Canned(
            start: 0xfd0, bytes: [UInt8](repeating: 0, count: 48) + code.flatMap(\.littleEndianBytes))
        let stop = AArch64.stop(stopped(at: 0x1008, in: 128), seen: nil, memory: memory)
        #expect(stop.suitability == nil)
        #expect(stop.resumed[.x8] == 128)
    }

    private func seen(_ number: Int, _ registers: AArch64.Registers, first: UInt64) -> BlockedCall {
        var call = BlockedCall(
            number: number, arguments: [first] + registers[[.x1, .x2, .x3, .x4, .x5]])
        call.stackPointer = registers[.sp]
        call.codePointer = registers[.pc]
        return call
    }

    @Test("an endless epoll wait is entered again with the argument that /proc showed")
    func endlessEpoll() {
        var registers = stopped(at: 0x100c, in: 22, first: UInt64(bitPattern: -4))
        registers[.x3] = 0xffff_ffff
        let stop = AArch64.stop(registers, seen: seen(22, registers, first: 7), memory: memory)
        #expect(stop.suitability == .endless)
        #expect(stop.resumed[.pc] == 0x1008)
        #expect(stop.resumed[.x0] == 7)
        #expect(!stop.mustBeResumed)
    }

    @Test("a timed epoll wait returns EINTR, and so does one that /proc showed otherwise")
    func timedEpoll() {
        var registers = stopped(at: 0x100c, in: 22, first: UInt64(bitPattern: -4))
        registers[.x3] = 100
        let timed = AArch64.stop(registers, seen: seen(22, registers, first: 7), memory: memory)
        #expect(timed.suitability == .timedEpoll)
        #expect(timed.resumed[.pc] == 0x100c)
        #expect(AArch64.result(timed.resumed) == -4)
        registers[.x3] = 0xffff_ffff
        var other = seen(22, registers, first: 7)
        other.codePointer = 0x200c
        #expect(AArch64.stop(registers, seen: other, memory: memory).resumed[.pc] == 0x100c)
        #expect(AArch64.stop(registers, seen: nil, memory: memory).resumed[.pc] == 0x100c)
    }

    @Test("a call that the thread was seen waiting in is one although it has completed since")
    func completedSince() {
        let registers = stopped(at: 0x100c, in: 63, first: 17)
        let stop = AArch64.stop(registers, seen: seen(63, registers, first: 5), memory: memory)
        #expect(stop.suitability == .endless)
        #expect(stop.resumed[.pc] == 0x100c && stop.resumed[.x0] == 17 && stop.returned == stop.resumed)
        #expect(AArch64.stop(registers, seen: seen(64, registers, first: 5), memory: memory).call == nil)
    }

    @Test("sigtimedwait is not borrowed, and entered again where only we interrupted it")
    func signalWait() {
        let registers = stopped(at: 0x100c, in: 137, first: UInt64(bitPattern: -4))
        let stop = AArch64.stop(registers, seen: seen(137, registers, first: 0x9000), memory: memory)
        #expect(stop.suitability == nil)
        #expect(stop.mustBeResumed)
        #expect(stop.resumed[.pc] == 0x1008)
        #expect(stop.resumed[.x0] == 0x9000)
        #expect(
            !AArch64.stop(registers, seen: nil, memory: memory).mustBeResumed, "its argument is not known")
    }

    @Test("a completed call, another one with EINTR, and other code are no call")
    func none() {
        #expect(AArch64.stop(stopped(at: 0x100c, in: 63, first: 17), seen: nil, memory: memory).call == nil)
        let interrupted = stopped(at: 0x100c, in: 63, first: UInt64(bitPattern: -4))
        #expect(AArch64.stop(interrupted, seen: nil, memory: memory).call == nil)
        #expect(AArch64.stop(stopped(at: 0x1004, in: 63), seen: nil, memory: memory).call == nil)
        #expect(
            AArch64.stop(stopped(at: 0x9000, in: 63), seen: nil, memory: memory).call == nil, "unreadable")
    }
}
