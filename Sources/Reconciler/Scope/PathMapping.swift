package import SystemPackage

/// Where a process sees a directory of ours; both absolute.
package struct PathMapping: Sendable, Hashable {
    /// As the process sees it.
    package var process: FilePath
    /// The same directory as we see it.
    package var local: FilePath

    /// Makes a mapping of two absolute paths.
    package init(process: FilePath, local: FilePath) {
        self.process = process
        self.local = local
    }
}
