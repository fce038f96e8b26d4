/// What attaching asks an architecture: the words of its registers, how a stopped thread goes on, how a call is made on
/// it, and what its machine code looks like.
///
/// Every architecture answers in a folder of its own. All answers are compiled, and tested with registers from an
/// array, on every host; `Host` is the one that runs here. Nothing outside `Machine` names a register or an opcode.
package protocol Machine: Sendable {
    /// The general registers, in the order of `struct user_pt_regs` or `user_regs_struct` (NT_PRSTATUS).
    associatedtype Register: RegisterName
    /// Its general registers by name.
    typealias Registers = RegisterFile<Register>

    /// The programs that can be patched, in words: "64-bit x86".
    static var program: String { get }
    /// e_machine of an ELF header.
    static var elfMachine: UInt16 { get }
    /// The register of the stack pointer.
    static var stackPointer: Register { get }
    /// The register that has the address of the next instruction.
    static var codePointer: Register { get }
    /// The register that has the address of the thread's own variables; nil if ptrace(2) does not read it with the
    /// others.
    static var threadPointer: Register? { get }

    // MARK: Calls

    /// The number of a system call that we make on a borrowed thread.
    static func number(of call: RemoteCall) -> UInt64
    /// What kind of call it is, if a thread that waits in it may be borrowed.
    static func waitingCall(_ call: BlockedCall) -> WaitingCall?
    /// Registers that make one system call and then return to the restorer; the stack pointer rests on `frame`.
    static func calling(
        _ call: RemoteCall, _ arguments: [UInt64], from registers: Registers, at places: CodePlaces,
        on frame: SignalFrame
    ) -> Registers
    /// What a call returned, at the stop behind it: -errno, or a value.
    static func result(_ registers: Registers) -> Int64
    /// What is written at the stop behind a call so that the kernel restarts nothing, if registers do not say it.
    static var noCall: (set: RegisterSet, value: [UInt8])? { get }

    // MARK: Stops

    /// What the thread was stopped in, and how it goes on from there. `seen`: the call that /proc showed before the
    /// stop.
    static func stop(_ registers: Registers, seen: BlockedCall?, memory: some MemorySource) -> Stop<Self>
    /// The floating point and vector registers that a signal frame holds; the first of them is large.
    static var extendedState: [RegisterSet] { get }
    /// The frame that the kernel would push for a signal; nil if `extended` is too short, or the frame not sound.
    static func signalFrame(
        of stop: Stop<Self>, extended: [[UInt8]], signalMask: UInt64, restorer: RemoteAddress
    ) -> SignalFrame?
    /// Where a thread's stack pointer may rest on a frame.
    static var frameAlignment: (modulus: UInt64, remainder: UInt64) { get }
    /// Whether `stack`, the bytes from address `start` on, holds the frame of a signal handler that runs.
    static func holdsSignalFrame(
        _ stack: [UInt8], from start: UInt64, restorer: RemoteAddress, isCode: (UInt64) -> Bool
    ) -> Bool
    /// Whether the kernel keeps a second stack of return addresses for the process, which we could not keep right.
    static func hasShadowStack(_ status: ProcessStatus) -> Bool
    /// The registers of a stopped thread that say the same, where the process's status does not.
    static var shadowStack: RegisterSet? { get }
    /// Whether the words of `shadowStack` say that it is on.
    static func hasShadowStack(_ registers: [UInt8]) -> Bool

    // MARK: Code

    /// Whether an instruction that calls stands before `address`; true where that cannot be read.
    static func isReturnAddress(_ address: UInt64, memory: some MemorySource) -> Bool

    /// The places in a target's code that a borrowed thread needs; nil where the patterns are not found.
    static func codePlaces(
        systemCallFunction: RemoteAddress, map: MemoryMap, memory: some MemorySource
    ) -> CodePlaces?
    /// Registers that start the stub of `stub/donor_….S`.
    static func entering(
        _ entry: RemoteAddress, stack: RemoteAddress, page: RemoteAddress, from registers: Registers
    ) -> Registers
    /// What the stub needs for the way back: words of the data page, and words of the code page.
    static func wayBack(_ stop: Stop<Self>, on frame: SignalFrame, at places: CodePlaces) -> WayBack
}

#if arch(x86_64)
    /// The architecture that this program was built for.
    package typealias Host = X86_64
#elseif arch(arm64)
    /// The architecture that this program was built for.
    package typealias Host = AArch64
#else
    #error("midflight has no Machine for this architecture")
#endif

/// What a stopped thread was doing, and how it goes on.
package struct Stop<Architecture: Machine>: Sendable {
    /// The call that the stop interrupted, or that the thread was seen waiting in and that has completed since: on a
    /// busy machine it always has. Nil if none was under way.
    package var call: BlockedCall?
    /// Registers with which the thread goes on in the interrupted call, set by us instead of by the kernel.
    package var resumed: Architecture.Registers
    /// The same for a return through a signal frame: rt_sigreturn(2) forgets a call's restart block.
    package var returned: Architecture.Registers
    /// The thread was between two instructions of its own, in no system call.
    package var isRunning: Bool
    /// The stop alone would make the call return EINTR to a caller that does not expect it: `resumed` must be set.
    package var mustBeResumed: Bool

    /// Makes a stop; `resumed` are the registers with which the thread goes on.
    package init(
        call: BlockedCall?, resumed: Architecture.Registers, returned: Architecture.Registers,
        mustBeResumed: Bool, isRunning: Bool = false
    ) {
        self.call = call
        self.resumed = resumed
        self.returned = returned
        self.mustBeResumed = mustBeResumed
        self.isRunning = isRunning
    }

    /// How gladly the thread is borrowed; nil where the mere stop could be noticed.
    package var suitability: Suitability? { call.flatMap { Architecture.suitability(of: $0) } }
}

/// The system calls that we make on a borrowed thread.
package enum RemoteCall: Sendable, CaseIterable { case mmap, mprotect, munmap }

/// Places in a target's code.
package struct CodePlaces: Sendable, Hashable {
    /// Where a thread makes the system call that its registers hold, and then returns to the restorer.
    package var systemCall: RemoteAddress
    /// Where a signal handler returns to: rt_sigreturn(2).
    package var restorer: RemoteAddress

    /// Makes the places; both lie in code of the target's libc.
    package init(systemCall: RemoteAddress, restorer: RemoteAddress) {
        self.systemCall = systemCall
        self.restorer = restorer
    }
}

/// What the donor's stub needs for the way back.
package struct WayBack: Sendable, Hashable {
    /// `resume` of `struct midflight_page`, at most 16 words.
    package var page: [UInt64]
    /// The words that the stub holds at `resume` of `struct midflight_stub`.
    package var code: [UInt64]
}
