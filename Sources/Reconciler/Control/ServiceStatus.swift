import Reloader
import SystemPackage
import Watcher

/// What a service is and runs.
package struct ServiceStatus: Sendable {
    /// In watch.yaml; nil where a process was attached to directly.
    package var name: String?
    package var program: String
    package var isPaused: Bool
    package var roots: [String]
    package var watches: Int
    package var bursts: Int
    package var processes: [Process]

    package struct Process: Sendable {
        package var pid: Int32
        package var parent: Int32?
        package var python: String
        /// First-party files that it has loaded.
        package var files: Int
        /// Of those: where the saved content is not live.
        package var behind: [String]
    }
}

extension ServiceStatus {
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
    init(_ member: Member) {
        self.init(
            pid: member.pid, parent: member.parent,
            python: member.connection.inventory.version.map(String.init).joined(separator: "."),
            files: member.files.count,
            behind: member.files.values.filter { $0.isWaiting || $0.baseline == nil || !$0.kept.isEmpty }
                .map(\.display).sorted())
    }
}
