import SystemPackage
import Watcher

/// The files that a batch of the watcher speaks of, by what they are to a service; each once, in the batch's order.
struct ChangedFiles: Equatable {
    /// Loaded by a process, and saved.
    private(set) var saved: [FilePath] = []
    /// Loaded by a process, and removed.
    private(set) var gone: [FilePath] = []
    /// Python files that no process is known to have loaded.
    private(set) var unknown: [FilePath] = []
    /// Files of another kind.
    private(set) var others: [FilePath] = []

    /// `resolved`: the path without symbolic links, asked for where a path is not known as it is.
    init(_ changes: [FileChange], resolved: (FilePath) -> FilePath, isLoaded: (FilePath) -> Bool) {
        var seen: Set<FilePath> = []
        for change in changes {
            guard change.path.extension == "py" else {
                others.append(change.path)
                continue
            }
            let path = isLoaded(change.path) ? change.path : resolved(change.path)
            switch (change.kind, isLoaded(path)) {
            case (.removed, true): gone.append(path)
            case (.removed, false): break
            case (.modified, true): if seen.insert(path).inserted { saved.append(path) }
            case (.modified, false): if seen.insert(path).inserted { unknown.append(path) }
            }
        }
    }
}
