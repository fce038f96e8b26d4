import Glibc
import Testing

@testable import Reloader

@Suite("ELFImage")
struct ELFSymbolsTests {
    /// This process is a real module to look into: its own libc, through the same system calls as a target's.
    private func libc() throws -> (ELFImage, MemoryMap) {
        let pid = getpid()
        let map = try ProcFS().memoryMap(pid)
        let region = try #require(
            map.regions.first { $0.baseName.hasPrefix("libc.so") && $0.fileOffset == 0 })
        return (
            try ELFImage(base: RemoteAddress(region.range.lowerBound), memory: RemoteMemory(pid: pid)), map
        )
    }

    @Test(
        "finds a function where the dynamic linker finds it",
        arguments: ["syscall", "pthread_create", "getpid"])
    func found(name: String) throws {
        let (image, _) = try libc()
        let symbol = try #require(image.symbol(name, memory: RemoteMemory(pid: getpid())))
        let own = dlsym(nil, name).map { UInt64(UInt(bitPattern: $0)) }
        #expect(symbol.address.value == own)
        #expect(symbol.size > 0)
    }

    @Test("finds the same in memory that is read piece by piece")
    func paged() throws {
        let (image, _) = try libc()
        let paged = PagedMemory(RemoteMemory(pid: getpid()))
        for name in ["syscall", "pthread_create", "getpid", "malloc", "Py_IsInitialized", "epoll_wait"] {
            #expect(
                image.symbol(name, memory: paged) == image.symbol(name, memory: RemoteMemory(pid: getpid())))
        }
    }

    @Test("does not find what is not defined there")
    func missing() throws {
        let (image, _) = try libc()
        #expect(image.symbol("Py_IsInitialized", memory: RemoteMemory(pid: getpid())) == nil)
    }

    private struct Bytes: MemorySource {
        let bytes: [UInt8]
        func read(_ address: RemoteAddress, count: Int) -> [UInt8]? {
            guard address.value <= UInt64(bytes.count), count <= bytes.count - Int(address.value) else {
                return nil
            }
            return Array(bytes[Int(address.value)..<(Int(address.value) + count)])
        }
    }

    @Test("hostile headers are refused, never followed")
    func hostile() {
        #expect(throws: ELFImage.Failure.unreadable) {
            try ELFImage(base: RemoteAddress(0), memory: Bytes(bytes: [1, 2]))
        }
        #expect(throws: ELFImage.Failure.notELF) {
            try ELFImage(base: RemoteAddress(0), memory: Bytes(bytes: Array(repeating: 0x41, count: 64)))
        }
        var header: [UInt8] = [0x7f, 0x45, 0x4c, 0x46, 1] + Array(repeating: 0, count: 59)
        #expect(throws: ELFImage.Failure.not64Bit) {
            try ELFImage(base: RemoteAddress(0), memory: Bytes(bytes: header))
        }
        header[4] = 2
        for index in 32..<40 { header[index] = 0xff }
        #expect(throws: ELFImage.Failure.unreadable) {
            try ELFImage(base: RemoteAddress(0), memory: Bytes(bytes: header))
        }
    }
}
