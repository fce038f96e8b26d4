package import SystemPackage

/// Where a process sees a directory of ours; both absolute.
package struct PathMapping: Sendable, Hashable {
    package var process: FilePath
    package var local: FilePath

    package init(process: FilePath, local: FilePath) {
        self.process = process
        self.local = local
    }
}
