/// What x86-64 machine code looks like.
extension X86_64 {
    /// `syscall`
    static let systemCallCode: [UInt8] = [0x0f, 0x05]
    /// `mov $15,%rax; syscall` of glibc, `mov $15,%eax; syscall` of musl.
    private static let restorerCodes: [[UInt8]] = [
        [0x48, 0xc7, 0xc0, 0x0f, 0, 0, 0, 0x0f, 0x05], [0xb8, 0x0f, 0, 0, 0, 0x0f, 0x05],
    ]

    /// The `syscall` instruction of libc's function of that name, which a `ret` follows in time (27 bytes into it in
    /// glibc 2.36, 98 in musl 1.2.3), and libc's restorer.
    package static func codePlaces(
        systemCallFunction: RemoteAddress, map: MemoryMap, memory: some MemorySource
    ) -> CodePlaces? {
        guard let body = memory.read(systemCallFunction, count: 256),
            let offset = body.firstIndex(ofSequence: systemCallCode),
            let text = map.region(containing: systemCallFunction.value),
            let restorer = restorerCodes.lazy
                .compactMap({ memory.firstAddress(of: $0, in: text.range) }).first
        else { return nil }
        return CodePlaces(systemCall: systemCallFunction + UInt64(offset), restorer: restorer)
    }

    /// `call` with an offset of 32 bits, or one of the forms of two to seven bytes that take the address from
    /// elsewhere.
    package static func isReturnAddress(_ address: UInt64, memory: some MemorySource) -> Bool {
        guard let bytes = memory.read(RemoteAddress(address &- 7), count: 7) else { return true }
        if bytes[2] == 0xe8 { return true }
        return (0...5).contains { bytes[$0] == 0xff && bytes[$0 + 1] >> 3 & 7 == 2 }
    }
}
