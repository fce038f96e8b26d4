package import Watcher

/// What other threads tell the loop's thread.
package enum SessionMessage: Sendable {
    /// `received`: CLOCK_MONOTONIC in nanoseconds when the watcher of that service delivered it.
    case files(Batch, received: Int64, service: Int)
    /// A command of that service's configuration has ended.
    case command(CommandReport, service: Int)
    /// The thread that has that service has done what it got it for.
    case finished(service: Int)
    /// Something happened while a thread had that service.
    case event(SessionEvent, service: Int)
    /// The processes that a service has now, as the thread tells that has it, and their users, who may steer it.
    case taken([Int32], owners: Set<UInt32>, service: Int)
    /// The user wants to end: the loop's `run` returns `.asked`.
    case end
    /// The configuration was saved.
    case reconfigure
    /// Hold saves back, or apply those that were held back.
    case togglePause
    /// Nothing of us is in the process when `next` is called; saves made meanwhile are handled when it returns.
    case letGo(then: @Sendable () -> Void)
}
