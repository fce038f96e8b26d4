package import SystemPackage

/// Why a process cannot be patched; nothing was changed in it.
///
/// Messages and actions are in `AttachError+Text.swift`, the only place that words them.
package enum AttachError: Error, Sendable {
    case noSuchProcess(pid: Int32)
    case notPermitted(PermissionFacts)
    case alreadyTraced(pid: Int32, tracer: Int32)
    /// The kernel refused executable memory (SELinux, PR_SET_MDWE with no way round it).
    case execMemoryDenied(pid: Int32)
    /// The operator has switched remote debugging off.
    case disabledByOperator(pid: Int32)
    case notPython(pid: Int32, program: String)
    case unsupportedPython(pid: Int32, version: String)
    case unsupportedBuild(pid: Int32, BuildProblem)
    /// Stopped by a signal (SIGSTOP, SIGTSTP) or a debugger; such a stop is not ours to end.
    case targetStopped(pid: Int32, isTraced: Bool)
    case targetBusy(pid: Int32, BusyReason)
    case targetExiting(pid: Int32)
    /// One of the process's own limits leaves no room for the agent.
    case targetExhausted(pid: Int32, Exhausted)
    /// A system call of ours failed in a way that says nothing about the process.
    case systemError(pid: Int32, Errno, during: Step)
    case targetGone(pid: Int32)
    /// It has executed another program, which is not the one that we attached to; perhaps the same file once more.
    case targetReplaced(pid: Int32, program: String)
    /// Another midflight holds the lock of this process.
    case alreadyControlled(pid: Int32, holder: Int32?)
    /// The directory of the lock belongs to somebody else, or others may write in it.
    case lockDirectoryUnsafe(pid: Int32, directory: String)

    /// What of the process's build we cannot work with.
    package enum BuildProblem: Error, Sendable, Hashable {
        case not64Bit
        case symbolsMissing([String])
        case shadowStack
        /// The processor has more vector registers than we keep while a thread is borrowed.
        case registersTooLarge(bytes: Int, room: Int)
        /// This midflight was built with a stub that its page does not hold.
        case stubTooLarge
        case freeThreaded
        case interpreterNotRunnable(String)
        /// Frames are not where this version of CPython has them: a build that was changed.
        case layoutDiffers(version: String)
    }

    /// What kept the agent from its work. All of these may be over at the next attempt.
    package enum BusyReason: Error, Sendable, Hashable {
        /// No thread could be borrowed: what the one did that was looked at last, of how many.
        case noDonor(thread: Int32, of: Int, DonorRefusal)
        /// The agent's thread did not get the GIL in time.
        case noGIL
        /// The agent's thread did not start or did not answer in time.
        case noAnswer
        /// The agent's pipes were closed in the target before it answered: os.closerange() does that.
        case left
        /// It closed the agent's descriptors before we had taken them, time and again.
        case closesDescriptors
        /// The request had been acknowledged; whether it was done is not known.
        case answerLost
        /// Children kept inheriting the pipes of the agent.
        case forking
    }

    /// What the process has no more of.
    package enum Exhausted: Error, Sendable, Hashable {
        case descriptors(open: Int, limit: Int)
        /// The kernel maps nothing more: RLIMIT_AS, or a limit of the whole machine.
        case memory
    }

    /// What midflight was doing with a process when a system call failed.
    package enum Step: Error, Sendable, Hashable {
        case lookingAtIt, readingItsMemoryMap, openingIt, stoppingAThread, takingThePipes
    }
}
