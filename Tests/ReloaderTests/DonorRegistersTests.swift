import Glibc
import Reloader
import Testing

@Suite("DonorRegisters")
struct DonorRegistersTests {
    private func stopped(in call: UInt64, result: Int64, timeout: UInt64 = 0) -> user_regs_struct {
        var registers = user_regs_struct()
        registers.orig_rax = numericCast(call)
        registers.rax = numericCast(UInt64(bitPattern: result))
        registers.rip = 0x1002
        registers.r10 = numericCast(timeout)
        registers.eflags = 0x346
        return registers
    }

    @Test("a restartable call is entered again", arguments: [Int64(-512), -513, -514])
    func restart(code: Int64) {
        let resumed = stopped(in: 0, result: code).resumed()
        #expect(resumed.rip == 0x1000)
        #expect(resumed.rax == 0)
        #expect(resumed.orig_rax == .max)
        #expect(resumed.eflags == 0x246, "single-step is off")
    }

    @Test("a timed call goes on with the time that is left")
    func restartBlock() {
        let registers = stopped(in: 35, result: -516)
        #expect(registers.resumed().rip == 0x1000)
        #expect(registers.resumed().rax == 219)
        let framed = registers.resumedThroughSignalReturn()
        #expect(framed.rip == 0x1002)
        #expect(framed.result == -4)
    }

    @Test("an endless epoll wait is entered again, a timed one returns EINTR")
    func epoll() {
        #expect(stopped(in: 232, result: -4, timeout: 0xffff_ffff).resumed().rip == 0x1000)
        #expect(stopped(in: 232, result: -4, timeout: 100).resumed().rip == 0x1002)
        #expect(stopped(in: 232, result: -4, timeout: 100).resumed().result == -4)
    }

    @Test("a completed call, or none, keeps its result")
    func completed() {
        let done = stopped(in: 0, result: 17)
        #expect(done.interruptedCall == nil)
        #expect(done.resumed().rip == 0x1002)
        #expect(done.resumed().rax == 17)
        var user = done
        user.orig_rax = .max
        #expect(user.interruptedCall == nil)
    }
}
