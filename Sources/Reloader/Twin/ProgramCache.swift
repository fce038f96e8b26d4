import Glibc

/// Compiled programs on disk, so that the second command does not compile them again: `$XDG_CACHE_HOME/midflight`, or
/// `~/.cache/midflight`, two files for each interpreter, three quarters of a megabyte.
///
/// What lies there is run, by us and in targets; so only what our own user alone could have written is read. A cache
/// that cannot be used is the same as an empty one. Deleting it is always right.
package struct ProgramCache: Sendable {
    /// Absolute; it may not be there yet.
    package let directory: String
    private static let largestFile = 4 << 20

    /// Makes nothing yet. `directory`: absolute; it is made, with mode 0700, when something is kept.
    package init(directory: String) { self.directory = directory }

    /// Nil if there is no home, or it is somebody else's: sudo may leave HOME as it was.
    package static let standard: ProgramCache? = {
        func variable(_ name: String) -> String? {
            getenv(name).map { String(cString: $0) }.flatMap { $0.hasPrefix("/") ? $0 : nil }
        }
        guard let base = variable("XDG_CACHE_HOME") ?? variable("HOME").map({ $0 + "/.cache" }),
            getuid() == geteuid()
        else { return nil }
        if !isOurs(base) {
            guard let parent = variable("HOME"), isOurs(parent) else { return nil }
            mkdir(base, 0o700)
        }
        return isOurs(base) ? ProgramCache(directory: base + "/midflight") : nil
    }()

    /// What was kept for this interpreter and this version of midflight; nil if nothing was, or others could have
    /// written it.
    package func programs(for interpreter: InterpreterIdentity) -> CompiledPrograms? {
        guard let lookup = lookup(for: interpreter), let content = path(interpreter).flatMap(content) else {
            return nil
        }
        return CompiledPrograms(content: content, lookup: lookup, for: interpreter)
    }

    /// The part of it that tells modules.
    package func lookup(for interpreter: InterpreterIdentity) -> CompiledLookup? {
        path(interpreter, Self.lookup).flatMap(content).flatMap {
            CompiledLookup(content: $0, for: interpreter)
        }
    }

    private static let lookup = "+modules"

    /// Keeps them. A failure changes nothing: the next midflight compiles again.
    package func store(_ programs: CompiledPrograms, for interpreter: InterpreterIdentity) {
        guard let path = path(interpreter), let small = self.path(interpreter, Self.lookup) else { return }
        put(programs.content(for: interpreter), at: path)
        put(CompiledLookup(programs).content(for: interpreter), at: small)
    }

    /// Whether `layout` was found right for the frames of this interpreter.
    func holds(_ layout: String, for interpreter: InterpreterIdentity) -> Bool {
        path(interpreter, "+frames").flatMap(content) == Array(layout.utf8)
    }

    /// Remembers that it was.
    func keep(_ layout: String, for interpreter: InterpreterIdentity) {
        guard let path = path(interpreter, "+frames") else { return }
        put(Array(layout.utf8), at: path)
    }

    private func content(_ path: String) -> [UInt8]? {
        guard Self.isOurs(directory) else { return nil }
        let file = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0, Self.isPrivate(status), status.st_mode & S_IFMT == S_IFREG,
            status.st_size <= Self.largestFile
        else { return nil }
        var content = [UInt8](repeating: 0, count: Int(status.st_size))
        guard read(file, &content, content.count) == content.count else { return nil }
        return content
    }

    private func put(_ content: [UInt8], at path: String) {
        mkdir(directory, 0o700)
        guard Self.isOurs(directory) else { return }
        removeOfOtherVersions()
        let draft = "\(directory)/draft-\(getpid())-\(pthread_self())"
        let file = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard file >= 0 else { return }
        let isWhole = write(file, content, content.count) == content.count
        close(file)
        if !isWhole || rename(draft, path) != 0 { unlink(draft) }
    }

    private func path(_ interpreter: InterpreterIdentity, _ kind: String = "") -> String? {
        interpreter.fileName.map { "\(directory)/\($0)\(kind)@\(CompiledPrograms.fingerprint)" }
    }

    private func removeOfOtherVersions() {
        for name in ProcFS.names(in: directory)
        where !name.hasPrefix(".") && !name.hasSuffix(CompiledPrograms.fingerprint) {
            unlink("\(directory)/\(name)")
        }
    }

    private static func isOurs(_ directory: String) -> Bool {
        var status = stat()
        return lstat(directory, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR && isPrivate(status)
    }

    private static func isPrivate(_ status: stat) -> Bool {
        status.st_uid == geteuid() && status.st_mode & 0o022 == 0
    }
}
