/// Why a process cannot be patched; nothing was changed in it.
///
/// Messages and actions are in `AttachError+Text.swift`, the only place that words them.
package enum AttachError: Error, Sendable {
    case noSuchProcess(pid: Int32)
    case notPermitted(PermissionFacts)
    case alreadyTraced(pid: Int32, tracer: Int32)
    /// The kernel refused executable memory (SELinux, PR_SET_MDWE with no way round it).
    case execMemoryDenied(pid: Int32)
    case notPython(pid: Int32, program: String)
    case unsupportedPython(pid: Int32, version: String)
    case unsupportedBuild(pid: Int32, BuildProblem)
    /// Stopped by a signal (SIGSTOP, SIGTSTP) or a debugger; such a stop is not ours to end.
    case targetStopped(pid: Int32)
    case targetBusy(pid: Int32, BusyReason)
    case targetExiting(pid: Int32)
    case targetGone(pid: Int32)
    /// Another midflight holds the lock of this process.
    case alreadyControlled(pid: Int32, holder: Int32?)
    /// The directory of the lock belongs to somebody else, or others may write in it.
    case lockDirectoryUnsafe(pid: Int32, directory: String)

    package enum BuildProblem: Error, Sendable, Hashable {
        case not64Bit
        case symbolsMissing([String])
        case shadowStack
        case freeThreaded
        case interpreterNotRunnable(String)
    }

    package enum BusyReason: Error, Sendable, Hashable {
        /// No thread was blocked in a system call that may be interrupted.
        case noIdleThread
        /// The agent's thread did not get the GIL in time.
        case noGIL
        /// The agent's thread did not start or did not answer in time.
        case noAnswer
        /// The agent's pipes were closed in the target before it answered: os.closerange() does that.
        case left
        /// Children kept inheriting the pipes of the agent.
        case forking
    }
}
