package import Watcher

/// What other threads tell the session's thread.
package enum SessionMessage: Sendable {
    /// `received`: CLOCK_MONOTONIC in nanoseconds when the watcher delivered it.
    case files(Batch, received: Int64)
    case end
    /// Hold saves back, or apply those that were held back.
    case togglePause
}
