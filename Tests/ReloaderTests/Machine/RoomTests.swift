import Glibc
import Reloader
import Testing

@Suite("What cannot be held is refused")
struct RoomTests {
    private static let capacity = Host.extendedState[0].capacity

    @Test("a register set that fills its buffer is not whole")
    func registerSet() {
        let set = RegisterSet(note: 1, capacity: 100)
        #expect(set.isWhole(99))
        #expect(!set.isWhole(100), "the kernel cuts off what does not fit, and says 100")
        #expect(!set.isWhole(0))
        #expect(!set.isWhole(-22), "an errno")
    }

    @Test("a processor with more registers than we keep is refused before a thread is stopped")
    func processor() throws {
        #if arch(x86_64)
            try Target.checkRoom(pid: 1, registers: 2696)  // with AVX-512
        #endif
        try Target.checkRoom(pid: 1, registers: Self.capacity - 1)
        try Target.checkRoom(pid: 1, registers: 0)
        for bytes in [Self.capacity, 1 << 20] {
            let error = #expect(throws: AttachError.self) { try Target.checkRoom(pid: 1, registers: bytes) }
            #expect(error?.id == "unsupported-build")
            #expect(error?.message.contains("\(bytes) bytes of vector registers") == true)
        }
    }

    @Test("a stub or a data page that is larger than a page is refused")
    func pages() {
        let page = Int(getpagesize())
        #expect(Scratch.holds(stub: page, page: page))
        #expect(!Scratch.holds(stub: page + 1, page: 500))
        #expect(!Scratch.holds(stub: 1100, page: page + 1))
    }

    private func frame(at address: UInt64, parts: [(UInt64, Int)]) -> SignalFrame {
        SignalFrame(
            stackPointer: RemoteAddress(address),
            parts: parts.map { (RemoteAddress($0.0), [UInt8](repeating: 0, count: $0.1)) })
    }

    @Test("a frame is sound if it is aligned and lies below the thread's stack")
    func sound() {
        #expect(
            frame(at: 0x1008, parts: [(0x1008, 440), (0x1200, 512)]).isSound(below: 0x1400, for: X86_64.self))
    }

    @Test(
        "a frame of another alignment, above its thread's stack, or around the end of memory is refused",
        arguments: [
            (0x1000, 0x1000, 440), (0x1004, 0x1004, 440), (0x1008, 0x1008, 2048), (0x1008, 0x0ff8, 440),
            (0x1008, UInt64.max - 8, 440),
        ] as [(UInt64, UInt64, Int)])
    func unsound(address: UInt64, part: UInt64, count: Int) {
        #expect(!frame(at: address, parts: [(part, count)]).isSound(below: 0x1400, for: X86_64.self))
        #expect(!frame(at: 0x1008, parts: []).isSound(below: 0x1400, for: X86_64.self), "an empty one")
    }
}
