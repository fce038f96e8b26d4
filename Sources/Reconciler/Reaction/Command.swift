package import Reloader
package import SystemPackage

/// How every command of a service is run.
package struct CommandSetting: Sendable, Hashable {
    /// Absolute.
    package var directory: FilePath = "/"
    /// Then it is ended: SIGTERM, two seconds later SIGKILL, to it and to what it has started.
    package var timeout = Duration.seconds(10)
    /// Whom it runs as; nil: as we do.
    package var user: UserIdentity?

    /// Commands start in the root directory, as ourselves, and have ten seconds.
    package init() {}
}

/// A command that a service's configuration asks for, and what it is about.
struct Command: Sendable {
    /// The program and its arguments; at least one word.
    var words: [String]
    /// Why it is run.
    var occasion: Occasion
    /// Its name in watch.yaml.
    var service: String
    /// As users see them.
    var files: [String]
    /// The processes that it is about.
    var pids: [Int32]

    /// What the command finds in its environment besides ours.
    var variables: [String: String] {
        [
            "MIDFLIGHT_EVENT": occasion.rawValue, "MIDFLIGHT_SERVICE": service,
            "MIDFLIGHT_FILES": files.joined(separator: "\n"),
            "MIDFLIGHT_PIDS": pids.map(String.init).joined(separator: " "),
        ]
    }

    /// Whether running one of the two is enough.
    func covers(_ other: Command) -> Bool { words == other.words && occasion == other.occasion }

    /// For both events at once.
    mutating func merge(_ other: Command) {
        files += other.files.filter { !files.contains($0) }
        pids = other.pids
    }
}
