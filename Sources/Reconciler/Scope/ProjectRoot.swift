package import SystemPackage

/// Where a program's own code lies when the user names no directory.
package enum ProjectRoot {
    private static let markers = ["pyproject.toml", "setup.cfg", "setup.py", "manage.py", ".git"]

    /// The nearest directory at or above `workingDirectory` with a project file, else the directory of the main script,
    /// else `workingDirectory`.
    package static func find(
        workingDirectory: FilePath, mainFile: FilePath?,
        exists: (FilePath) -> Bool
    ) -> FilePath {
        var directory = workingDirectory
        while true {
            if markers.contains(where: { exists(directory.appending($0)) }) { return directory }
            guard directory.removeLastComponent() else { break }
        }
        if let mainFile { return workingDirectory.pushing(mainFile).removingLastComponent() }
        return workingDirectory
    }
}
