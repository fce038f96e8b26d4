import Glibc
import Reloader

extension SessionError {
    /// What an attempt to have a process says of the next one.
    enum Verdict: Sendable, Hashable { case final, later }

    /// `isStarting`: whether the process has executed its program, or was forked, in the last seconds.
    /// `hasDescriptors`: whether we could open what attaching needs.
    func verdict(isStarting: (Int32) -> Bool, hasDescriptors: Bool) -> Verdict {
        guard hasDescriptors else { return .later }  // whatever failed, it was our fault
        guard case .attach(let cause) = self else { return .final }
        switch cause {
        // A child that has executed a program between two of our looks is a process like any other from then on.
        case .notPython, .targetBusy, .targetExiting, .targetReplaced, .targetStopped, .targetExhausted,
            .alreadyTraced, .systemError:
            return .later
        // Before its loader is done a program looks like this.
        case .unsupportedBuild(let pid, .symbolsMissing): return isStarting(pid) ? .later : .final
        case .noSuchProcess, .targetGone, .notPermitted, .execMemoryDenied,
            .disabledByOperator,
            .unsupportedPython, .unsupportedBuild, .alreadyControlled, .lockDirectoryUnsafe:
            return .final
        }
    }

    /// The verdict at this moment.
    var verdict: Verdict { verdict(isStarting: Self.isStarting, hasDescriptors: Self.canOpenDescriptors()) }

    /// A child that ended meanwhile, or that runs no Python, was never going to be a member.
    package var isWorthTelling: Bool {
        guard case .attach(let cause) = self else { return true }
        switch cause {
        case .noSuchProcess, .targetGone, .targetReplaced, .targetExiting, .notPython: return false
        case .notPermitted, .alreadyTraced, .execMemoryDenied, .disabledByOperator, .unsupportedPython,
            .unsupportedBuild, .targetStopped, .targetBusy, .targetExhausted, .alreadyControlled,
            .lockDirectoryUnsafe, .systemError:
            return true
        }
    }

    /// As many as attaching takes.
    private static func canOpenDescriptors() -> Bool {
        let copies = (0..<24).map { _ in fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 0) }
        for copy in copies where copy >= 0 { close(copy) }
        return copies.allSatisfy { $0 >= 0 }
    }

    /// By the start time in /proc/PID/stat: within the last five seconds.
    private static func isStarting(_ pid: Int32) -> Bool {
        guard let stat = try? ProcFS().stat(pid) else { return false }  // it has ended
        return ProcessClock.realTimeNow - ProcessClock.realTime(startTime: stat.startTime) < 5_000_000_000
    }
}
