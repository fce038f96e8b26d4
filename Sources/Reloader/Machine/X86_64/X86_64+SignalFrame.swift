/// `struct rt_sigframe` of Linux `arch/x86/include/asm/sigframe.h`.
extension X86_64 {
    /// NT_X86_XSTATE: the XSAVE image, 2,696 bytes with AVX-512 and 11,008 with AMX.
    package static let extendedState = [RegisterSet(note: 0x202, capacity: 16384)]

    /// As after a call. The kernel does not mind, but the code that the thread returns to does.
    package static let frameAlignment = (modulus: UInt64(16), remainder: UInt64(8))

    private static let redZone: UInt64 = 256  // 128 by the ABI
    private static let tileComponents: UInt64 = 3 << 17  // AMX configuration and data
    private static let imageWithoutTiles = 2696
    private static let userCodeSegment: UInt64 = 0x33

    /// The frame of `setup_rt_frame()`: ucontext, siginfo, and the image of the vector registers below the stack's red
    /// zone.
    package static func signalFrame(
        of stop: Stop<Self>, extended: [[UInt8]], signalMask: UInt64, restorer: RemoteAddress
    ) -> SignalFrame? {
        guard let state = extended.first, let image = floatingPointImage(state) else { return nil }
        let registers = stop.returned
        let imageAddress = (registers[.rsp] &- redZone &- UInt64(image.count)) & ~63
        // pretcode; uc_flags: FP_XSTATE | SIGCONTEXT_SS | STRICT_RESTORE_SS; uc_link. An invalid ss_flags makes the
        // kernel leave the alternate signal stack alone.
        var words: [UInt64] = [restorer.value, 7, 0, 0, 3, 0]
        words += registers[[.r8, .r9, .r10, .r11, .r12, .r13, .r14, .r15, .rdi, .rsi, .rbp, .rbx]]
        words += registers[[.rdx, .rax, .rcx, .rsp, .rip, .eflags]]
        words += [registers[.cs] | registers[.ss] << 48, 0, 0, 0, 0]
        words += [imageAddress, 0, 0, 0, 0, 0, 0, 0, 0, signalMask]
        let frame = words.flatMap(\.littleEndianBytes)
        let bottom = ((imageAddress &- UInt64(frame.count)) & ~15) &- 8
        let made = SignalFrame(
            stackPointer: RemoteAddress(bottom),
            parts: [(RemoteAddress(imageAddress), image), (RemoteAddress(bottom), frame)])
        return made.isSound(below: registers[.rsp], for: Self.self) ? made : nil
    }

    /// The XSAVE image with the two magic numbers that tell the kernel of its length, at 464 and behind it.
    private static func floatingPointImage(_ xstate: [UInt8]) -> [UInt8]? {
        guard xstate.count >= 576 else { return nil }
        var image = xstate
        var features = UInt64(littleEndianBytes: image[464..<472])
        let used = UInt64(littleEndianBytes: image[512..<520])
        if features & tileComponents != 0, used & tileComponents == 0, image.count > imageWithoutTiles {
            image.removeLast(image.count - imageWithoutTiles)
            features &= ~tileComponents
        }
        let length = UInt32(image.count)
        let software =
            UInt32(0x4650_5853).littleEndianBytes + (length + 4).littleEndianBytes
            + features.littleEndianBytes
            + length.littleEndianBytes + [UInt8](repeating: 0, count: 28)
        image.replaceSubrange(464..<512, with: software)
        return image + UInt32(0x4650_5845).littleEndianBytes
    }

    /// A frame begins with libc's restorer, and `struct ucontext` follows it.
    package static func holdsSignalFrame(
        _ stack: [UInt8], from start: UInt64, restorer: RemoteAddress, isCode: (UInt64) -> Bool
    ) -> Bool {
        func word(_ offset: Int) -> UInt64 { UInt64(littleEndianBytes: stack[offset..<(offset + 8)]) }
        for offset in stride(from: 0, to: stack.count - 7, by: 8) where word(offset) == restorer.value {
            // rsp is register 15 of the ucontext, rip 16, cs the low half of word 18; they begin at byte 40 of it.
            let context = offset + 48
            guard context + 19 * 8 <= stack.count else { continue }
            if word(context + 18 * 8) & 0xffff == userCodeSegment, word(offset + 16) == 0,
                word(context + 15 * 8) >= start, isCode(word(context + 16 * 8))
            {
                return true
            }
        }
        return false
    }
}
