import Reloader
import Testing

@Suite("Stops on x86-64")
struct X86StopTests {
    /// `syscall` at 0x1000.
    private let memory = Canned(start: 0x1000, bytes: [0x0f, 0x05, 0xc3])

    private func stopped(in call: UInt64, result: Int64, timeout: UInt64 = 0) -> X86_64.Registers {
        var registers = X86_64.Registers()
        registers[.origRax] = call
        registers[.rax] = UInt64(bitPattern: result)
        registers[.rip] = 0x1002
        registers[.r10] = timeout
        registers[.eflags] = 0x346
        return registers
    }

    private func stop(in call: UInt64, result: Int64, timeout: UInt64 = 0) -> Stop<X86_64> {
        X86_64.stop(stopped(in: call, result: result, timeout: timeout), seen: nil, memory: memory)
    }

    @Test("a restartable call is entered again", arguments: [Int64(-512), -513, -514])
    func restart(code: Int64) {
        let stop = stop(in: 0, result: code)
        #expect(stop.call?.number == 0)
        #expect(stop.suitability == .endless)
        #expect(stop.resumed[.rip] == 0x1000)
        #expect(stop.resumed[.rax] == 0)
        #expect(stop.resumed[.origRax] == .max)
        #expect(stop.resumed[.eflags] == 0x246, "single-step is off")
        #expect(stop.returned == stop.resumed)
    }

    @Test("a timed call goes on with the time that is left; through a signal frame it ends with EINTR")
    func restartBlock() {
        let stop = stop(in: 35, result: -516)
        #expect(stop.suitability == .timed)
        #expect(stop.resumed[.rip] == 0x1000)
        #expect(stop.resumed[.rax] == 219)
        #expect(stop.returned[.rip] == 0x1002)
        #expect(X86_64.result(stop.returned) == -4)
    }

    @Test("an endless epoll wait is entered again, a timed one returns EINTR")
    func epoll() {
        #expect(stop(in: 232, result: -4, timeout: 0xffff_ffff).resumed[.rip] == 0x1000)
        let timed = stop(in: 232, result: -4, timeout: 100)
        #expect(timed.resumed[.rip] == 0x1002)
        #expect(X86_64.result(timed.resumed) == -4)
        #expect(!timed.mustBeResumed)
    }

    @Test("sigtimedwait is not borrowed, and entered again where only we interrupted it")
    func signalWait() {
        let interrupted = stop(in: 128, result: -4)
        #expect(interrupted.suitability == nil)
        #expect(interrupted.mustBeResumed)
        #expect(interrupted.resumed[.rip] == 0x1000)
        #expect(interrupted.resumed[.rax] == 128)
        #expect(!stop(in: 128, result: 15).mustBeResumed, "a signal came")
    }

    @Test("a completed call, or none, keeps its result")
    func completed() {
        let done = stop(in: 0, result: 17)
        #expect(done.call == nil)
        #expect(done.resumed[.rip] == 0x1002)
        #expect(done.resumed[.rax] == 17)
        var running = stopped(in: 0, result: -512)
        running[.origRax] = .max
        #expect(X86_64.stop(running, seen: nil, memory: memory).call == nil)
    }

    @Test("a call that the thread was seen waiting in is one although it has completed since, there only")
    func completedSince() {
        var registers = stopped(in: 35, result: 0)
        registers[.rsp] = 0x7000
        func seen(_ number: Int, stack: UInt64 = 0x7000, code: UInt64 = 0x1002) -> BlockedCall {
            var call = BlockedCall(number: number, arguments: [0, 0, 0, 0, 0, 0])
            (call.stackPointer, call.codePointer) = (stack, code)
            return call
        }
        let done = X86_64.stop(registers, seen: seen(35), memory: memory)
        #expect(done.suitability == .timed)
        #expect(done.resumed[.rip] == 0x1002 && done.resumed[.rax] == 0)
        #expect(done.resumed[.origRax] == .max && done.returned == done.resumed)
        for other in [seen(0), seen(35, stack: 0x6ff0), seen(35, code: 0x1004), seen(35, code: 0)] {
            #expect(X86_64.stop(registers, seen: other, memory: memory).call == nil)
        }
    }

    @Test("a call that was not made by the instruction syscall is not borrowed")
    func otherInstruction() {
        let interrupt = Canned(start: 0x1000, bytes: [0xcd, 0x80])
        #expect(X86_64.stop(stopped(in: 0, result: -512), seen: nil, memory: interrupt).call == nil)
    }
}
