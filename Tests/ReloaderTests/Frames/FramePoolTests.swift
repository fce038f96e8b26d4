import Testing

@testable import Reloader

@Suite("Frames that are objects are read from places that are known")
struct FramePoolTests {
    private func pool(_ addresses: [UInt64]) -> FramePool {
        let pool = FramePool()
        pool.begin()
        pool.add(addresses, size: 120)
        return pool
    }

    @Test("frames close to each other are one place, others are not; each is found behind the first place")
    func places() {
        let pool = pool([0x9000, 0x1200, 0x1000, 0x9200, 0x5004])
        #expect(pool.stretches.map(\.address) == [0x1000, 0x5004, 0x9000])
        #expect(pool.stretches.map(\.size) == [0x200 + 120, 120, 0x200 + 120])
        let found = [0x1000, 0x1200, 0x5004, 0x9000, 0x9200].map {
            pool.index(of: $0).map { pool.offsets[$0] }
        }
        #expect(found == [0, 0x200, 0x200 + 120, 0x200 + 240, 0x400 + 240])
        #expect(pool.index(of: 0x1001) == nil && pool.index(of: 0) == nil && pool.index(of: .max) == nil)
    }

    @Test("a frame is in one stack once")
    func twice() {
        let pool = pool([1000, 2000])
        pool.begin()
        let taken = [0, 1, 0].map { pool.take($0) }
        #expect(taken == [true, true, false])
        pool.begin()
        #expect(!pool.isTaken(1))
    }

    @Test("what was used last is kept: the stack and 128 others")
    func bound() throws {
        let pool = FramePool()
        for number in 1...1000 as ClosedRange<UInt64> {
            pool.begin()
            // The first one is in every stack.
            if let first = pool.index(of: 4096) { #expect(pool.take(first)) }
            pool.add([number * 4096], size: 120)
        }
        #expect((128...131).contains(pool.count))
        #expect([1, 873, 1000].allSatisfy { pool.index(of: $0 * 4096) != nil })
        #expect(pool.index(of: 800 * 4096) == nil)
        pool.forget()
        #expect(pool.isEmpty && pool.stretches.isEmpty && pool.index(of: 4096) == nil)
    }
}
