import Reloader
import SystemPackage

extension FirstParty {
    /// The directories that the user named, else the project root of the process.
    init(inventory: Inventory, directories: [FilePath]) {
        let workingDirectory = FilePath(inventory.workingDirectory)
        let main = inventory.modules.first(where: \.isMain).map { FilePath($0.file) }
        let roots =
            directories.isEmpty
            ? [ProjectRoot.find(workingDirectory: workingDirectory, mainFile: main)] : directories
        self.init(
            roots: roots.map(ModuleFile.resolved),
            standardLibrary: inventory.standardLibrary.map { FilePath($0) })
    }
}
