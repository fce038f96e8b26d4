/// What A64 machine code looks like.
extension AArch64 {
    /// `svc #0`
    static let systemCallCode: UInt32 = 0xd400_0001
    /// `ret`
    static let returnCode: UInt32 = 0xd65f_03c0
    /// `bti c`, with which a function may begin.
    static let branchTargetCode: UInt32 = 0xd503_245f
    /// `mov x8, #139; svc #0`: rt_sigreturn(2).
    private static let restorerCode: [UInt8] = [0x68, 0x11, 0x80, 0xd2, 0x01, 0, 0, 0xd4]

    /// The entry of libc's syscall(3), and the restorer of the vDSO; with musl it may be libc's.
    package static func codePlaces(
        systemCallFunction: RemoteAddress, map: MemoryMap, memory: some MemorySource
    ) -> CodePlaces? {
        let texts = [
            map.regions.first { $0.name == "[vdso]" }, map.region(containing: systemCallFunction.value),
        ]
        for text in texts {
            guard let text, let restorer = memory.firstAddress(of: restorerCode, in: text.range) else {
                continue
            }
            return CodePlaces(systemCall: systemCallFunction, restorer: restorer)
        }
        return nil
    }
}

extension AArch64 {
    /// `bl`, `blr`, or `blr` with authentication stands before the address.
    package static func isReturnAddress(_ address: UInt64, memory: some MemorySource) -> Bool {
        guard let word: UInt32 = memory.integer(RemoteAddress(address &- 4)) else { return true }
        return word & 0xfc00_0000 == 0x9400_0000 || word & 0xfeff_f000 == 0xd63f_0000
    }
}
