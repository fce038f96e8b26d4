import Glibc
package import SystemPackage

/// Which source files are the program's own: below a root or beside it, and in no library directory.
package struct FirstParty: Sendable {
    /// The directories of the program's own files; absolute, without symbolic links.
    package let roots: [FilePath]
    /// The directory of the standard library.
    package let standardLibrary: FilePath?
    /// `roots` and the standard library as text. A process has thousands of files, and to make two paths' components costs
    /// many times what comparing their bytes does.
    private let rootTexts: [DirectoryText]
    private let libraryText: DirectoryText?
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
        rootTexts = roots.map(DirectoryText.init)
        libraryText = standardLibrary.map(DirectoryText.init)
        self.librarySpelling = librarySpelling ?? standardLibrary?.string
        isRootedInLibrary = roots.contains { root in
            standardLibrary.map(root.starts(with:)) ?? false || Self.isInLibraryDirectory(root.string)
        }
    }

    /// `path` must be absolute.
    package func contains(_ path: FilePath) -> Bool {
        let text = path.string
        if let libraryText, let standardLibrary, libraryText.holds(text),
            !roots.contains(where: { $0.starts(with: standardLibrary) })
        {
            return false
        }
        return isBelowRoot(text) || isBeside(text)
    }

    /// `path` must be absolute.
    package func isBelowRoot(_ path: FilePath) -> Bool { isBelowRoot(path.string) }

    private func isBelowRoot(_ path: String) -> Bool {
        rootTexts.contains { root in
            root.rest(of: path).map { !Self.isInLibraryDirectory($0) } ?? false
        }
    }

    /// Outside of all roots, and in no library directory.
    private func isBeside(_ path: String) -> Bool {
        guard takesLibrariesBeside, !rootTexts.contains(where: { $0.holds(path) }) else { return false }
        return !Self.isInLibraryDirectory(path)
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
    static func isInLibraryDirectory(_ path: some StringProtocol) -> Bool {
        path.split(separator: "/").contains { libraryDirectories.contains(String($0)) }
    }

    /// `path` as users see it: relative to the root that holds it.
    package func display(_ path: FilePath) -> String {
        let text = path.string
        let below = rootTexts.lazy.compactMap { $0.rest(of: text) }.first
        return below.flatMap { $0.isEmpty ? nil : String($0) } ?? text
    }
}

/// A directory's path as text, for comparing with many paths. Both are as `FilePath` keeps them: no doubled slashes, none at
/// the end.
private struct DirectoryText {
    /// Ends with a slash, so that `/app` does not hold `/application`.
    private let prefix: String

    init(_ directory: FilePath) {
        let text = directory.string
        prefix = text.hasSuffix("/") ? text : text + "/"
    }

    /// Whether it is the directory or lies below it.
    func holds(_ path: String) -> Bool { rest(of: path) != nil }

    /// What follows the directory in `path`: empty if it is the directory, nil if it lies elsewhere. Bytes are compared:
    /// letters that look alike name two files.
    func rest(of path: String) -> Substring? {
        let (bytes, wanted) = (path.utf8, prefix.utf8)
        if bytes.count + 1 == wanted.count, wanted.starts(with: bytes) { return "" }
        guard bytes.starts(with: wanted) else { return nil }
        return path[bytes.index(bytes.startIndex, offsetBy: wanted.count)...]
    }
}
