package import Reloader
package import Watcher

/// What a session has to tell; the executable renders it, nobody else words it.
package enum SessionEvent: Sendable {
    case attached(Attached)
    /// All watches are placed; a save is seen from now on. `watches`: inotify watches in use.
    case ready(watches: Int)
    /// A burst went in, wholly or in part.
    case reload(BurstReport)
    /// Nothing of a burst was applied.
    case rejected(BurstReport)
    /// Files changed, and there was nothing to patch.
    case change(files: [String], reason: ReasonID, message: String)
    case notice(WatchNotice)
    /// The kernel dropped events; so many files were found by looking.
    case overflow(files: Int)
    /// A burst could not be delivered; it is tried again with the next save.
    case failed(SessionError)
    /// The session could not be started.
    case refused(SessionError)
    case lost(AttachError)
    case detached(pid: Int32)
    case paused
    case resumed

    /// A process joined.
    package struct Attached: Sendable {
        package var pid: Int32
        package var program: String
        package var python: String
        /// First-party modules watched, and other modules with a source file.
        package var modules: Int
        package var leftOut: Int
        /// Watched files, and how many of them equal the running code.
        package var files: Int
        package var equal: Int
        package var drifted: [Drift]
        package var roots: [String]
        /// Seconds since the process started.
        package var uptime: Int
    }

    /// A file whose code on disk is not what the process runs.
    package struct Drift: Sendable {
        package var file: String
        /// Qualified names of definitions that differ or have no live counterpart; empty if the file does not compile.
        package var names: [String]
        package var message: String?
    }
}
