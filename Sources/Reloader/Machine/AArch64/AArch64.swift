/// Linux on 64-bit Arm, little-endian.
package enum AArch64: Machine {
    /// `struct user_pt_regs` of Linux `arch/arm64/include/uapi/asm/ptrace.h`. x30 is the link register.
    package enum Register: Int, RegisterName {
        case x0, x1, x2, x3, x4, x5, x6, x7, x8, x9, x10, x11, x12, x13, x14, x15
        case x16, x17, x18, x19, x20, x21, x22, x23, x24, x25, x26, x27, x28, x29, x30
        case sp, pc, pstate
    }

    /// What its programs are called.
    package static let program = "64-bit Arm"
    /// EM_AARCH64.
    package static let elfMachine: UInt16 = 183
    /// The stack pointer is a register of its own.
    package static let stackPointer = Register.sp
    /// The address of the next instruction.
    package static let codePointer = Register.pc
    /// The kernel keeps it in a set of its own (NT_ARM_TLS): threads that run are not borrowed.
    package static let threadPointer: Register? = nil

    private static let singleStep: UInt64 = 1 << 21
    private static let branchType: UInt64 = 3 << 10

    /// A debugger's leftovers are gone, and the kind of the last branch: in a page with branch target identification
    /// (BTI) a call that is made again would fault by it, and the kernel does not clear it for ptrace(2).
    static func plain(_ registers: Registers) -> Registers {
        var state = registers
        state[.pstate] &= ~(singleStep | branchType)
        return state
    }

    /// The state in which `stub/donor_aarch64.S` begins.
    package static func entering(
        _ entry: RemoteAddress, stack: RemoteAddress, page: RemoteAddress, from registers: Registers
    ) -> Registers {
        var start = plain(registers)
        start[.pc] = entry.value
        start[.sp] = stack.value
        start[.x19] = page.value
        start[.x0] = 0
        return start
    }

    /// The stub restores nothing: it returns through the signal frame, as the thread of a killed tool does. There is no
    /// jump that needs no register.
    package static func wayBack(_ stop: Stop<Self>, on frame: SignalFrame, at places: CodePlaces) -> WayBack {
        WayBack(page: [frame.stackPointer.value, places.restorer.value], code: [])
    }

    /// NT_ARM_GCS since Linux 6.13: `struct user_gcs`, whose first word has bit 0 set where a guarded stack is on.
    package static let shadowStack: RegisterSet? = RegisterSet(note: 0x410, capacity: 64)

    /// The process's status says nothing of it.
    package static func hasShadowStack(_ status: ProcessStatus) -> Bool { false }

    /// GCS, the shadow stack of the architecture: bit 0 of its first word says that it is on.
    package static func hasShadowStack(_ registers: [UInt8]) -> Bool { (registers.first ?? 0) & 1 != 0 }
}
