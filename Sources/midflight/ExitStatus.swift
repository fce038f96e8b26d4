import Reconciler
import Reloader

/// What the exit status says; stable, documented in docs/exit-codes.md.
enum ExitStatus: Int32, Error, CaseIterable {
    case done = 0
    case notApplied = 1
    case usage = 2
    case invalidConfiguration = 3
    case noSuchProcess = 4
    case notPermitted = 5
    case unsupportedTarget = 6
    case targetUnavailable = 7
    case alreadyControlled = 8
    case internalError = 70
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
