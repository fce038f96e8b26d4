import Reloader
import SystemPackage
import Watcher

/// What a service is and runs.
package struct ServiceStatus: Sendable {
    /// In watch.yaml; nil where a process was attached to directly.
    package var name: String?
    /// The program of its first process; empty while none runs.
    package var program: String
    /// Whether saves are held back.
    package var isPaused: Bool
    /// The directories whose files are the program's own; absolute.
    package var roots: [String]
    /// inotify watches in use.
    package var watches: Int
    /// How many bursts there have been.
    package var bursts: Int
    /// Those that are kept at the saved state, in the order in which they joined.
    package var processes: [Process]

    /// One process of the service.
    package struct Process: Sendable {
        /// In our pid namespace.
        package var pid: Int32
        /// The process that brought it in; nil for one that was chosen.
        package var parent: Int32?
        /// As in "3.11.2".
        package var python: String
        /// First-party files that it has loaded.
        package var files: Int
        /// Of those: where the saved content is not live.
        package var behind: [String]
    }
}

extension ServiceStatus {
    /// The state of a service, as it is told now.
    init(_ service: Service) {
        self.init(
            name: service.options.name,
            program: service.members.first?.connection.inventory.programName ?? "",
            isPaused: service.intake.isPaused, roots: service.crew.scope.roots.map(\.string),
            watches: service.watch.count, bursts: service.upkeep.ledger.bursts,
            processes: service.members.map(Process.init))
    }
}

extension ServiceStatus.Process {
    /// The state of one of its processes.
    init(_ member: Member) {
        self.init(
            pid: member.pid, parent: member.parent,
            python: member.connection.inventory.version.map(String.init).joined(separator: "."),
            files: member.files.count,
            behind: member.files.values.filter { $0.isWaiting || $0.baseline == nil || !$0.kept.isEmpty }
                .map(\.display).sorted())
    }
}
