import Reloader
import Testing

@Suite("MemoryMap")
struct MemoryMapTests {
    @Test("a line gives range, protection, offset and name")
    func line() throws {
        let map = MemoryMap(
            text: Array(
                """
                55d0c0e00000-55d0c0e02000 r-xp 00001000 fd:01 1234   /opt/my python/bin/python3.11
                7ffd00000000-7ffd00021000 rw-p 00000000 00:00 0      [stack]
                7f0000000000-7f0000001000 rw-p 00000000 00:00 0
                """.utf8))
        #expect(map.regions.count == 3)
        let first = try #require(map.regions.first)
        #expect(first.range == 0x55d0_c0e0_0000..<0x55d0_c0e0_2000)
        #expect(first.isExecutable && first.isReadable && first.fileOffset == 0x1000)
        #expect(first.name == "/opt/my python/bin/python3.11")
        #expect(first.baseName == "python3.11")
        #expect(map.regions[1].name == "[stack]")
        #expect(map.regions[2].name.isEmpty)
    }

    @Test("an address belongs to the region that contains it, its end excluded")
    func containing() {
        let map = MemoryMap(
            text: Array("1000-2000 r--p 00000000 00:00 0 \n2000-3000 r-xp 00000000 00:00 0 /x".utf8))
        #expect(map.region(containing: 0x1fff)?.isExecutable == false)
        #expect(map.region(containing: 0x2000)?.name == "/x")
        #expect(map.region(containing: 0x3000) == nil)
    }

    @Test(
        "lines of another form are left out",
        arguments: ["", "garbage", "2000-1000 r--p 0 0 0", "x-y r--p 0 0 0 /z"])
    func damaged(line: String) {
        #expect(MemoryMap(text: Array(line.utf8)).regions.isEmpty)
    }
}
