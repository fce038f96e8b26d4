import Reloader
import Testing

@Suite("Calls and registers on aarch64")
struct ArmCallTests {
    @Test(
        "a thread is borrowed by what it waits in",
        arguments: [
            ("73 0x1 0x1 0x0 0x0 0x0 0x0 0x7ff 0x7f0", Suitability.endless),
            ("73 0x1 0x1 0x7ff0 0x0 0x0 0x0 0x7ff 0x7f0", .timed),
            ("22 0x4 0x7 0x1 0xffffffff 0x0 0x8 0x7ff 0x7f0", .endless),
            ("22 0x4 0x7 0x1 0x64 0x0 0x8 0x7ff 0x7f0", .timedEpoll),
            ("98 0x7f 0x189 0x0 0x0 0x0 0xffffffff 0x7ff 0x7f0", .endless),
            ("202 0x3 0x0 0x0 0x0 0x0 0x0 0x7ff 0x7f0", .endless),
            ("115 0x1 0x1 0x7f 0x0 0x0 0x0 0x7ff 0x7f0", .timed),
        ])
    func suitable(text: String, expected: Suitability) throws {
        let call = try #require(BlockedCall(text: text))
        #expect(AArch64.suitability(of: call) == expected)
        #expect(call.stackPointer == 0x7ff)
        #expect(call.codePointer == 0x7f0)
    }

    @Test(
        "a thread is left alone",
        arguments: [
            ("a plain futex wait is a lock of libc", "98 0x7f 0x80 0x2 0x0 0x0 0x0 0x7ff 0x7f0"),
            (
                "a sleep of relative length needs its restart block",
                "115 0x1 0x0 0x7f 0x0 0x0 0x0 0x7ff 0x7f0"
            ),
            ("the same", "101 0x7f 0x0 0x0 0x0 0x0 0x0 0x7ff 0x7f0"),
            ("restart_syscall needs it too", "128 0x7f 0x0 0x0 0x8 0x0 0x0 0x7ff 0x7f0"),
            ("sigtimedwait returns EINTR by the mere stop", "137 0x7f 0x0 0x0 0x8 0x0 0x0 0x7ff 0x7f0"),
            ("232 is another call here", "232 0x4 0x7 0x1 0xffffffff 0x0 0x8 0x7ff 0x7f0"),
        ])
    func unsuitable(why: String, text: String) throws {
        let call = try #require(BlockedCall(text: text))
        #expect(AArch64.suitability(of: call) == nil, "\(why)")
    }

    private let places = CodePlaces(systemCall: RemoteAddress(0x5000), restorer: RemoteAddress(0x6000))

    private func numbered() throws -> AArch64.Registers {
        let words = (0..<34).map { 0x1000 + UInt64($0) }
        return try #require(AArch64.Registers(bytes: words.flatMap(\.littleEndianBytes)))
    }

    @Test("the kernel's words are found by name, and written back as they were read")
    func layout() throws {
        let registers = try numbered()
        #expect(registers[[.x0, .x30, .sp, .pc, .pstate]] == [0x1000, 0x101e, 0x101f, 0x1020, 0x1021])
        #expect(AArch64.Registers(bytes: registers.bytes) == registers)
        #expect(AArch64.Registers(bytes: [UInt8](repeating: 0, count: 72)) == nil, "32-bit Arm")
    }

    @Test("a remote call goes through syscall(3), and back to the restorer; x7 is the thread's own")
    func call() throws {
        let frame = SignalFrame(stackPointer: RemoteAddress(0x7ff0), parts: [])
        let calling = AArch64.calling(
            .mmap, [0, 0x11000, 3, 0x4022, .max, 0], from: try numbered(), at: places, on: frame)
        #expect(calling[[.x0, .x1, .x2, .x3, .x4, .x5, .x6]] == [222, 0, 0x11000, 3, 0x4022, .max, 0])
        #expect(calling[[.x7, .x8, .x19]] == [0x1007, 0x1008, 0x1013])
        #expect(calling[[.pc, .sp, .x30]] == [0x5000, 0x7ff0, 0x6000])
        #expect(AArch64.noCall?.value == [0xff, 0xff, 0xff, 0xff])
    }

    @Test("the stub starts with its page in x19, and leaves through the frame")
    func entry() throws {
        let registers = try numbered()
        let start = AArch64.entering(
            RemoteAddress(0x9000), stack: RemoteAddress(0x8000), page: RemoteAddress(0x4000), from: registers)
        #expect(start[[.pc, .sp, .x19, .x0]] == [0x9000, 0x8000, 0x4000, 0])
        let stop = Stop<AArch64>(call: nil, resumed: registers, returned: registers, mustBeResumed: false)
        let frame = SignalFrame(stackPointer: RemoteAddress(0x7ff0), parts: [])
        let way = AArch64.wayBack(stop, on: frame, at: places)
        #expect(way.page == [0x7ff0, 0x6000])
        #expect(way.code.isEmpty)
    }

    @Test("the restorer is the vDSO's, or libc's", arguments: ["[vdso]", "/lib/ld-musl-aarch64.so.1"])
    func places(name: String) {
        var text = [UInt8](repeating: 0, count: 4096)
        text.replaceSubrange(0x40..<0x48, with: [0x68, 0x11, 0x80, 0xd2, 0x01, 0, 0, 0xd4])
        let map = MemoryMap(text: Array("1000-2000 r-xp 00000000 00:00 1 \(name)\n".utf8))
        let function: UInt64 = name == "[vdso]" ? 0x5000 : 0x1100
        let found = AArch64.codePlaces(
            systemCallFunction: RemoteAddress(function), map: map, memory: Canned(start: 0x1000, bytes: text))
        #expect(found == CodePlaces(systemCall: RemoteAddress(function), restorer: RemoteAddress(0x1040)))
        text[0x40] = 0x88
        #expect(
            AArch64.codePlaces(
                systemCallFunction: RemoteAddress(function), map: map,
                memory: Canned(start: 0x1000, bytes: text))
                == nil, "mov x8 of another number")
    }

    @Test("a guarded control stack is seen in the thread's registers")
    func shadowStack() {
        #expect(AArch64.hasShadowStack([1, 0, 0, 0, 0, 0, 0, 0]))
        #expect(!AArch64.hasShadowStack([0, 0, 0, 0, 0, 0, 0, 0]))
        #expect(!AArch64.hasShadowStack([]))
        #expect(AArch64.shadowStack?.note == 0x410)
    }
}
