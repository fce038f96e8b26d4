import Glibc
package import SystemPackage

/// How to start the interpreter of a target as its compiler twin.
package struct TwinLaunch: Sendable, Hashable {
    /// What is executed, reached from here: `/proc/PID/exe` reaches a deleted or replaced file too.
    package var executable: FilePath
    /// `argv[0]`: where the interpreter looks for its standard library from.
    package var name: String
    /// `NAME=value`.
    package var environment: [String]
    /// The process whose user, groups and capabilities it gets; nil: ours, because they are the same.
    package private(set) var model: Int32?
    /// Its library is in the file tree of the model: it is started in there.
    package private(set) var isForeign = false
    /// False adds `-X no_debug_ranges` (3.11+), so that code equals that of a target that runs so.
    package var debugRanges: Bool

    /// Makes a launch in our own file tree and as ourselves. `name`: argv[0], by which Python finds its environment.
    package init(executable: FilePath, name: String, environment: [String] = [], debugRanges: Bool = true) {
        self.executable = executable
        self.name = name
        self.environment = environment
        self.debugRanges = debugRanges
    }

    /// The interpreter of process `pid`. A program that embeds Python must not be started a second time: the
    /// interpreter of the installation that it uses is. Throws `notAnInterpreter` where there is none, and `frozen`
    /// where the program carries its own.
    package init(pid: Int32, procFS: ProcFS = ProcFS()) throws(TwinError) {
        let program = procFS.link(pid, "exe")?.string ?? ""
        var name = program.hasSuffix(" (deleted)") ? String(program.dropLast(10)) : program
        var executable = procFS.path(pid, "exe")
        if !Self.isInterpreter(name) {
            if EmbeddedPython.isFrozen(pid: pid, procFS: procFS) { throw .frozen(name) }
            guard let python = EmbeddedPython(pid: pid, procFS: procFS) else { throw .notAnInterpreter(name) }
            let root = ProcessRoot(pid: pid, procFS: procFS)
            guard let found = root.resolved(python.interpreter), access(root.here(found).string, X_OK) == 0
            else { throw .noInterpreter(host: name, wanted: python.interpreter.string) }
            name = python.interpreter.string
            executable = root.here(found)
        }
        let environment = (try? procFS.contents(procFS.path(pid, "environ"))) ?? []
        self.init(
            executable: executable, name: name,
            environment: environment.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
                .filter { $0.hasPrefix("PYTHONHOME=") || $0.hasPrefix("LD_LIBRARY_PATH=") })
        let account = ProcessAccount(pid: pid, procFS: procFS)
        model = account.isOurs ? nil : pid
        isForeign = account.isForeign
    }

    /// `python`, `python3`, `python3.12`, `pypy` not: CPython's own names.
    package static func isInterpreter(_ path: String) -> Bool {
        let name = path.split(separator: "/").last ?? ""
        return name.hasPrefix("python")
            && name.dropFirst(6).allSatisfy { $0.isNumber || $0 == "." || $0 == "d" || $0 == "t" }
    }

    /// Its first frame is four bytes of `sys.hexversion` and code that this version has marshalled, or four zeros and
    /// source. Reads its program from stdin, so that no file is needed and none can be replaced; looks for no module
    /// in our working directory (`sys.path[0]`, set after the interpreter's own imports).
    private static let boot =
        "import sys,posix,marshal;sys.path.pop(0);posix.chdir('/');f=sys.stdin.buffer;"
        + "P=f.read(int.from_bytes(f.read(4),'little'));"
        + "C=compile(P[4:],'<midflight twin>','exec')if P[:4]==bytes(4)else "
        + "P[:4]==sys.hexversion.to_bytes(4,'little')and marshal.loads(P[4:]);exec(C)"

    /// argv, from the program's name on.
    var arguments: [String] {
        let ranges = debugRanges ? [] : ["-X", "no_debug_ranges"]
        return [name, "-S", "-s", "-B", "-W", "ignore"] + ranges + ["-c", Self.boot]
    }
}
