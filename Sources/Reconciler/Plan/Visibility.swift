import SystemPackage

/// Where names of some files may be meant by a word.
///
/// A name of a module is meant in files that bind it, as an import does, in those that import all of some module, and
/// in those that import what a module is called that binds it.
final class Visibility {
    /// All that the process has loaded.
    let files: [Surroundings.File]
    /// What the modules are called that bind a name.
    private var modules: [SourceWords.Hash: Set<SourceWords.Hash>] = [:]

    /// Looks at nothing yet.
    init(_ files: [Surroundings.File]) { self.files = files }

    /// Whether the file may mean the name; yes for a name that no file binds.
    func isVisible(_ name: SourceWords.Hash, in file: Surroundings.File) -> Bool {
        if file.words.bound.contains(name) || !file.words.stars.isEmpty { return true }
        let modules = modules(binding: name)
        return modules.isEmpty || !file.words.imported.isDisjoint(with: modules)
    }

    /// Whether an attribute of that name may be that of a module.
    func isAttribute(_ name: SourceWords.Hash, in file: Surroundings.File) -> Bool {
        !file.words.imported.isDisjoint(with: modules(binding: name))
    }

    private func modules(binding name: SourceWords.Hash) -> Set<SourceWords.Hash> {
        if let known = modules[name] { return known }
        let found = Set(files.filter { $0.words.bound.contains(name) }.map(\.moduleWord))
        modules[name] = found
        return found
    }
}

extension Surroundings.File {
    /// The last part of the module's name: the file's, or of a package the folder's.
    fileprivate var moduleWord: SourceWords.Hash {
        let path = FilePath(path)
        let isPackage = path.stem == "__init__"
        let name = isPackage ? path.removingLastComponent().lastComponent?.stem : path.stem
        return SourceWords.hash((name ?? "").utf8)
    }
}
