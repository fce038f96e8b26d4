import Reloader
import SystemPackage

/// Files that the processes of a service have from a mount of their own which is not the saved file any more: it was
/// mounted into their tree alone, and its name leads to a new file since. Each is told once.
struct StaleMounts {
    /// Paths as we see them; never taken out again.
    private var told: Set<FilePath> = []

    /// Those that were not told yet. `paths`: nil for all files of the process. `spelled`: as the process spells it.
    mutating func new(of paths: [FilePath]?, in member: Member) -> [(path: FilePath, spelled: FilePath)] {
        guard member.paths.root.isForeign else { return [] }
        let directory = FilePath(member.connection.inventory.workingDirectory)
        return (paths ?? Array(member.files.keys)).compactMap { path in
            guard !told.contains(path), let file = member.files[path]?.file else { return nil }
            let spelled = directory.pushing(FilePath(file.spelling))
            guard member.paths.isStale(spelled) else { return nil }
            told.insert(path)
            return (path, spelled)
        }
    }
}
