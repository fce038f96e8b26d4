import CLinuxShims
import Glibc
import SystemPackage

/// One thread that we trace; it is let go at the end of its scope, whatever happens.
///
/// ptrace(2) ties a tracee to the tracing *thread*: a value of this type must not leave the function that made it.
struct TracedThread: ~Copyable {
    /// As gettid(2) in our pid namespace.
    let id: Int32
    /// The first thread of a program that we launched.
    private let isChild: Bool

    /// What a wait for the thread's stop has found.
    enum Stop { case stopped, jobControl, gone }

    /// PTRACE_SEIZE: the thread does not stop, gets no SIGSTOP, and goes on if we die.
    init(seizing id: Int32, of target: Target) throws(Errno) {
        self.id = id
        isChild = id == target.pid && (try? target.procFS.stat(id))?.parent == getpid()
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
        while let news = look(WSTOPPED | WEXITED | WNOWAIT) {
            guard news.isStop else {
                bury()
                return nil
            }
            // Without WEXITED: it may have been killed since the look.
            if let stop = look(WSTOPPED | WNOHANG), stop.isStop { return stop.status << 8 | 0x7f }
        }
        return nil
    }

    /// Of a thread that ended. Its process's parent hears of the end only once the tracer has taken it; where we are
    /// the parent ourselves the status is for the part of us that launched the program.
    private func bury() {
        guard !isChild else { return }
        _ = look(WEXITED | WNOHANG)
    }

    /// What waitid(2) tells with __WALL; nil if nothing (WNOHANG), or if the thread is not traced by us.
    private func look(_ options: Int32) -> (isStop: Bool, status: Int32)? {
        var info = siginfo_t()
        while waitid(P_PID, id_t(id), &info, options | Self.allKinds) < 0 {
            guard errno == EINTR else { return nil }
        }
        guard info.si_signo != 0 else { return nil }
        let isStop = info.si_code == Int32(CLD_TRAPPED) || info.si_code == Int32(CLD_STOPPED)
        return (isStop, info._sifields._sigchld.si_status)
    }

    private static let allKinds: Int32 = 0x4000_0000  // __WALL

    /// The general registers; nil if the thread has ended.
    func registers() -> Host.Registers? {
        read(RegisterSet(note: MIDFLIGHT_NT_PRSTATUS, capacity: 1024)).flatMap { Host.Registers(bytes: $0) }
    }

    /// Sets the general registers. False if the thread has ended.
    func setRegisters(_ registers: Host.Registers) -> Bool {
        write(registers.bytes, to: RegisterSet(note: MIDFLIGHT_NT_PRSTATUS, capacity: 1024))
    }

    private func write(_ bytes: [UInt8], to set: RegisterSet) -> Bool {
        bytes.withUnsafeBytes { midflight_ptrace_set(id, set.note, $0.baseAddress, $0.count) } >= 0
    }

    /// The floating point and vector registers; nil where the kernel does not give all of them.
    func extendedState() -> [[UInt8]]? {
        var all: [[UInt8]] = []
        for set in Host.extendedState {
            guard let state = read(set) ?? (set.isRequired ? nil : []) else { return nil }
            all.append(state)
        }
        return all
    }

    /// Whether the kernel keeps a second stack of return addresses for the thread.
    var hasShadowStack: Bool {
        Host.shadowStack.flatMap { read($0) }.map { Host.hasShadowStack($0) } ?? false
    }

    private func read(_ set: RegisterSet) -> [UInt8]? {
        var count = 0
        let image = [UInt8](unsafeUninitializedCapacity: set.capacity) { buffer, initialized in
            count = midflight_ptrace_get(id, set.note, buffer.baseAddress, buffer.count)
            initialized = max(0, count)
        }
        return set.isWhole(count) ? image : nil
    }

    /// The blocked signals; nil if the thread has ended.
    func signalMask() -> UInt64? {
        var mask: UInt64 = 0
        let result = withUnsafeMutablePointer(to: &mask) {
            midflight_ptrace(Int(MIDFLIGHT_PTRACE_GETSIGMASK), id, 8, UInt(bitPattern: $0))
        }
        return result >= 0 ? mask : nil
    }

    /// Blocks these signals and no others. False if the thread has ended.
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
        let result = registers().map { Host.result($0) }
        if let (set, value) = Host.noCall, !write(value, to: set) { return nil }
        return result
    }

    /// Whether the thread may be between the first and the last instruction of a sequence that the kernel restarts
    /// from its beginning where it interrupts it (rseq(2)): sent elsewhere and back, it would go on in the middle.
    func isInRestartableSequence(_ memory: RemoteMemory) -> Bool {
        var configuration = [UInt8](repeating: 0, count: 24)
        let count = configuration.withUnsafeMutableBytes {
            midflight_ptrace(
                Int(MIDFLIGHT_PTRACE_GET_RSEQ_CONFIGURATION), id, UInt($0.count),
                UInt(bitPattern: $0.baseAddress))
        }
        let area = UInt64(littleEndianBytes: configuration[0..<8])
        // None; or a kernel before 5.13, where libc had none by default.
        guard count > 0, area != 0 else { return false }
        return memory.integer(RemoteAddress(area) + 8, as: UInt64.self) != 0
    }

    /// Where the thread has stopped while a system call was looked for.
    enum Arrival { case entry, exit, stopped, running, gone }

    /// Lets the thread run until it enters or leaves a system call. `stopped`: by another signal; `running`: neither by
    /// `deadline` (CLOCK_MONOTONIC in nanoseconds), it must be stopped before it can be let go.
    func runToSystemCall(by deadline: Int64) -> Arrival {
        var signal: UInt = 0
        while true {
            guard midflight_ptrace(Int(MIDFLIGHT_PTRACE_SYSCALL), id, 0, signal) >= 0 else { return .gone }
            while look(WSTOPPED | WEXITED | WNOWAIT | WNOHANG) == nil {
                guard Monotonic.now < deadline else { return .running }
                Monotonic.nap(microseconds: 50)
            }
            guard let status = wait() else { return .gone }
            if status >> 8 & 0xff == SIGTRAP | 0x80 { return isAtEntry ? .entry : .exit }
            if status >> 16 == MIDFLIGHT_PTRACE_EVENT_STOP { return .stopped }
            signal = UInt(status >> 8 & 0xff)  // the thread must have it
        }
    }

    /// PTRACE_GET_SYSCALL_INFO, Linux 5.3; before, an exit is taken for an entry, which costs time only.
    private var isAtEntry: Bool {
        var information = [UInt8](repeating: 0, count: 128)
        let count = information.withUnsafeMutableBytes {
            midflight_ptrace(
                Int(MIDFLIGHT_PTRACE_GET_SYSCALL_INFO), id, UInt($0.count), UInt(bitPattern: $0.baseAddress))
        }
        return count <= 0 || information[0] == 1
    }

    /// The thread goes on as it is.
    consuming func detach() {}  // deinit does it

    deinit {
        // Fails only if the thread is gone; one that never stopped is detached by the kernel when we end.
        if midflight_ptrace(Int(MIDFLIGHT_PTRACE_DETACH), id, 0, 0) < 0 { bury() }
    }

    private static func check(_ result: Int) throws(Errno) {
        if result < 0 { throw Errno(rawValue: CInt(-result)) }
    }
}
