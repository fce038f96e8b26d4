import ArgumentParser
import Reconciler
import SystemPackage

extension PathMapping {
    /// `services/web:/app`, as `docker run --volume` takes it.
    init(argument: String) throws {
        let parts = argument.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, !parts[0].isEmpty, parts[1].hasPrefix("/") else {
            throw ValidationError("Write LOCAL:PROCESS, as in services/web:/app; the second one is absolute.")
        }
        self.init(
            process: FilePath(parts[1]).lexicallyNormalized(),
            local: ModuleFile.resolved(WorkingDirectory.absolute(parts[0])))
    }
}
