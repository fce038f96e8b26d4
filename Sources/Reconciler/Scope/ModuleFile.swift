import Glibc
package import Reloader
package import SystemPackage

/// A source file that a target has loaded, under one name or several.
package struct ModuleFile: Sendable, Hashable {
    /// Without symbolic links.
    package var path: FilePath
    /// `__file__`.
    package var spelling: String
    /// `co_filename` of its functions.
    package var codePath: String
    /// What else `co_filename` may say: as other modules of the file spell it, and as it is called from the working
    /// directory. Up to Python 3.9 a loader keeps a relative path, and `exec` does what it is told on every version.
    package var otherSpellings: Set<String> = []
    /// Names in `sys.modules`, in its order; two where a file was imported twice.
    package var modules: [String]
    /// An import hook made the code, not the plain file.
    package var isTransformed: Bool
    /// The process reads another file, of which this one is said to be the source.
    package var isCopy = false
    /// An import of it had begun, and not ended, when the process was last looked at.
    package var isImporting = false

    /// Groups a target's modules by file. Names relative to the target's working directory are resolved there.
    package static func group(
        _ loaded: [Inventory.Module], workingDirectory: FilePath, paths: ProcessPaths
    ) -> [ModuleFile] {
        var order: [FilePath] = []
        var files: [FilePath: ModuleFile] = [:]
        for module in loaded where module.file.hasSuffix(".py") && !module.isLazy {
            let location = paths.location(of: workingDirectory.pushing(FilePath(module.file)))
            let path = location.path
            if files[path] == nil {
                order.append(path)
                files[path] = ModuleFile(
                    path: path, spelling: module.file, codePath: module.codeFile ?? module.file, modules: [],
                    isTransformed: !module.isPlain, isCopy: location.isCopy)
            }
            files[path]?.otherSpellings.formUnion([module.file, module.codeFile ?? module.file])
            // A file that nothing but such a namespace has is known without a module.
            if module.isStray { continue }
            if module.isImporting { files[path]?.isImporting = true }
            let isNamed = module.otherName.map { files[path]?.modules.contains($0) == true } ?? false
            if !isNamed { files[path]?.modules.append(module.name) }
        }
        for path in order {
            var relative = path
            if relative.removePrefix(workingDirectory) { files[path]?.otherSpellings.insert(relative.string) }
        }
        return order.compactMap { files[$0] }
    }

    /// The module that a process made of a file; nil if it made none. `path`: without symbolic links; `spelling`: as the
    /// user wrote it.
    package static func module(
        of path: FilePath, spelling: String, in loaded: LoadedModules, paths: ProcessPaths
    ) -> String? {
        let names = [path.lastComponent?.string, FilePath(spelling).lastComponent?.string].compactMap { $0 }
        let likely = loaded.modules.filter { module in names.contains { module.file.hasSuffix($0) } }
        // A link may have another name than its file; to resolve the paths of all modules takes longer than the rest.
        for modules in [likely, loaded.modules] {
            let files = group(
                modules, workingDirectory: FilePath(loaded.workingDirectory), paths: paths)
            if let file = files.first(where: { $0.path == path || $0.spelling == spelling }) {
                return file.modules.first
            }
        }
        return nil
    }

    /// The path without symbolic links; as it is where it cannot be resolved, because the file is gone for instance.
    package static func resolved(_ path: FilePath) -> FilePath {
        guard let real = realpath(path.string, nil) else { return path.lexicallyNormalized() }
        defer { free(real) }
        return FilePath(platformString: real)
    }
}
