package import Reloader

/// Why a session could not be started, or a burst not be delivered; nothing was changed in the process.
package enum SessionError: Error, Sendable {
    /// The process could not be attached to, or was lost meanwhile.
    case attach(AttachError)
    /// No interpreter like the target's could be run, or it gave up. `pid`: of the process it was to compile
    /// for.
    case twin(TwinError, pid: Int32)
    /// Agent or twin answered in a form that we do not know: a fault of ours.
    case wrongAnswer(ProtocolError, pid: Int32)

    /// What kept a twin from being asked for `target`: that the process has ended or executed another program, where it
    /// has. Of such a process nothing else can be told: its program is gone with it.
    init(_ error: TwinError, of target: Target) {
        self = target.isSame ? .twin(error, pid: target.pid) : .attach(target.end)
    }

    /// The process that it concerns.
    package var pid: Int32 {
        switch self {
        case .attach(let error): error.pid
        case .twin(_, let pid), .wrongAnswer(_, let pid): pid
        }
    }

    /// Whether the process may have done what it was asked for all the same: what it runs is not known then.
    var mayBeDone: Bool {
        switch self {
        case .attach(.targetBusy(_, .answerLost)), .attach(.targetBusy(_, .answerLate)), .wrongAnswer: true
        case .attach, .twin: false
        }
    }

    /// The stable reason id.
    package var id: String {
        switch self {
        case .attach(let error): error.id
        case .twin(let error, _):
            switch error {
            case .notAnInterpreter, .frozen, .noInterpreter, .cannotStart, .mismatch: "unsupported-build"
            case .died, .tooSlow: "target-busy"
            case .wrongAnswer: ReasonID.verifyFailed.rawValue
            }
        case .wrongAnswer: ReasonID.verifyFailed.rawValue
        }
    }

    /// What went wrong, without a full stop.
    package var message: String {
        switch self {
        case .attach(let error): error.message
        case .twin(let error, _): error.description
        case .wrongAnswer(let error, let pid):
            "process \(pid) gave an answer that was not understood: \(error)"
        }
    }

    /// What mends it, most likely first.
    package var actions: [String] {
        switch self {
        case .attach(let error): error.actions
        case .twin(let error, _):
            switch error {
            case .noInterpreter: ["install it; or restart the process to load the change"]
            case .frozen: ["build the program again, or run it from its source while you change it"]
            case .notAnInterpreter, .cannotStart, .mismatch: ["restart the process to load the change"]
            case .died, .tooSlow: ["save again"]
            case .wrongAnswer: [ReasonID.verifyFailed.action]
            }
        case .wrongAnswer: [ReasonID.verifyFailed.action]
        }
    }
}
