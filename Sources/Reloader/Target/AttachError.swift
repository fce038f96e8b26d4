package import SystemPackage

/// Why a process cannot be patched; nothing was changed in it.
///
/// Messages and actions are in `AttachError+Text.swift`, the only place that words them.
package enum AttachError: Error, Sendable {
    /// There is no process of this number in our pid namespace.
    case noSuchProcess(pid: Int32)
    /// The kernel does not let us trace it (ptrace(2), "Ptrace access mode checking"); the facts say which
    /// check fails.
    case notPermitted(PermissionFacts)
    /// A process has one tracer at most (ptrace(2)): a debugger or strace must leave first.
    case alreadyTraced(pid: Int32, tracer: Int32)
    /// The kernel refused executable memory (SELinux, PR_SET_MDWE with no way round it).
    case execMemoryDenied(pid: Int32)
    /// The operator has switched remote debugging off.
    case disabledByOperator(pid: Int32)
    /// No Python is found in it. `program`: a description of the one that it runs.
    case notPython(pid: Int32, program: String)
    /// `version`: as "3.7" or "3.7.9"; it is not in the table of `SupportedPythons`.
    case unsupportedPython(pid: Int32, version: String)
    /// The version is supported, but not as this one was built.
    case unsupportedBuild(pid: Int32, BuildProblem)
    /// Stopped by a signal (SIGSTOP, SIGTSTP) or a debugger; such a stop is not ours to end.
    case targetStopped(pid: Int32, isTraced: Bool)
    /// Trying again may help: nothing is wrong with the process.
    case targetBusy(pid: Int32, BusyReason)
    /// It is a zombie, or its interpreter ends and lets no thread in any more.
    case targetExiting(pid: Int32)
    /// One of the process's own limits leaves no room for the agent.
    case targetExhausted(pid: Int32, Exhausted)
    /// A system call of ours failed in a way that says nothing about the process.
    case systemError(pid: Int32, Errno, during: Step)
    /// It ended while something was asked of it.
    case targetGone(pid: Int32)
    /// It has executed another program, which is not the one that we attached to; perhaps the same file once more.
    case targetReplaced(pid: Int32, program: String)
    /// Another midflight holds the lock of this process.
    case alreadyControlled(pid: Int32, holder: Int32?)
    /// The directory of the lock belongs to somebody else, or others may write in it.
    case lockDirectoryUnsafe(pid: Int32, directory: String)

    /// What of the process's build we cannot work with.
    package enum BuildProblem: Error, Sendable, Hashable {
        /// A 32-bit process has other registers and other system call numbers.
        case not64Bit
        /// Names that neither the program nor its libpython exports; we cannot call what we do not find.
        case symbolsMissing([String])
        /// Return addresses are checked against a second stack, which a signal frame that we write has no
        /// part in.
        case shadowStack
        /// The processor has more vector registers than we keep while a thread is borrowed.
        case registersTooLarge(bytes: Int, room: Int)
        /// This midflight was built with a stub that its page does not hold.
        case stubTooLarge
        /// Built with `--disable-gil` (PEP 703): no lock would keep other threads away from what is swapped.
        case freeThreaded
        /// The interpreter that compiles for it cannot be started; the text says why.
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
        /// The same: it works on the request, or has done it, and the time for an answer is over.
        case answerLate
        /// Children kept inheriting the pipes of the agent.
        case forking
    }

    /// What the process has no more of.
    package enum Exhausted: Error, Sendable, Hashable {
        /// The agent's four pipe ends do not fit below RLIMIT_NOFILE any more (getrlimit(2)).
        case descriptors(open: Int, limit: Int)
        /// The kernel maps nothing more: RLIMIT_AS, or a limit of the whole machine.
        case memory
    }

    /// What midflight was doing with a process when a system call failed.
    package enum Step: Error, Sendable, Hashable {
        /// In the order of an attach.
        case lookingAtIt, readingItsMemoryMap, openingIt, stoppingAThread, takingThePipes
        /// A thread of ours that works beside the one that asks.
        case startingAThread
    }
}
