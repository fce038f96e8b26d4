package import Reloader
package import SystemPackage

/// How a session attaches, watches and patches.
package struct SessionOptions: Sendable {
    /// In watch.yaml; nil where a process was attached to directly.
    package var name: String?
    /// Replace the project root; absolute.
    package var directories: [FilePath] = []
    /// Further gitignore patterns of what is not watched.
    package var ignore: [String] = []
    /// gitignore patterns of files that are no Python modules, and whose changes are told nevertheless.
    package var alsoInclude: [String] = []
    /// Whether files that git ignores are left out, unless a process has loaded them.
    package var respectGitignore = true
    /// Which directories are watched.
    package var scope = WatchScope.tree
    /// Look at the files again and again instead of waiting for the kernel's word; nil: only where it gives none.
    package var poll: Duration?
    /// Extra quiet time before a patch.
    package var debounce = Duration.zero
    /// Bring code that differs from its file to the file's state as soon as a process joins.
    package var syncOnAttach = false
    /// Where the processes see directories of ours.
    package var mappings: [PathMapping] = []
    /// Results that `functools.lru_cache` keeps of a changed function stay.
    package var keepCaches = false
    /// A new signature goes in although another object has read the old one.
    package var force = false
    /// New code that uses a global name which does not exist keeps the burst out.
    package var strict = false
    /// One change that cannot go in keeps all others of its burst out.
    package var atomic = false
    /// Milliseconds that the agent stays in the target after an answer: the next save is faster.
    package var quietPeriod: Int64 = 2000

    /// Which processes below the chosen one are kept at the saved state too.
    package var workers = Workers.descendants
    /// A process that has just begun is asked again for its modules in its first seconds.
    package var expectImports = false

    /// Makes the options of `midflight attach` without any.
    package init() {}
}

/// Which directories are watched.
package enum WatchScope: Sendable, Hashable {
    /// Those of the modules that the processes have loaded.
    case loaded
    /// Also everything below the project's.
    case tree
}

/// Which processes below the chosen one belong to its service.
package enum Workers: String, Sendable, Hashable, CaseIterable {
    /// Nobody below the chosen process, those that it forked or started itself, or all below it.
    case none, children, descendants

    /// How far below the chosen process they are looked for; nil for nowhere.
    package var depth: ProcessFamily.Depth? {
        switch self {
        case .none: nil
        case .children: .children
        case .descendants: .descendants
        }
    }
}
