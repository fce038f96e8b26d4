import Glibc
package import SystemPackage

/// A source file that a target has loaded, under one name or several.
package struct ModuleFile: Sendable, Hashable {
    /// Without symbolic links.
    package var path: FilePath
    /// As the target spells it in `__file__` and in its code objects.
    package var spelling: String
    /// Names in `sys.modules`, in its order; two where a file was imported twice.
    package var modules: [String]

    /// Groups a target's modules by file. Names relative to the target's working directory are resolved there.
    package static func group(_ loaded: [(name: String, file: String)], workingDirectory: FilePath) -> [ModuleFile] {
        var order: [FilePath] = []
        var files: [FilePath: ModuleFile] = [:]
        for (name, file) in loaded where file.hasSuffix(".py") {
            let path = resolved(workingDirectory.pushing(FilePath(file)))
            if files[path] == nil {
                order.append(path)
                files[path] = ModuleFile(path: path, spelling: file, modules: [])
            }
            files[path]?.modules.append(name)
        }
        return order.compactMap { files[$0] }
    }

    /// The path without symbolic links; as it is where it cannot be resolved, because the file is gone for instance.
    package static func resolved(_ path: FilePath) -> FilePath {
        guard let real = realpath(path.string, nil) else { return path.lexicallyNormalized() }
        defer { free(real) }
        return FilePath(platformString: real)
    }
}
