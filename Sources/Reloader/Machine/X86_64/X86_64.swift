/// Linux on x86-64.
package enum X86_64: Machine {
    /// `struct user_regs_struct` of Linux `arch/x86/include/asm/user_64.h`.
    package enum Register: Int, RegisterName {
        case r15, r14, r13, r12, rbp, rbx, r11, r10, r9, r8, rax, rcx, rdx, rsi, rdi
        /// The number of the call under way, or -1.
        case origRax
        case rip, cs, eflags, rsp, ss, fsBase, gsBase, ds, es, fs, gs
    }

    /// What its programs are called.
    package static let program = "64-bit x86"
    /// EM_X86_64.
    package static let elfMachine: UInt16 = 62
    /// The stack grows down from here.
    package static let stackPointer = Register.rsp
    /// The address of the next instruction.
    package static let codePointer = Register.rip
    /// The base of the segment in which libc keeps a thread's own variables.
    package static let threadPointer: Register? = Register.fsBase

    /// TF: a debugger's single step.
    static let singleStepFlag: UInt64 = 0x100
    private static let directionFlag: UInt64 = 0x400

    /// The state in which `stub/donor_x86_64.S` begins.
    package static func entering(
        _ entry: RemoteAddress, stack: RemoteAddress, page: RemoteAddress, from registers: Registers
    ) -> Registers {
        var start = registers
        start[.rip] = entry.value
        start[.rsp] = stack.value
        start[.rbx] = page.value
        start[.rax] = 0
        start[.origRax] = .max
        start[.eflags] &= ~(singleStepFlag | directionFlag)
        return start
    }

    /// In the order in which donor_x86_64.S restores them; rbx and rip come last and lie in the code page.
    package static func wayBack(_ stop: Stop<Self>, on frame: SignalFrame, at places: CodePlaces) -> WayBack {
        let page: [Register] = [
            .rax, .rcx, .rdx, .rsi, .rdi, .rbp, .rsp, .r8, .r9, .r10, .r11, .r12, .r13, .r14, .r15, .eflags,
        ]
        return WayBack(page: stop.resumed[page], code: stop.resumed[[.rbx, .rip]])
    }

    /// /proc/PID/status says it since Linux 6.6.
    package static func hasShadowStack(_ status: ProcessStatus) -> Bool {
        (status["x86_Thread_features"] ?? "").split(separator: " ").contains("shstk")
    }

    /// No register says it: /proc/PID/status does.
    package static let shadowStack: RegisterSet? = nil

    /// Never asked: there is no register to look at.
    package static func hasShadowStack(_ registers: [UInt8]) -> Bool { false }
}
