package import SystemPackage

/// What is watched and how; one value for all roots of a watcher.
package struct WatchOptions: Sendable {
    /// gitignore patterns that a file's name or path below its root must match to be reported.
    package var include: [String]
    /// gitignore patterns, matched before any `.gitignore`; a directory that matches gets no watch at all.
    package var ignore: [String]
    /// Whether files that git ignores are left out.
    package var respectGitignore: Bool
    /// How long a burst waits for company, from its latest event; `.zero` delivers at once.
    package var debounce: Duration
    /// Bytes; a larger file is reported without having been read.
    package var sizeLimit: Int
    /// How many files may have a watch of their own, which sees writers that do not close.
    package var openWriterWatches: Int
    /// Pause between two looks at directories that inotify cannot watch, or that others change unseen.
    package var pollInterval: Duration
    /// False: no directory gets a watch, all are looked at again and again.
    package var usesInotify = true
    /// Whether these bytes are a finished file. Called on the watcher's thread, with at most `sizeLimit` bytes.
    package var isComplete: @Sendable (FilePath, [UInt8]) -> Bool

    /// Makes the options of a watcher of Python sources, unless it is told otherwise.
    package init(
        include: [String] = ["*.py"],
        ignore: [String] = WatchOptions.defaultIgnore,
        respectGitignore: Bool = true,
        debounce: Duration = .zero,
        sizeLimit: Int = 8 << 20,
        openWriterWatches: Int = 2048,
        pollInterval: Duration = .milliseconds(500),
        isComplete: @escaping @Sendable (FilePath, [UInt8]) -> Bool = { _, _ in true }
    ) {
        self.include = include
        self.ignore = ignore
        self.respectGitignore = respectGitignore
        self.debounce = debounce
        self.sizeLimit = sizeLimit
        self.openWriterWatches = openWriterWatches
        self.pollInterval = pollInterval
        self.isComplete = isComplete
    }

    /// Repositories, environments and caches, then what editors leave beside a file while they save it.
    package static let defaultIgnore = [
        ".git", ".hg", ".svn", "__pycache__", "node_modules", ".venv", "venv", ".tox",
        ".mypy_cache", ".pytest_cache", ".ruff_cache",
        "*~", ".*.sw?", ".#*", "4913", "*___jb_*",
    ]
}
