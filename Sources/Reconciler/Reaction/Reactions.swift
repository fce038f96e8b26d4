import SystemPackage
import Watcher

/// What a service does besides patching, as its configuration asks.
package struct Reactions: Sendable {
    /// What follows something that stayed out.
    package enum Answer: Sendable, Hashable { case report, restart, signal }

    /// What is done when a file changes that is no module.
    package enum Action: Sendable, Hashable {
        /// As the service is restarted otherwise; nothing happens where `Reactions.restart` is nil.
        case restart
        /// A signal's number and its name without `SIG`; nil is the service's own.
        case signal(NamedSignal?)
        /// At least one word; the command runs in the queue of the service.
        case execute([String])
        /// Nothing follows the change.
        case ignore
    }

    /// What to do when files change that are no modules of the service.
    package struct FileRule: Sendable, Hashable {
        /// gitignore patterns, from the service's directories.
        package var files: [String]
        /// What is done.
        package var action: Action

        /// `files`: gitignore patterns, relative to the service's directories.
        package init(files: [String], action: Action) {
            self.files = files
            self.action = action
        }
    }

    /// When something of a save cannot go in without a restart.
    package var onKept = Answer.report
    /// When a save is rejected although it compiles: a file that does not would not start either.
    package var onRejected = Answer.report
    /// What `signal` sends.
    package var signal = NamedSignal.hangUp
    /// Nil: nothing restarts it.
    package var restart: Restart?
    /// Commands, each with at least one word.
    package var afterReload: [[String]] = []
    /// Commands after a burst that was rejected.
    package var afterRejected: [[String]] = []
    /// The first one whose patterns match counts.
    package var rules: [FileRule] = []
    /// What all commands have in common.
    package var setting = CommandSetting()

    /// How the service is restarted.
    package enum Restart: Sendable, Hashable {
        /// At least one word. The command is expected to end the service and to begin it again.
        case command([String])
        /// The service was launched by us, and is launched again when it has ended.
        case launch
    }

    /// Nothing but telling.
    package init() {}

    /// The first rule that names `path` decides. `roots`: the service's directories.
    func action(for path: FilePath, below roots: [FilePath]) -> Action? {
        rules.first { rule in
            let patterns = PathPatterns(rule.files)
            return roots.contains { patterns.match(path, below: $0) }
        }?.action
    }
}

/// A signal as users write it.
package struct NamedSignal: Sendable, Hashable {
    /// As kill(2) takes it.
    package var number: Int32
    /// Without `SIG`.
    package var name: String

    /// `name`: without `SIG`.
    package init(number: Int32, name: String) {
        self.number = number
        self.name = name
    }

    /// What servers take for "read your configuration again".
    package static let hangUp = NamedSignal(number: 1, name: "HUP")
    /// What asks a program to end (signal(7)).
    static let terminate = NamedSignal(number: 15, name: "TERM")
}

/// Why a command runs, or a signal is sent: the keys of watch.yaml.
package enum Occasion: String, Sendable, Hashable {
    /// Something of a burst went into at least one process.
    case afterReload = "after_reload"
    /// A process has rejected the burst.
    case afterRejected = "after_rejected"
    /// Something of a save stayed out that a restart would bring in.
    case onKept = "on_kept"
    /// A save that compiles was rejected.
    case onRejected = "on_rejected"
    /// A file changed that is no module.
    case actions
}
