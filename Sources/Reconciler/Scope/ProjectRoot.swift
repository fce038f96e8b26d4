package import SystemPackage

/// Where a program's own code lies when the user names no directory.
package enum ProjectRoot {
    /// One of them is enough, wherever in the list.
    private static let markers = ["pyproject.toml", "setup.cfg", "setup.py", "manage.py", ".git"]

    /// The nearest directory at or above `workingDirectory` with a project file, else the directory of the main script
    /// if that is the program's own, else `workingDirectory`.
    package static func find(
        workingDirectory: FilePath, mainFile: FilePath?,
        exists: (FilePath) -> Bool
    ) -> FilePath {
        var directory = workingDirectory
        while true {
            if markers.contains(where: { exists(directory.appending($0)) }) { return directory }
            guard directory.removeLastComponent() else { break }
        }
        guard let mainFile else { return workingDirectory }
        let script = workingDirectory.pushing(mainFile)
        return isInstalled(script, exists: exists) ? workingDirectory : script.removingLastComponent()
    }

    /// `python -m gunicorn` and `bin/gunicorn` run a server's script: the program is what the server loads.
    private static func isInstalled(_ script: FilePath, exists: (FilePath) -> Bool) -> Bool {
        if FirstParty.isInLibraryDirectory(script.string) { return true }
        let directory = script.removingLastComponent()
        guard directory.lastComponent == "bin" else { return false }
        return ["/usr/bin", "/usr/local/bin"].contains(directory.string)
            || exists(directory.removingLastComponent().appending("pyvenv.cfg"))
    }
}
