package import Reloader
package import SystemPackage

/// What another midflight asks of the one that controls a process.
package struct ControlRequest: Sendable {
    /// A process of the service it is about; nil for all services.
    package var pid: Int32?
    /// What is asked for.
    package var action: Action

    /// What can be asked for.
    package enum Action: Sendable {
        /// Asks nothing of the processes: what is told is known here.
        case status
        /// Saves are held back from now on, until `resume`.
        case pause
        /// What was held back is handled at once.
        case resume
        /// `restoring`: takes back everything that was patched, first.
        case detach(restoring: Bool)
        /// Takes patches back; the files on disk stay as they are.
        case undo(UndoScope)
        /// What can be taken back.
        case history
        /// No files: all that the processes have loaded. `timeout`: milliseconds.
        case sync(files: [FilePath], timeout: Int64)
        /// One function of one process gets the code of its file.
        case reload(MethodReload)
        /// The name of the module that a process made from a file.
        case module(FilePath)
        /// What applying files as they are on disk would do.
        case diff(SavePreview)
        /// The value of an expression in the process.
        case look(Look)
        /// A run of the process's garbage collector.
        case collect
        /// The asyncio tasks of the process.
        case tasks
        /// The calls of all threads, with their variables.
        case locals(LocalsFacts)
        /// Starts to record calls; the watch ends unless it is drained from time to time.
        case watch(CallWatch)
        /// What a watch has recorded; asking is what keeps it in force.
        case drain(CallWatch)
        /// Ends a watch and gives its last records.
        case unwatch(CallWatch)
        /// Calls that watches have recorded before, as far as they are kept.
        case recall(Recall)
        /// All that happens from now on, as events.
        case follow
    }

    /// Makes a request. `pid`: nil for all processes that the asking user may steer.
    package init(pid: Int32?, action: Action) {
        self.pid = pid
        self.action = action
    }
}
