import SystemPackage

extension AttachError {
    /// The process that was to be attached to.
    package var pid: Int32 {
        switch self {
        case .notPermitted(let facts): facts.pid
        case .noSuchProcess(let pid), .alreadyTraced(let pid, _), .execMemoryDenied(let pid),
            .disabledByOperator(let pid), .notPython(let pid, _),
            .unsupportedPython(let pid, _), .unsupportedBuild(let pid, _), .targetStopped(let pid, _),
            .targetBusy(let pid, _), .targetExiting(let pid), .targetExhausted(let pid, _),
            .systemError(let pid, _, _), .targetGone(let pid), .targetReplaced(let pid, _),
            .alreadyControlled(let pid, _),
            .lockDirectoryUnsafe(let pid, _):
            pid
        }
    }

    /// The stable reason id that users and programs see.
    package var id: String {
        switch self {
        case .noSuchProcess: "no-such-process"
        case .notPermitted: "not-permitted"
        case .alreadyTraced: "already-traced"
        case .execMemoryDenied: "exec-memory-denied"
        case .disabledByOperator: "disabled-by-operator"
        case .notPython: "not-python"
        case .unsupportedPython: "unsupported-python"
        case .unsupportedBuild: "unsupported-build"
        case .targetStopped: "target-stopped"
        case .targetBusy: "target-busy"
        case .targetExiting: "target-exiting"
        case .targetExhausted: "target-exhausted"
        case .systemError: "system-error"
        case .targetGone: "target-gone"
        case .targetReplaced: "target-replaced"
        case .alreadyControlled: "already-controlled"
        case .lockDirectoryUnsafe: "not-permitted"
        }
    }

    /// What happened, in one sentence without a full stop.
    package var message: String {
        switch self {
        case .noSuchProcess(let pid): "there is no process \(pid)"
        case .notPermitted(let facts): "not permitted to attach to process \(facts.pid) (\(facts.program))"
        case .alreadyTraced(let pid, let tracer):
            "process \(pid) is traced by process \(tracer) (a debugger or strace)"
        case .execMemoryDenied(let pid): "the kernel refuses executable memory in process \(pid)"
        case .disabledByOperator(let pid):
            "process \(pid) was started with remote debugging switched off"
        case .notPython(let pid, let program): "process \(pid) (\(program)) is not a CPython process"
        case .unsupportedPython(let pid, let version): "process \(pid) runs Python \(version)"
        case .unsupportedBuild(let pid, let problem): "process \(pid) cannot be patched: \(problem.message)"
        case .targetStopped(let pid, false): "process \(pid) is stopped (SIGSTOP or Ctrl-Z)"
        case .targetStopped(let pid, true): "process \(pid) is stopped by a debugger"
        case .targetBusy(let pid, let reason): "process \(pid) is busy: \(reason.message)"
        case .targetExiting(let pid): "process \(pid) is ending"
        case .targetExhausted(let pid, let what): "process \(pid) \(what.message)"
        case .systemError(let pid, let errno, let step):
            Self.isOurLimit(errno)
                ? "midflight has no file descriptor left (\(errno))"
                : "\(step.message(pid)) failed: \(errno) (errno \(errno.rawValue))"
        case .targetGone(let pid): "process \(pid) has ended"
        case .targetReplaced(let pid, let program):
            "process \(pid) has restarted itself: it executed another program (\(program))"
        case .alreadyControlled(let pid, let holder?) where SuspendedHolder.isSuspended(holder):
            "process \(pid) is controlled by midflight \(holder), which is suspended (Ctrl-Z)"
        case .alreadyControlled(let pid, let holder):
            "process \(pid) is already controlled by \(holder.map { "midflight \($0)" } ?? "another midflight")"
        case .lockDirectoryUnsafe(_, let directory):
            "\(directory), where the lock belongs, is not a private directory of the process's owner"
        }
    }

