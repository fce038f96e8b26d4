package import Reloader

/// What is answered to a `ControlRequest`.
package enum ControlAnswer: Sendable {
    case status([ServiceStatus])
    /// Paused, resumed, or detached; or events follow.
    case done
    case sync(SyncReport)
    case reload(ReloadOutcome)
    case module(String?)
    case diff(PatchReport)
    case look(LookAnswer)
    case tasks(TaskStacks)
    case watch(CallWatch.Start)
    case drain(DrainAnswer)
    case undo(UndoReport)
    case history([UndoReport.Entry])
    case failed(SessionError)
    /// No service of this midflight has that process, or the request was not understood.
    case refused(String)
}
