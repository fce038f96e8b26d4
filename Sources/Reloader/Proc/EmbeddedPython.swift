package import SystemPackage

/// The Python in a program that is no Python interpreter itself: uWSGI, NGINX Unit, mod_wsgi.
///
/// Told by what it has mapped of Python's installation: the shared library, or extension modules of the standard
/// library (`PREFIX/lib/python3.12/lib-dynload`, one of `sys.path` as the `site` module's documentation gives it).
package struct EmbeddedPython: Sendable, Hashable {
    /// As in "3.12".
    package var version: String
    /// `sys.base_prefix`, absolute in the file tree of the process.
    package var prefix: FilePath

    /// Nil where nothing of Python is mapped.
    package init?(pid: Int32, procFS: ProcFS = ProcFS()) {
        // Most processes map nothing of the kind: their text is searched, and not taken apart.
        guard let text = try? procFS.contents(procFS.path(pid, "maps")),
            Self.marks.contains(where: { text.firstIndex(ofSequence: $0) != nil })
        else { return nil }
        self.init(map: MemoryMap(text: text))
    }

    private static let marks = ["/libpython", "/lib-dynload/"].map { Array($0.utf8) }

    /// Nil if no `libpython` and no module of the standard library is mapped.
    package init?(map: MemoryMap) {
        for region in map.regions where region.name.hasPrefix("/") {
            guard let found = EmbeddedPython(file: FilePath(region.name)) else { continue }
            self = found
            return
        }
        return nil
    }

    private init?(file: FilePath) {
        let names = file.components.map(\.string)
        guard let lib = names.lastIndex(where: { $0 == "lib" || $0 == "lib64" }), lib + 1 < names.count,
            let last = names.last
        else { return nil }
        if last.hasPrefix("libpython"), let version = PythonProcess.version(in: last) {
            self.version = version
        } else if names.dropFirst(lib + 2).first == "lib-dynload",
            let version = PythonProcess.version(in: names[lib + 1])
        {
            self.version = version
        } else {
            return nil
        }
        prefix = FilePath(root: "/", file.components.prefix(lib))
    }

    /// Whether the program carries its own Python, with its modules inside of itself.
    static func isFrozen(pid: Int32, procFS: ProcFS) -> Bool {
        // Where it cannot be read nobody can tell.
        guard let text = try? procFS.contents(procFS.path(pid, "maps")) else { return false }
        return isFrozen(map: MemoryMap(text: text))
    }

    /// PyInstaller has its libpython in `_MEI…`, where a program of one file unpacks itself, or beside the program in
    /// `_internal` (its documentation, "What to bundle").
    package static func isFrozen(map: MemoryMap) -> Bool {
        map.regions.contains { region in
            let names = region.name.split(separator: "/").suffix(2)
            guard names.count == 2, let folder = names.first else { return false }
            return region.baseName.hasPrefix("libpython")
                && (folder.hasPrefix("_MEI") || folder == "_internal")
        }
    }

    /// `PREFIX/bin/python3.12`.
    package var interpreter: FilePath { prefix.appending("bin").appending("python" + version) }
}
