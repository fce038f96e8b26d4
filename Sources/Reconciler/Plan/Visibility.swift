import SystemPackage

/// Where names of some files may be meant by a word.
final class Visibility {
    /// All that the process has loaded.
    let files: [Surroundings.File]
    /// What the modules are called that bind a name.
    private var modules: [SourceWords.Hash: Set<SourceWords.Hash>] = [:]

    /// Looks at nothing yet.
    init(_ files: [Surroundings.File]) { self.files = files }

    /// Whether a plain word of the file may be the name: all it has are names that it binds, or that a star brings. Yes
    /// for a name that no file binds.
    func isPlain(_ name: SourceWords.Hash, in file: Surroundings.File) -> Bool {
        file.words.bound.contains(name) || !file.words.stars.isEmpty || modules(binding: name).isEmpty
    }

    /// Whether the file has the class, or imports a module that has it.
    func hasClass(_ name: SourceWords.Hash, _ file: Surroundings.File) -> Bool {
        isPlain(name, in: file) || !file.words.imported.isDisjoint(with: modules(binding: name))
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
