package import Reloader
package import SystemPackage

/// What another midflight asks of the one that controls a process.
package struct ControlRequest: Sendable {
    /// A process of the service it is about; nil for all services.
    package var pid: Int32?
    package var action: Action

    package enum Action: Sendable {
        case status
        case pause
        case resume
        case detach
        /// No files: all that the processes have loaded. `timeout`: milliseconds.
        case sync(files: [FilePath], timeout: Int64)
        case reload(MethodReload)
        /// The name of the module that a process made from a file.
        case module(FilePath)
        /// What applying files as they are on disk would do.
        case diff(SavePreview)
        case look(Look)
        /// A run of the process's garbage collector.
        case collect
        case watch(CallWatch)
        /// What a watch has recorded; asking is what keeps it in force.
        case drain(CallWatch)
        case unwatch(CallWatch)
    }

    package init(pid: Int32?, action: Action) {
        self.pid = pid
        self.action = action
    }
}

package enum ControlAnswer: Sendable {
    case status([ServiceStatus])
    /// Paused, resumed, or detached.
    case done
    case sync(SyncReport)
    case reload(ReloadOutcome)
    case module(String?)
    case diff(PatchReport)
    case look(LookAnswer)
    case watch(CallWatch.Start)
    case drain(DrainAnswer)
    case failed(SessionError)
    /// No service of this midflight has that process, or the request was not understood.
    case refused(String)
}

/// What a service is and runs.
package struct ServiceStatus: Sendable {
    /// In watch.yaml; nil where a process was attached to directly.
    package var name: String?
    package var program: String
    package var isPaused: Bool
    package var roots: [String]
    package var watches: Int
    package var bursts: Int
    package var processes: [Process]

    package struct Process: Sendable {
        package var pid: Int32
        package var parent: Int32?
        package var python: String
        /// First-party files that it has loaded.
        package var files: Int
        /// Of those: where the saved content is not live.
        package var behind: [String]
    }
}

/// Whether the saved content of files is live.
package struct SyncReport: Sendable {
    package var state: State
    /// Processes that have loaded one of the files.
    package var processes: Int
    package var files: [String]
    /// Of those: what no process has loaded, so that its next import reads what was saved.
    package var notLoaded: [String]
    package var reasons: [Reason]

    package enum State: String, Sendable {
        /// In all processes, verified.
        case live
        /// Something was kept or rejected.
        case stale
        /// Undecided yet: a process did not answer, or a file was only half there.
        case pending
    }

    package struct Reason: Sendable, Hashable {
        package var pid: Int32
        package var file: String
        /// A definition; empty if it is about the file or the process.
        package var name: String
        package var line: Int
        /// A reason id of docs/reasons.md.
        package var id: String
        package var message: String
        package var action: String
    }
}
