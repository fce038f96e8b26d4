import Glibc
package import SystemPackage

/// Which source files are the program's own: below a root or beside it, and in no library directory.
package struct FirstParty: Sendable {
    /// The directories of the program's own files; absolute, without symbolic links.
    package let roots: [FilePath]
    /// The directory of the standard library.
    package let standardLibrary: FilePath?
    /// As the process spells it.
    private let librarySpelling: String?
    /// Whether what a process has loaded from elsewhere is its own too: directories of PYTHONPATH, `pip install -e`.
    private let takesLibrariesBeside: Bool
    /// Whether a root lies in a library: then modules of libraries may be the program's own.
    private let isRootedInLibrary: Bool

    /// The second is Debian's name for what its packages bring.
    private static let libraryDirectories: Set<String> = ["site-packages", "dist-packages"]

    /// `librarySpelling`: the standard library as the process spells it.
    package init(
        roots: [FilePath], standardLibrary: FilePath?, librarySpelling: String? = nil,
        takesLibrariesBeside: Bool = false
    ) {
        self.takesLibrariesBeside = takesLibrariesBeside
        self.roots = roots
        self.standardLibrary = standardLibrary
        self.librarySpelling = librarySpelling ?? standardLibrary?.string
        isRootedInLibrary = roots.contains { root in
            standardLibrary.map(root.starts(with:)) ?? false || Self.isInLibraryDirectory(root.string)
        }
    }

    /// `path` must be absolute.
    package func contains(_ path: FilePath) -> Bool {
        if let standardLibrary, path.starts(with: standardLibrary),
            !roots.contains(where: { $0.starts(with: standardLibrary) })
        {
            return false
        }
        return isBelowRoot(path) || isBeside(path)
    }

    /// `path` must be absolute.
    package func isBelowRoot(_ path: FilePath) -> Bool {
        roots.contains { root in
            guard path.starts(with: root) else { return false }
            let below = path.components.dropFirst(root.components.count)
            return !below.contains { Self.libraryDirectories.contains($0.string) }
        }
    }

    /// Outside of all roots, and in no library directory.
    private func isBeside(_ path: FilePath) -> Bool {
        guard takesLibrariesBeside, !roots.contains(where: { path.starts(with: $0) }) else { return false }
        return !Self.isInLibraryDirectory(path.string)
    }

    /// Surely no file of the program's own. Most modules of a process are such: text is compared here, and no path
    /// made.
    ///
    /// `isHere`: the process sees the files that this process sees. An editable install may be a link out of the
    /// library.
    func isLibrary(_ spelling: String, isHere: Bool) -> Bool {
        guard !isRootedInLibrary else { return false }
        if let librarySpelling, spelling.hasPrefix(librarySpelling + "/") { return true }
        guard isHere, spelling.hasPrefix("/"), Self.isInLibraryDirectory(spelling) else { return false }
        guard let real = realpath(spelling, nil) else { return true }
        defer { free(real) }
        return Self.isInLibraryDirectory(String(cString: real))
    }

    /// By the text alone; links are not followed.
    static func isInLibraryDirectory(_ path: String) -> Bool {
        path.split(separator: "/").contains { libraryDirectories.contains(String($0)) }
    }

    /// `path` as users see it: relative to the root that holds it.
    package func display(_ path: FilePath) -> String {
        guard let root = roots.first(where: { path.starts(with: $0) }), path != root else {
            return path.string
        }
        let below = path.components.dropFirst(root.components.count)
        return below.map(\.string).joined(separator: "/")
    }
}
