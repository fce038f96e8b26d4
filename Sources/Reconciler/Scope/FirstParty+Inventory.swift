import Glibc
import Reloader
import SystemPackage

extension FirstParty {
    /// The directories that the user named, else the project root of the process.
    init(inventory: Inventory, directories: [FilePath], paths: ProcessPaths) {
        self.init(
            roots: directories.isEmpty
                ? [Self.projectRoot(inventory, paths)] : directories.map(paths.resolved),
            standardLibrary: inventory.standardLibrary.map { paths.location(of: FilePath($0)).path },
            librarySpelling: inventory.standardLibrary, takesLibrariesBeside: directories.isEmpty)
    }

    /// Looks in the file tree that the process sees; the answer is a path for us.
    private static func projectRoot(_ inventory: Inventory, _ paths: ProcessPaths) -> FilePath {
        let main = inventory.modules.first(where: \.isMain).map { FilePath($0.file) }
        let root = ProjectRoot.find(
            workingDirectory: FilePath(inventory.workingDirectory), mainFile: main
        ) { access(paths.root.here($0).string, F_OK) == 0 }
        return paths.location(of: root).path
    }
}
