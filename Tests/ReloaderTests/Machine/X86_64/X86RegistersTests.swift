import Reloader
import Testing

@Suite("Registers on x86-64")
struct X86RegistersTests {
    private let places = CodePlaces(systemCall: RemoteAddress(0x5000), restorer: RemoteAddress(0x6000))

    private func numbered() throws -> X86_64.Registers {
        let words = (0..<27).map { 0x1000 + UInt64($0) }
        return try #require(X86_64.Registers(bytes: words.flatMap(\.littleEndianBytes)))
    }

    @Test("the kernel's words are found by name, and written back as they were read")
    func layout() throws {
        let registers = try numbered()
        #expect(registers[.r15] == 0x1000)
        #expect(registers[.rax] == 0x100a)
        #expect(registers[.origRax] == 0x100f)
        #expect(registers[.rip] == 0x1010)
        #expect(registers[.rsp] == 0x1013)
        #expect(registers[.gs] == 0x101a)
        #expect(X86_64.Registers(bytes: registers.bytes) == registers)
        #expect(registers.bytes.count == 216)
    }

    @Test("registers of another kind of program are refused", arguments: [0, 68, 208, 224, 272])
    func size(count: Int) { #expect(X86_64.Registers(bytes: Array(repeating: 0, count: count)) == nil) }

    @Test("a remote call has its number, its arguments, and nothing that the kernel would restart")
    func call() throws {
        let frame = SignalFrame(stackPointer: RemoteAddress(0x7ff8), parts: [])
        let calling = X86_64.calling(.mprotect, [1, 2, 5], from: try numbered(), at: places, on: frame)
        #expect(calling[[.rax, .rdi, .rsi, .rdx, .r10, .r8, .r9]] == [10, 1, 2, 5, 0, 0, 0])
        #expect(calling[[.rip, .rsp, .origRax]] == [0x5000, 0x7ff8, .max])
        #expect(calling[.rbx] == 0x1005, "all others are as they were")
        #expect(calling[.eflags] == 0x1012 & ~0x100)
    }

    @Test("the stub starts with its page in rbx, on its own stack")
    func entry() throws {
        var registers = try numbered()
        registers[.eflags] = 0x746
        let start = X86_64.entering(
            RemoteAddress(0x9000), stack: RemoteAddress(0x8000), page: RemoteAddress(0x4000), from: registers)
        #expect(start[[.rip, .rsp, .rbx, .rax, .origRax]] == [0x9000, 0x8000, 0x4000, 0, .max])
        #expect(start[.eflags] == 0x246, "no single step, strings go upwards")
    }

    @Test("the way back names every register that the stub or its calls change")
    func wayBack() throws {
        let registers = try numbered()
        let stop = Stop<X86_64>(call: nil, resumed: registers, returned: registers, mustBeResumed: false)
        let frame = SignalFrame(stackPointer: RemoteAddress(0), parts: [])
        let way = X86_64.wayBack(stop, on: frame, at: places)
        #expect(way.page.count == 16)
        #expect(way.code == [0x1005, 0x1010])
        // rax rcx rdx rsi rdi rbp rsp, r8 to r15, eflags
        #expect(way.page.map { $0 - 0x1000 } == [10, 11, 12, 13, 14, 4, 19, 9, 8, 7, 6, 3, 2, 1, 0, 18])
    }

    @Test(
        "libc's call and restorer are found by their code",
        arguments: [
            [0x48, 0xc7, 0xc0, 0x0f, 0, 0, 0, 0x0f, 0x05], [0xb8, 0x0f, 0, 0, 0, 0x0f, 0x05] as [UInt8],
        ])
    func places(restorer: [UInt8]) {
        let filler = [UInt8](repeating: 0x90, count: 64)
        // The system call of the function comes 64 bytes into it, at 0x1060; the restorer lies before it, at 0x1010.
        var text = [UInt8](repeating: 0x90, count: 4096)
        text.replaceSubrange(0x10..<(0x10 + restorer.count), with: restorer)
        text.replaceSubrange(0x20..<0x60, with: filler)
        text.replaceSubrange(0x60..<0x63, with: [0x0f, 0x05, 0xc3])
        let map = MemoryMap(text: Array("1000-2000 r-xp 00000000 00:00 1 /lib/libc.so.6\n".utf8))
        let found = X86_64.codePlaces(
            systemCallFunction: RemoteAddress(0x1020), map: map, memory: Canned(start: 0x1000, bytes: text))
        #expect(found == CodePlaces(systemCall: RemoteAddress(0x1060), restorer: RemoteAddress(0x1010)))
    }

    @Test("without a restorer there are no places")
    func noRestorer() {
        var text = [UInt8](repeating: 0x90, count: 4096)
        text[0x60] = 0x0f
        text[0x61] = 0x05
        let map = MemoryMap(text: Array("1000-2000 r-xp 00000000 00:00 1 /lib/libc.so.6\n".utf8))
        #expect(
            X86_64.codePlaces(
                systemCallFunction: RemoteAddress(0x1020), map: map,
                memory: Canned(start: 0x1000, bytes: text))
                == nil)
    }

    @Test("a shadow stack is seen in the process's status")
    func shadowStack() {
        #expect(X86_64.hasShadowStack(ProcessStatus(text: "x86_Thread_features:\tshstk wrss \n")))
        #expect(!X86_64.hasShadowStack(ProcessStatus(text: "x86_Thread_features:\t\n")))
        #expect(!X86_64.hasShadowStack(ProcessStatus(text: "Name:\tpython3\n")))
    }
}
