import Reconciler
import Reloader

/// What the exit status says; stable, documented in docs/exit-codes.md.
enum ExitStatus: Int32, Error, CaseIterable {
    /// What was asked for was done; a watch that its user ended counts so, too.
    case done = 0
    /// Something was kept, rejected, not found or not written; the text says what.
    case notApplied = 1
    /// The command line cannot be understood, or names a file that cannot be written.
    case usage = 2
    /// watch.yaml is missing or has errors; nothing was started.
    case invalidConfiguration = 3
    /// There is no such process, several fit, or no midflight controls it.
    case noSuchProcess = 4
    /// The kernel, the operator or another tracer stands in the way.
    case notPermitted = 5
    /// It is no CPython that can be patched.
    case unsupportedTarget = 6
    /// It is stopped, busy or ending, or nothing came in time.
    case targetUnavailable = 7
    /// Another midflight controls the process, and cannot do this for us.
    case alreadyControlled = 8
    /// EX_SOFTWARE of sysexits.h: a fault of ours, or of the machine.
    case internalError = 70
    /// 128 + SIGINT, as a shell tells it.
    case interrupted = 130
}

extension ExitStatus {
    /// The status that tells a script why a process could not be patched.
    init(_ error: SessionError) {
        switch error {
        case .attach(let error):
            self = Self.status(of: error)
        case .twin(let error, _):
            switch error {
            case .notAnInterpreter, .frozen, .noInterpreter, .cannotStart, .mismatch:
                self = .unsupportedTarget
            case .died, .tooSlow: self = .targetUnavailable
            case .wrongAnswer: self = .internalError
            }
        case .wrongAnswer: self = .internalError
        }
    }

    /// Every reason has a status; scripts rely on these, so a reason never changes its own.
    private static func status(of error: AttachError) -> ExitStatus {
        switch error {
        case .noSuchProcess: .noSuchProcess
        case .notPermitted, .alreadyTraced, .execMemoryDenied, .disabledByOperator, .lockDirectoryUnsafe:
            .notPermitted
        case .notPython, .unsupportedPython, .unsupportedBuild: .unsupportedTarget
        case .targetStopped, .targetBusy, .targetExiting, .targetGone, .targetReplaced: .targetUnavailable
        case .targetExhausted: .targetUnavailable
        case .alreadyControlled: .alreadyControlled
        case .systemError: .internalError
        }
    }
}
