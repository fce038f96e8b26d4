import CLinuxShims
import Glibc
package import SystemPackage

/// A live CPython process: its identity, and what attaching needs to know of it.
///
/// Owns a pidfd, so that a reused pid is never mistaken for the process.
package final class Target: Sendable {
    /// In our pid namespace. A later process with the same pid is not meant: the pidfd tells.
    package let pid: Int32
    /// Readable once the process has ended. It is closed when the value ends.
    package let pidfd: Int32
    /// How its /proc is read.
    package let procFS: ProcFS
    /// Path of the running program, as the kernel gives it.
    package let executable: FilePath
    /// The shared library that has its interpreter, as the kernel names it; nil where the program itself has it.
    let library: String?
    /// Executing another program changes it; the pid and start time stay.
    package let identity: ProcessStat
    /// What attaching needs of its code.
    let symbols: TargetSymbols

    /// Checks everything that can be checked without stopping the process.
    package init(pid: Int32, procFS: ProcFS = ProcFS()) throws(AttachError) {
        guard pid > 0 else { throw .noSuchProcess(pid: pid) }
        StageLog.shared.enter(.start)
        let stat = try Self.checkState(pid: pid, procFS: procFS)
        let map: MemoryMap
        do { map = try procFS.memoryMap(pid) } catch {
            throw Self.failure(error, pid: pid, procFS: procFS, during: .readingItsMemoryMap)
        }
        guard let executable = procFS.link(pid, "exe") else {
            throw map.regions.isEmpty
                ? .notPython(pid: pid, program: "\(stat.name), a kernel thread or ending")
                : .notPermitted(PermissionFacts(pid: pid, procFS: procFS))
        }
        try Self.checkBuild(pid: pid, map: map)
        try Self.checkRoom(pid: pid, registers: midflight_extended_state_size())
        self.pid = pid
        self.procFS = procFS
        self.executable = executable
        identity = stat
        library = map.regions.first { $0.baseName.hasPrefix("libpython") }?.name
        let program = executable.lastComponent.map { $0.string } ?? stat.name
        symbols = try TargetSymbols(pid: pid, map: map, program: program)
        func words(_ name: String) -> [UInt8] { (try? procFS.contents(procFS.path(pid, name))) ?? [] }
        if let runtime = symbols.runtime,
            RemoteDebugging(memory: RemoteMemory(pid: pid), runtime: runtime)
                .isDisabled(environment: words("environ"), commandLine: words("cmdline"))
        {
            throw .disabledByOperator(pid: pid)
        }
        let descriptor = midflight_pidfd_open(pid)
        guard descriptor >= 0 else {
            throw Self.failure(
                Errno(rawValue: CInt(-descriptor)), pid: pid, procFS: procFS, during: .openingIt)
        }
        pidfd = Int32(descriptor)
        StageLog.shared.enter(.symbols)
    }

    deinit { close(pidfd) }

    /// False if the process has ended, or we may not.
    package func send(_ signal: Int32) -> Bool { midflight_pidfd_send_signal(pidfd, signal) == 0 }

    /// Whether the same program still runs under this pid.
    package var isSame: Bool {
        let now: ProcessStat
        do throws(Errno) { now = try procFS.stat(pid) } catch {
            guard error == .tooManyOpenFiles || error == .tooManyOpenFilesInSystem else { return false }
            // Nothing can be opened, but the pidfd tells whether it has ended.
            var polled = pollfd(fd: pidfd, events: Int16(POLLIN), revents: 0)
            return poll(&polled, 1, 0) == 0
        }
        return now.startTime == identity.startTime && now.startCode == identity.startCode
            && now.startStack == identity.startStack && !now.hasEnded
    }

    /// Why it is no longer the same: it has ended, or executed another program.
    package var end: AttachError {
        let limit = Monotonic.now + Self.patience
        while let now = try? procFS.stat(pid), now.startTime == identity.startTime, !now.hasEnded {
            if !now.isLosingFirstThread || Monotonic.now > limit {
                return .targetReplaced(pid: pid, program: now.name)
            }
            Monotonic.nap(microseconds: 500)
        }
        return .targetGone(pid: pid)
    }

    /// Threads of agents, of a midflight that was killed too.
    var agentThreads: [Int32] {
        procFS.threadIDs(pid).filter { thread in
            (try? procFS.text(pid, "task/\(thread)/comm"))?.hasPrefix("midflight") ?? false
        }
    }

    /// A sampling profiler traces and stops a process for an instant, time and again: it is waited for.
    static func checkState(pid: Int32, procFS: ProcFS) throws(AttachError) -> ProcessStat {
        let end = Monotonic.now + patience
        while true {
            do throws(AttachError) { return try state(pid: pid, procFS: procFS) } catch {
                switch error {
                case .alreadyTraced, .targetStopped(_, isTraced: true): if Monotonic.now > end { throw error }
                default: throw error
                }
            }
            Monotonic.nap(microseconds: 500)
        }
    }

    /// Nanoseconds that a tracer is given to let go, and a process to end or to execute another program.
    static let patience: Int64 = 500_000_000

    private static func state(pid: Int32, procFS: ProcFS) throws(AttachError) -> ProcessStat {
        let stat: ProcessStat
        do throws(Errno) { stat = try procFS.stat(pid) } catch {
            let failure = Self.failure(error, pid: pid, procFS: procFS, during: .lookingAtIt)
            if case .targetGone = failure { throw .noSuchProcess(pid: pid) }
            throw failure
        }
        guard let status = try? procFS.status(pid) else { throw .noSuchProcess(pid: pid) }
        if status.tracerPID != 0 { throw .alreadyTraced(pid: pid, tracer: status.tracerPID) }
        switch stat.state {
        case "Z", "X": throw .targetExiting(pid: pid)
        case "T": throw .targetStopped(pid: pid, isTraced: false)
        case "t": throw .targetStopped(pid: pid, isTraced: true)
        default: break
        }
        if Host.hasShadowStack(status) { throw .unsupportedBuild(pid: pid, .shadowStack) }
        return stat
    }

    private static func checkBuild(pid: Int32, map: MemoryMap) throws(AttachError) {
        guard let first = map.regions.first(where: { $0.name.hasPrefix("/") && $0.fileOffset == 0 }) else {
            return
        }
        do throws(ELFImage.Failure) {
            let image = try ELFImage(
                base: RemoteAddress(first.range.lowerBound), memory: RemoteMemory(pid: pid))
            if image.machine != Host.elfMachine { throw .not64Bit }
        } catch {
            if error == .not64Bit { throw .unsupportedBuild(pid: pid, .not64Bit) }
        }
    }

    /// `registers`: bytes of the processor's floating point and vector registers, which we must be able to keep.
    package static func checkRoom(pid: Int32, registers: Int) throws(AttachError) {
        guard let set = Host.extendedState.first, registers == 0 || set.isWhole(registers) else {
            let room = Host.extendedState.first?.capacity ?? 0
            throw .unsupportedBuild(pid: pid, .registersTooLarge(bytes: registers, room: room))
        }
        guard Scratch.holdsOurs else { throw .unsupportedBuild(pid: pid, .stubTooLarge) }
    }

    /// What an errno of a /proc file, of ptrace(2) or pidfd_getfd(2) means for the user.
    static func failure(_ error: Errno, pid: Int32, procFS: ProcFS, during step: AttachError.Step)
        -> AttachError
    {
        switch error {
        case .noSuchProcess, .noSuchFileOrDirectory: return .targetGone(pid: pid)
        case .permissionDenied, .notPermitted:
            if let tracer = try? procFS.status(pid).tracerPID, tracer != 0 {
                return .alreadyTraced(pid: pid, tracer: tracer)
            }
            return .notPermitted(PermissionFacts(pid: pid, procFS: procFS))
        default: return .systemError(pid: pid, error, during: step)
        }
    }
}