    /// What to do next, one line each, most likely first.
    package var actions: [String] {
        switch self {
        case .noSuchProcess:
            ["check the pid: it is that of this pid namespace, and the program may have been restarted"]
        case .notPermitted(let facts): facts.actions
        case .alreadyTraced(_, let tracer): ["end process \(tracer) or let it detach, then try again"]
        case .execMemoryDenied:
            ["restart the process without the policy that denies executable memory (SELinux execmem, MDWE)"]
        case .disabledByOperator:
            [
                "start it without PYTHON_DISABLE_REMOTE_DEBUG and -X disable-remote-debug, if that is yours to decide"
            ]
        case .notPython: ["give the pid of the Python process itself, not of its shell or supervisor"]
        case .unsupportedPython:
            ["CPython \(SupportedPythons.range) can be patched today; restart the process to load the change"]
        case .unsupportedBuild: ["restart the process to load the change"]
        case .targetStopped(_, true): ["let the debugger continue it, or end it, then try again"]
        case .targetStopped(let pid, false): ["continue it (kill -CONT \(pid)), then try again"]
        case .targetBusy(_, .answerLost), .targetBusy(_, .answerLate):
            ["save again: what the process runs is compared first"]
        case .targetBusy(_, .noDonor):
            [
                "try again; if it stays so, give the program a thread that waits: "
                    + "threading.Thread(target=threading.Event().wait, daemon=True).start()"
            ]
        case .targetBusy: ["try again in a moment; restart the process if it stays so"]
        case .alreadyControlled(_, let holder?) where SuspendedHolder.isSuspended(holder):
            [SuspendedHolder.action(holder)]
        case .alreadyControlled(_, let holder):
            ["use that one, or end it\(holder.map { ": kill \($0)" } ?? "")"]
        case .lockDirectoryUnsafe(_, let directory): ["look who made \(directory), and remove it"]
        case .targetExhausted(let pid, let what): [what.action(pid)]
        case .systemError(_, let errno, _):
            [
                Self.isOurLimit(errno)
                    ? "raise the limit where midflight is started: ulimit -n 1024"
                    : "try again; if it stays so, please report it"
            ]
        case .targetReplaced(let pid, _):
            [
                "attach again: midflight attach \(pid); where the program restarts itself at every save "
                    + "(autoreload, --reload), switch that off"
            ]
        case .targetExiting, .targetGone: ["start it again and attach to the new pid"]
        }
    }

    private static func isOurLimit(_ errno: Errno) -> Bool {
        errno == .tooManyOpenFiles || errno == .tooManyOpenFilesInSystem
    }
}

extension AttachError.BuildProblem {
    /// What is missing, without a full stop.
    package var message: String {
        switch self {
        case .not64Bit: "it is not a \(Host.program) program"
        case .symbolsMissing(let names):
            "its interpreter does not export \(names.prefix(3).joined(separator: ", "))"
        case .shadowStack: "it runs with a hardware shadow stack"
        case .registersTooLarge(let bytes, let room):
            "its processor has \(bytes) bytes of vector registers, and midflight keeps fewer than \(room)"
        case .stubTooLarge: "this midflight was built with a stub that is larger than a page"
        case .freeThreaded: "its interpreter is a free-threaded build"
        case .interpreterNotRunnable(let why): "its interpreter cannot be run beside it (\(why))"
        case .layoutDiffers(let version):
            "its frames are not laid out as those of CPython \(version), so its stacks cannot be read from outside"
        }
    }
}

extension AttachError.Exhausted {
    /// Of what it ran out, without a full stop.
    package var message: String {
        switch self {
        case .descriptors(let open, let limit):
            "is out of file descriptors: \(open) are open, \(limit) are allowed, and the agent needs 4 (EMFILE)"
        case .memory: "has no memory left for the agent, which needs 68 KiB of address space (ENOMEM)"
        }
    }

    /// What the user can do.
    func action(_ pid: Int32) -> String {
        switch self {
        case .memory: "raise its limit while it runs: prlimit --pid \(pid) --as=unlimited"
        case .descriptors(_, let limit):
            "raise its limit while it runs: prlimit --pid \(pid) --nofile=\(limit + 64)"
        }
    }
}

extension AttachError.Step {
    /// What it was doing, for "failed while …".
    func message(_ pid: Int32) -> String {
        switch self {
        case .lookingAtIt: "looking at process \(pid)"
        case .readingItsMemoryMap: "reading the memory map of process \(pid)"
        case .openingIt: "opening process \(pid)"
        case .stoppingAThread: "stopping a thread of process \(pid)"
        case .takingThePipes: "taking the agent's pipes from process \(pid)"
        case .startingAThread: "starting a thread of midflight for process \(pid)"
        }
    }
}

extension AttachError.BusyReason {
    /// What it did instead, without a full stop.
    package var message: String {
        switch self {
        case .noDonor(let thread, let count, let refusal):
            "none of its \(count == 1 ? "threads" : "\(count) threads") could be borrowed: thread \(thread) \(refusal.message)"
        case .noGIL: "the interpreter lock was not free in time"
        case .noAnswer: "it did not answer in time"
        case .left: "it closed the connection before it answered"
        case .closesDescriptors: "it closes descriptors that it has not opened, the agent's too"
        case .answerLost: "it took the request and closed the connection before it answered"
        case .answerLate: "it took the request and did not answer in time"
        case .forking: "it forks too often"
        }
    }
}
