import CLinuxShims
import Glibc
import SystemPackage

/// One thread that we trace; it is let go at the end of its scope, whatever happens.
///
/// ptrace(2) ties a tracee to the tracing *thread*: a value of this type must not leave the function that made it.
struct TracedThread: ~Copyable {
    let id: Int32

    enum Stop { case stopped, jobControl, gone }

    /// PTRACE_SEIZE: the thread does not stop, gets no SIGSTOP, and goes on if we die.
    init(seizing id: Int32) throws(Errno) {
        self.id = id
        try Self.check(
            midflight_ptrace(Int(MIDFLIGHT_PTRACE_SEIZE), id, 0, UInt(MIDFLIGHT_PTRACE_O_TRACESYSGOOD)))
    }

    /// Stops the thread. `.jobControl` means that it was stopped by a signal already.
    func interrupt() -> Stop {
        guard midflight_ptrace(Int(MIDFLIGHT_PTRACE_INTERRUPT), id, 0, 0) >= 0 else { return .gone }
        while let status = wait() {
            let signal = status >> 8 & 0xff
            if status >> 16 == MIDFLIGHT_PTRACE_EVENT_STOP {
                return signal == SIGTRAP ? .stopped : .jobControl
            }
            // A signal was about to be delivered: the thread must have it.
            guard midflight_ptrace(Int(MIDFLIGHT_PTRACE_CONT), id, 0, UInt(signal)) >= 0 else { return .gone }
        }
        return .gone
    }

    /// The next stop's wait status; nil once the thread is gone.
    private func wait() -> Int32? {
        var status: Int32 = 0
        while true {
            let waited = waitpid(id, &status, Int32(bitPattern: 0x4000_0000))  // __WALL
            if waited == id { return status & 0xff == 0x7f ? status : nil }
            if waited < 0, errno == EINTR { continue }
            return nil
        }
    }

    func registers() -> user_regs_struct? {
        var registers = user_regs_struct()
        let result = withUnsafeMutablePointer(to: &registers) {
            midflight_ptrace(Int(MIDFLIGHT_PTRACE_GETREGS), id, 0, UInt(bitPattern: $0))
        }
        return result >= 0 ? registers : nil
    }

    func setRegisters(_ registers: user_regs_struct) -> Bool {
        withUnsafePointer(to: registers) {
            midflight_ptrace(Int(MIDFLIGHT_PTRACE_SETREGS), id, 0, UInt(bitPattern: $0))
        } >= 0
    }

    /// The XSAVE image, at most 16 KiB; nil where the kernel does not give it.
    func extendedState() -> [UInt8]? {
        var count = 0
        let image = [UInt8](unsafeUninitializedCapacity: 16384) { buffer, initialized in
            count = midflight_ptrace_xstate(id, buffer.baseAddress, buffer.count)
            initialized = max(0, count)
        }
        return count > 0 ? image : nil
    }

    func signalMask() -> UInt64? {
        var mask: UInt64 = 0
        let result = withUnsafeMutablePointer(to: &mask) {
            midflight_ptrace(Int(MIDFLIGHT_PTRACE_GETSIGMASK), id, 8, UInt(bitPattern: $0))
        }
        return result >= 0 ? mask : nil
    }

    func setSignalMask(_ mask: UInt64) -> Bool {
        withUnsafePointer(to: mask) {
            midflight_ptrace(Int(MIDFLIGHT_PTRACE_SETSIGMASK), id, 8, UInt(bitPattern: $0))
        } >= 0
    }

    /// Runs to the exit of one system call whose registers are set; nil if the thread is gone.
    func runSystemCall() -> Int64? {
        var signal: UInt = 0
        var stops = 0
        while stops < 2 {
            guard midflight_ptrace(Int(MIDFLIGHT_PTRACE_SYSCALL), id, 0, signal) >= 0, let status = wait()
            else { return nil }
            signal = 0
            if status >> 8 & 0xff == SIGTRAP | 0x80 {
                stops += 1
            } else if status >> 16 != MIDFLIGHT_PTRACE_EVENT_STOP {
                signal = UInt(status >> 8 & 0xff)  // SIGSTOP: the only one that our mask does not hold back
            }
        }
        return registers()?.result
    }

    consuming func detach() {}  // deinit does it

    deinit {
        // Fails only if the thread is gone; one that never stopped is detached by the kernel when we end.
        _ = midflight_ptrace(Int(MIDFLIGHT_PTRACE_DETACH), id, 0, 0)
    }

    private static func check(_ result: Int) throws(Errno) {
        if result < 0 { throw Errno(rawValue: CInt(-result)) }
    }
}
