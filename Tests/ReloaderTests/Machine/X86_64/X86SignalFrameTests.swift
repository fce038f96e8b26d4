import Reloader
import Testing

@Suite("Signal frames on x86-64")
struct X86SignalFrameTests {
    private let restorer = RemoteAddress(0x7f00_0000_6000)

    private func stop(stackPointer: UInt64 = 0x7ffc_0000_1238) throws -> Stop<X86_64> {
        let words = (0..<27).map { 0x1000 + UInt64($0) }
        var registers = try #require(X86_64.Registers(bytes: words.flatMap(\.littleEndianBytes)))
        registers[.rsp] = stackPointer
        registers[.cs] = 0x33
        registers[.ss] = 0x2b
        registers[.rip] = 0x5002
        return Stop(call: nil, resumed: registers, returned: registers, mustBeResumed: false)
    }

    /// An XSAVE image of `count` bytes whose features are `features`, of which `used` are not in their first state.
    private func image(count: Int, features: UInt64 = 0x2e7, used: UInt64 = 7) -> [UInt8] {
        var image = (0..<count).map { UInt8(truncatingIfNeeded: $0) }
        image.replaceSubrange(464..<472, with: features.littleEndianBytes)
        image.replaceSubrange(512..<520, with: used.littleEndianBytes)
        return image
    }

    private func frame(_ image: [UInt8], stackPointer: UInt64 = 0x7ffc_0000_1238) throws -> SignalFrame {
        try #require(
            X86_64.signalFrame(
                of: stop(stackPointer: stackPointer), extended: [image], signalMask: 0x1122,
                restorer: restorer)
        )
    }

    @Test("a return from the frame's address leads to the restorer, whose frame has every register")
    func layout() throws {
        let frame = try frame(image(count: 2696))
        let base = frame.stackPointer.value
        #expect(frame.word(at: base) == restorer.value)
        #expect(frame.word(at: base + 8) == 7)
        #expect(frame.word(at: base + 32) == 3, "an invalid mode: the alternate stack stays as it is")
        let words = (0..<19).map { frame.word(at: base + 48 + 8 * UInt64($0)) }
        let expected: [UInt64] = [
            0x1009, 0x1008, 0x1007, 0x1006, 0x1003, 0x1002, 0x1001, 0x1000, 0x100e, 0x100d, 0x1004, 0x1005,
            0x100c, 0x100a, 0x100b, 0x7ffc_0000_1238, 0x5002, 0x1012, 0x33 | 0x2b << 48,
        ]
        #expect(words == expected)
        #expect(frame.word(at: base + 8 + 296) == 0x1122, "uc_sigmask of struct ucontext")
    }

    @Test(
        "the address is ≡ 8 modulo 16, the image 64-aligned, all of it below the red zone",
        arguments: [UInt64(0), 8, 16, 24, 40, 56, 63, 120])
    func alignment(offset: UInt64) throws {
        let stackPointer = 0x7ffc_0000_1200 + offset
        let frame = try frame(image(count: 2440), stackPointer: stackPointer)
        #expect(frame.stackPointer.value % 16 == 8)
        for part in frame.parts {
            #expect(part.address.value + UInt64(part.bytes.count) <= stackPointer - 128)
        }
        let image = try #require(frame.parts.first { $0.bytes.count > 2000 })
        #expect(image.address.value % 64 == 0)
        #expect(frame.word(at: frame.stackPointer.value + 8 + 40 + 23 * 8) == image.address.value, "fpstate")
    }

    @Test("the image says its length where the kernel looks, and is otherwise as it was")
    func softwareBytes() throws {
        let original = image(count: 2440)
        let image = try #require(try frame(original).parts.first { $0.bytes.count > 2000 }).bytes
        #expect(image.count == 2444)
        #expect(image[464..<468] == [0x53, 0x58, 0x50, 0x46])
        #expect(UInt32(littleEndianBytes: image[468..<472]) == 2444)
        #expect(UInt64(littleEndianBytes: image[472..<480]) == 0x2e7)
        #expect(UInt32(littleEndianBytes: image[480..<484]) == 2440)
        #expect(image[2440..<2444] == [0x45, 0x58, 0x50, 0x46])
        #expect(image[..<464] == original[..<464])
        #expect(image[512..<2440] == original[512...])
    }

    @Test("AMX tiles are cut off where they are not used, and kept where they are")
    func tiles() throws {
        let tiles: UInt64 = 3 << 17
        let unused = try frame(image(count: 11008, features: 0x2e7 | tiles))
        #expect(unused.parts.contains { $0.bytes.count == 2700 })
        let used = try frame(image(count: 11008, features: 0x2e7 | tiles, used: 7 | tiles))
        #expect(used.parts.contains { $0.bytes.count == 11012 })
    }

    @Test("a stack with no room for a frame is refused", arguments: [UInt64(0), 8, 0x800, 0xb00])
    func noRoom(stackPointer: UInt64) throws {
        #expect(
            X86_64.signalFrame(
                of: try stop(stackPointer: stackPointer), extended: [image(count: 2696)], signalMask: 0,
                restorer: restorer) == nil)
    }

    @Test("less than a header is refused")
    func short() throws {
        #expect(
            X86_64.signalFrame(
                of: try stop(), extended: [image(count: 575)], signalMask: 0, restorer: restorer) == nil)
    }

    @Test("a frame of a running handler is found on the stack, one of elsewhere is not")
    func handler() throws {
        let frame = try frame(image(count: 2696))
        let part = try #require(frame.parts.first { $0.address == frame.stackPointer })
        let start = frame.stackPointer.value - 64
        let stack = [UInt8](repeating: 0, count: 64) + part.bytes
        func found(_ stack: [UInt8], isCode: Bool = true) -> Bool {
            X86_64.holdsSignalFrame(stack, from: start, restorer: restorer) { isCode && $0 == 0x5002 }
        }
        #expect(found(stack))
        #expect(!found(stack, isCode: false), "the interrupted place is no code")
        #expect(!found(Array(stack.dropLast(200))), "cut off")
        #expect(!found([UInt8](repeating: 0, count: 4096)))
        #expect(
            !X86_64.holdsSignalFrame(stack, from: start, restorer: RemoteAddress(0x1)) { _ in true },
            "another restorer")
    }
}
