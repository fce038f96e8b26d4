package import Reloader
package import SystemPackage
package import Watcher

/// What a session has to tell; the executable renders it, nobody else words it.
package enum SessionEvent: Sendable {
    /// The chosen process, and after it those below it.
    case attached([Attached])
    /// All watches are placed; a save is seen from now on. `watches`: inotify watches in use; `polls`: by
    /// looking again and again, as the user wants it.
    case ready(processes: Int, watches: Int, polls: Bool)
    /// A process joined later; what it lacked of the saved state follows as a burst.
    case joined(Attached)
    /// A burst was applied, kept or rejected.
    case burst(BurstOutcome)
    /// Files changed, and there was nothing to patch.
    case change(files: [String], reason: ReasonID, message: String)
    /// Something to know of how well files are watched.
    case notice(WatchNotice)
    /// The kernel dropped events; so many files were found by looking.
    case overflow(files: Int)
    /// A burst could not be delivered; it is tried again with the next save.
    case failed(SessionError)
    /// The session could not be started.
    case refused(SessionError)
    /// The last chosen process has ended; why, as far as that is known.
    case lost(AttachError)
    /// A process of the service ended; the service goes on.
    case left(AttachError, remaining: Int)
    /// A process below the chosen one cannot be patched.
    case unattached(SessionError)
    /// No process of the service runs; it is waited for. `selector`: as users named it.
    case waiting(selector: String)
    /// The service runs again under another pid.
    case back(pid: Int32, old: Int32)
    /// Files that are no modules of any process, but that the service asked for.
    case otherFiles([FilePath])
    /// A command that the service's configuration asks for has ended.
    case command(CommandReport)
    /// `pids`: chosen processes that the signal was sent to; empty if none could be.
    case signalled(NamedSignal, pids: [Int32], Occasion)
    /// The program of a service that is ours, or why it could not be launched.
    case ended(Launcher.News)
    /// The process keeps an old file: what is saved is another one. `mounted`: as the process spells it.
    case staleMount(file: String, mounted: FilePath)
    /// The session lets go because its user asked for it. `pid`: of the first chosen process.
    case detached(pid: Int32)
    /// The services are those of the saved configuration now.
    case reconfigured(file: String)
    /// Saves are held back from now on.
    case paused
    /// Saves are handled again; what was held back follows as a burst.
    case resumed

    /// A process joined.
    package struct Attached: Sendable {
        /// The process.
        package var pid: Int32
        /// Its program as it is shown: the script or module that it runs.
        package var program: String
        /// As in "3.11.2".
        package var python: String
        /// First-party modules, which are watched.
        package var modules: Int
        /// Other modules with a source file: they are not watched.
        package var leftOut: Int
        /// Watched files, and how many of them equal the running code.
        package var files: Int
        /// Of these files: those whose code is the running code.
        package var equal: Int
        /// Files of which the process runs something else.
        package var drifted: [Drift]
        /// The directories whose files are the program's own; absolute.
        package var roots: [String]
        /// Saves are seen by looking again and again.
        package var polls = false
        /// Files that were saved since the process started, and equal it as far as that can be compared.
        package var compared = 0
        /// Seconds since the process started.
        package var uptime: Int
        /// The process that forked or started it; nil for the one that was chosen.
        package var parent: Int32?
    }

    /// A file whose code on disk is not what the process runs.
    package struct Drift: Sendable {
        /// As users see it.
        package var file: String
        /// Qualified names of definitions that differ or have no live counterpart; empty if the file does not compile.
        package var names: [String]
        /// What to know of it; nil where the file speaks for itself.
        package var message: String?
    }
}
