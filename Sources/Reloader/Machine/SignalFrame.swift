import Glibc

/// A signal frame of the interrupted state, as the kernel itself would push it, on the donor's own stack.
///
/// While we borrow the thread its stack pointer rests on this frame, and a `ret` leads to libc's restorer, which calls
/// rt_sigreturn(2). So a tool that is killed at any instant leaves a thread that goes on by itself, its whole XSAVE image
/// included. Layout: `struct rt_sigframe` of Linux `arch/x86/include/asm/sigframe.h`.
struct SignalFrame {
    /// Where the thread's stack pointer rests; ≡ 8 modulo 16, as after a call.
    let stackPointer: RemoteAddress
    let parts: [(address: RemoteAddress, bytes: [UInt8])]

    private static let redZone: UInt64 = 256  // 128 by the ABI
    private static let tileComponents: UInt64 = 3 << 17  // AMX configuration and data
    private static let imageWithoutTiles = 2696

    /// `registers` are the raw ones of the stop; `xstate` is NT_X86_XSTATE's image.
    init?(registers: user_regs_struct, xstate: [UInt8], signalMask: UInt64, restorer: RemoteAddress) {
        guard let image = Self.floatingPointImage(xstate) else { return nil }
        let resumed = registers.resumedThroughSignalReturn()
        let imageAddress = (UInt64(registers.rsp) - Self.redZone - UInt64(image.count)) & ~63
        var frame: [UInt8] = []
        func push(_ words: UInt64...) { for word in words { frame += word.littleEndianBytes } }
        // pretcode; uc_flags: FP_XSTATE | SIGCONTEXT_SS | STRICT_RESTORE_SS; uc_link. An invalid ss_flags makes the
        // kernel leave the alternate signal stack alone.
        push(restorer.value, 7, 0, 0, 3, 0)
        push(UInt64(resumed.r8), UInt64(resumed.r9), UInt64(resumed.r10), UInt64(resumed.r11))
        push(UInt64(resumed.r12), UInt64(resumed.r13), UInt64(resumed.r14), UInt64(resumed.r15))
        push(UInt64(resumed.rdi), UInt64(resumed.rsi), UInt64(resumed.rbp), UInt64(resumed.rbx))
        push(UInt64(resumed.rdx), UInt64(resumed.rax), UInt64(resumed.rcx), UInt64(resumed.rsp))
        push(
            UInt64(resumed.rip), UInt64(resumed.eflags), UInt64(resumed.cs) | UInt64(resumed.ss) << 48, 0, 0,
            0, 0)
        push(imageAddress, 0, 0, 0, 0, 0, 0, 0, 0, signalMask)
        let bottom = ((imageAddress - UInt64(frame.count)) & ~15) - 8
        stackPointer = RemoteAddress(bottom)
        parts = [(RemoteAddress(imageAddress), image), (stackPointer, frame)]
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
}
