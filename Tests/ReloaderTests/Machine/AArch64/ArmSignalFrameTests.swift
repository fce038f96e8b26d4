import Reloader
import Testing

@Suite("Signal frames on aarch64")
struct ArmSignalFrameTests {
    private let restorer = RemoteAddress(0x7f00_0000_6000)
    private let vectors = (0..<528).map { UInt8(truncatingIfNeeded: $0 &* 7) }

    private func stop(stackPointer: UInt64 = 0x7ffc_0000_1230) throws -> Stop<AArch64> {
        let words = (0..<34).map { 0x1000 + UInt64($0) }
        var registers = try #require(AArch64.Registers(bytes: words.flatMap(\.littleEndianBytes)))
        registers[.sp] = stackPointer
        registers[.pc] = 0x5000
        registers[.pstate] = 0x6000_0000
        return Stop(call: nil, resumed: registers, returned: registers, mustBeResumed: false)
    }

    private func frame(_ extended: [[UInt8]], stackPointer: UInt64 = 0x7ffc_0000_1230) throws -> SignalFrame {
        try #require(
            AArch64.signalFrame(
                of: stop(stackPointer: stackPointer), extended: extended, signalMask: 0x1122,
                restorer: restorer))
    }

    @Test("every register is where the kernel's rt_sigreturn(2) looks for it")
    func layout() throws {
        let frame = try frame([vectors, []])
        let context = frame.stackPointer.value + 128
        let machine = context + 176
        #expect(frame.word(at: context) == 0, "uc_flags")
        #expect(frame.word(at: context + 24) == 3, "an invalid mode: the alternate stack stays as it is")
        #expect(frame.word(at: context + 40) == 0x1122, "uc_sigmask")
        #expect(frame.word(at: machine) == 0, "fault_address")
        for index in 0..<31 {
            #expect(frame.word(at: machine + 8 + 8 * UInt64(index)) == 0x1000 + UInt64(index))
        }
        #expect(frame.word(at: machine + 256) == 0x7ffc_0000_1230)
        #expect(frame.word(at: machine + 264) == 0x5000)
        #expect(frame.word(at: machine + 272) == 0x6000_0000)
    }

    @Test("the first record has the vector registers, its status words before them; then comes the end")
    func records() throws {
        let frame = try frame([vectors, []])
        let record = frame.stackPointer.value + 128 + 176 + 288
        #expect(record % 16 == 0)
        #expect(frame.word(at: record) == 0x210_4650_8001, "528 bytes")
        let status = UInt64(littleEndianBytes: vectors[512..<520])
        #expect(frame.word(at: record + 8) == status, "FPSR, FPCR")
        for index in 0..<64 {
            #expect(
                frame.word(at: record + 16 + 8 * UInt64(index))
                    == UInt64(littleEndianBytes: vectors[(index * 8)..<(index * 8 + 8)]))
        }
        #expect(frame.word(at: record + 528) == 0)
        #expect(frame.word(at: record + 536) == 0)
    }

    @Test("permission overlays have their record where the processor has them")
    func overlays() throws {
        let frame = try frame([vectors, UInt64(0x7777).littleEndianBytes])
        let record = frame.stackPointer.value + 128 + 176 + 288 + 528
        #expect(frame.word(at: record) == 0x10_504f_4530, "16 bytes")
        #expect(frame.word(at: record + 8) == 0x7777)
        #expect(frame.word(at: record + 16) == 0)
    }

    @Test(
        "the address is ≡ 0 modulo 16, with room for the kernel's whole frame",
        arguments: [UInt64(0), 16, 32, 48])
    func alignment(offset: UInt64) throws {
        let stackPointer = 0x7ffc_0000_1200 + offset
        let frame = try frame([vectors, []], stackPointer: stackPointer)
        #expect(frame.stackPointer.value % 16 == 0)
        #expect(stackPointer - frame.stackPointer.value >= 4688)
    }

    @Test("vectors that are not whole, and a stack without room, are refused")
    func refused() throws {
        let few = [[UInt8](repeating: 0, count: 519)]
        #expect(AArch64.signalFrame(of: try stop(), extended: few, signalMask: 0, restorer: restorer) == nil)
        #expect(AArch64.signalFrame(of: try stop(), extended: [], signalMask: 0, restorer: restorer) == nil)
        let low = try stop(stackPointer: 0x1000)
        #expect(AArch64.signalFrame(of: low, extended: [vectors], signalMask: 0, restorer: restorer) == nil)
    }

    @Test("a frame of a running handler is found on the stack, one of elsewhere is not", arguments: [0, 8])
    func handler(offset: Int) throws {
        let frame = try frame([vectors, []])
        let before = 64 - offset
        let stack = [UInt8](repeating: 0, count: before) + frame.parts[0].bytes
        let start = frame.stackPointer.value - UInt64(before)
        func found(_ stack: [UInt8], isCode: Bool = true) -> Bool {
            AArch64.holdsSignalFrame(stack, from: start, restorer: restorer) { isCode && $0 == 0x5000 }
        }
        #expect(found(stack))
        #expect(!found(stack, isCode: false), "the interrupted place is no code")
        #expect(!found(Array(stack.prefix(before + 400))), "cut off")
        #expect(!found([UInt8](repeating: 0, count: 4096)))
    }
}
