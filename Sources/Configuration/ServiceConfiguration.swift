import Glibc

/// A service of watch.yaml: where its sources are, which process it is, and what to do when something happens.
///
/// Its keys are described in docs/watch-yaml.md; docs/watch.schema.json is the authority for their types.
package struct ServiceConfiguration: Sendable, Hashable {
    /// Unique in the file.
    package var name: String
    /// Directories, absolute.
    package var paths: [String]
    /// How its process is found, or launched.
    package var match: Match
    /// Which processes below it belong to it.
    package var workers: Workers = .descendants
    /// Where its processes see directories of ours.
    package var pathMap: [PathMapping] = []
    /// What to do when files change that are no Python modules; the first one whose patterns match counts.
    package var actions: [FileAction] = []
    /// A command that restarts the service.
    package var restart: [String]?
    /// Without `SIG`.
    package var signal = "HUP"
    /// What holds for all of its saves.
    package var settings = ServiceSettings()

    /// How its process is found.
    package enum Match: Sendable, Hashable {
        case pid(Int32)
        /// Absolute.
        case pidfile(String)
        case port(UInt16)
        case name(String)
        /// A regular expression that parses.
        case cmdline(String)
        case container(String)
        case unit(String)
        /// A command to launch; not empty.
        case run([String])
    }

    /// Which processes below the matched one belong to it.
    package enum Workers: String, Sendable, Hashable, CaseIterable { case none, children, descendants }

    /// A directory that a container sees under another path.
    package struct PathMapping: Sendable, Hashable {
        /// Where the process sees the directory.
        package var process: String
        /// Where it is here, absolute.
        package var local: String
    }

    /// What to do when files that are no Python modules change.
    package struct FileAction: Sendable, Hashable {
        /// gitignore patterns, relative to the service's directories.
        package var files: [String]
        /// What is done.
        package var action: Action
    }

    /// What is done when such a file changes.
    package enum Action: Sendable, Hashable {
        case restart
        /// Nil is the service's own signal.
        case signal(String?)
        case execute([String])
        case ignore
    }
}

extension ServiceConfiguration {
    /// Those that may be sent, by their names without `SIG`.
    package static let signals: [String: Int32] = [
        "HUP": SIGHUP, "INT": SIGINT, "QUIT": SIGQUIT, "USR1": SIGUSR1, "USR2": SIGUSR2, "PIPE": SIGPIPE,
        "ALRM": SIGALRM, "TERM": SIGTERM, "CHLD": SIGCHLD, "CONT": SIGCONT, "STOP": SIGSTOP, "TSTP": SIGTSTP,
        "WINCH": SIGWINCH, "IO": SIGIO, "URG": SIGURG, "TTIN": SIGTTIN, "TTOU": SIGTTOU, "ABRT": SIGABRT,
        "KILL": SIGKILL,
    ]
}

/// How a service is watched and patched.
package struct ServiceSettings: Sendable, Hashable {
    /// Milliseconds of quiet before a patch, besides those of the watcher.
    package var debounce: Int64 = 0
    /// What is watched.
    package var scope: Scope = .tree
    /// How it is watched.
    package var watcher: WatcherKind = .auto
    /// Milliseconds.
    package var pollInterval: Int64 = 500
    /// gitignore patterns of further files whose changes are told.
    package var include: [String] = []
    /// gitignore patterns of what is not watched.
    package var ignore: [String] = []
    /// Whether `.gitignore` files are respected.
    package var gitignore = true
    /// New code that uses a global name which does not exist keeps the burst out.
    package var strict = false
    /// Results that `functools.lru_cache` keeps of a changed function stay.
    package var keepCaches = false
    /// One change that cannot go in keeps all others of its burst out.
    package var atomic = false
    /// Code that differs from its file is brought to the file's state as soon as a process joins.
    package var syncOnAttach = false
    /// What follows a change that was kept.
    package var onKept: Reaction = .report
    /// What follows a burst that was rejected.
    package var onRejected: Reaction = .report
    /// Milliseconds.
    package var hookTimeout: Int64 = 10_000
    /// Commands, one after the other; each is a program and its arguments.
    package var afterReload: [[String]] = []
    /// The same after a burst that was rejected.
    package var afterRejected: [[String]] = []

    /// `tree`: all below the service's directories; `loaded`: the directories of loaded modules only.
    package enum Scope: String, Sendable, Hashable, CaseIterable { case loaded, tree }
    /// `auto`: inotify, and a look at what it cannot see.
    package enum WatcherKind: String, Sendable, Hashable, CaseIterable { case auto, inotify, poll }
    /// What happens besides telling.
    package enum Reaction: String, Sendable, Hashable, CaseIterable { case report, restart, signal }
}
