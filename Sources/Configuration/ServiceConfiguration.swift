import Glibc

/// A service of watch.yaml: where its sources are, which process it is, and what to do when something happens.
///
/// Its keys are described in docs/watch-yaml.md; docs/watch.schema.json is the authority for their types.
package struct ServiceConfiguration: Sendable, Hashable {
    package var name: String
    /// Directories, absolute.
    package var paths: [String]
    package var match: Match
    package var workers: Workers = .descendants
    package var pathMap: [PathMapping] = []
    package var actions: [FileAction] = []
    /// A command that restarts the service.
    package var restart: [String]?
    /// Without `SIG`.
    package var signal = "HUP"
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
        package var action: Action
    }

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
    package var scope: Scope = .tree
    package var watcher: WatcherKind = .auto
    /// Milliseconds.
    package var pollInterval: Int64 = 500
    package var include: [String] = []
    package var ignore: [String] = []
    package var gitignore = true
    package var strict = false
    package var keepCaches = false
    package var atomic = false
    package var syncOnAttach = false
    package var onKept: Reaction = .report
    package var onRejected: Reaction = .report
    /// Milliseconds.
    package var hookTimeout: Int64 = 10_000
    package var afterReload: [[String]] = []
    package var afterRejected: [[String]] = []

    package enum Scope: String, Sendable, Hashable, CaseIterable { case loaded, tree }
    package enum WatcherKind: String, Sendable, Hashable, CaseIterable { case auto, inotify, poll }
    package enum Reaction: String, Sendable, Hashable, CaseIterable { case report, restart, signal }
}
