package import Reloader

/// What is answered to a `ControlRequest`.
package enum ControlAnswer: Sendable {
    /// One for each service that the request addressed.
    case status([ServiceStatus])
    /// Paused, resumed, or detached; or events follow.
    case done
    /// Sent when it is decided, or at the end of the request's time.
    case sync(SyncReport)
    case reload(ReloadOutcome)
    /// The first name in `sys.modules`; nil if the process has loaded no module from the file.
    case module(String?)
    /// What would become of it: nothing went in.
    case diff(PatchReport)
    case look(LookAnswer)
    /// As they stood at one moment.
    case tasks(TaskStacks)
    /// The calls of all threads, with their variables as text.
    case locals(LocalStacks)
    /// Whether the watch is in force; what it records is asked for by `drain`.
    case watch(CallWatch.Start)
    /// Also the answer to `unwatch`: what was recorded since it was asked last.
    case drain(DrainAnswer)
    /// Calls that were recorded before.
    case recalled(Recalled)
    case undo(UndoReport)
    /// The newest burst first.
    case history([UndoReport.Entry])
    /// The process could not be asked.
    case failed(SessionError)
    /// No service of this midflight has that process, or the request was not understood.
    case refused(String)
}
