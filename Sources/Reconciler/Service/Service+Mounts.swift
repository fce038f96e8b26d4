import Reloader
import SystemPackage

extension Service {
    /// Tells, once for each file, that the processes keep another one than is saved: it was mounted into their tree by
    /// itself, and its name leads to a new file since. `paths`: nil for all.
    func tellOfStaleMounts(_ paths: [FilePath]? = nil) {
        guard let member = members.first, member.paths.root.isForeign else { return }
        let directory = FilePath(member.connection.inventory.workingDirectory)
        for path in paths ?? Array(member.files.keys) where !staleMounts.contains(path) {
            guard let file = member.files[path]?.file else { continue }
            let spelled = directory.pushing(FilePath(file.spelling))
            guard member.paths.isStale(spelled) else { continue }
            staleMounts.insert(path)
            emit(.staleMount(file: display(path), mounted: spelled))
        }
    }
}
