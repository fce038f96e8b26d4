import Glibc
import TestSupport
import Testing

@testable import Reloader

@Suite("Memory that is read in pieces")
struct PagedMemoryTests {
    /// Three pieces of this process, behind which nothing can be read.
    private func mapping() throws -> UnsafeMutableRawPointer {
        let size = 4 << 14
        let map = try #require(
            mmap(nil, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0))
        let start = UnsafeMutableRawPointer(
            bitPattern: (UInt(bitPattern: map) + (1 << 14) - 1) & ~((1 << 14) - 1))
        let aligned = try #require(start)
        for index in 0..<(2 << 14) {
            aligned.storeBytes(of: UInt8(index % 251), toByteOffset: index, as: UInt8.self)
        }
        // The last page of the third piece goes.
        #expect(munmap(aligned + (3 << 14) - 4096, 4096) == 0)
        return aligned
    }

    @Test("gives the bytes that are there, across pieces, and what lies beside memory that cannot be read")
    func bytes() throws {
        let start = try mapping()
        defer { munmap(start, 3 << 14) }
        let base = UInt64(UInt(bitPattern: start))
        let direct = RemoteMemory(pid: getpid())
        let paged = PagedMemory(direct)
        for (offset, count) in [
            (0, 8), (100, 24), ((1 << 14) - 3, 9), ((1 << 14) - 3, 1 << 14), (5, (1 << 14) + 1),
            (2 << 14, 64),
            ((3 << 14) - 4096 - 8, 8), (0, 0),
        ] {
            let address = RemoteAddress(base + UInt64(offset))
            #expect(paged.read(address, count: count) == direct.read(address, count: count))
            #expect(paged.read(address, count: count)?.count == count)
        }
        #expect(paged.read(RemoteAddress(base + (3 << 14) - 4096 - 4), count: 8) == nil)
        #expect(paged.read(RemoteAddress(.max - 3), count: 8) == nil)
    }
}
