import Glibc
package import Reloader
package import SystemPackage
import Watcher

/// Everything that is looked at before one asks why a process cannot be patched.
package enum Diagnosis {
    /// Of one process; nil if there is none. Nothing in it is touched.
    package static func findings(of pid: Int32, procFS: ProcFS = ProcFS()) -> [Finding]? {
        guard let process = ProcessFindings(pid: pid, procFS: procFS) else { return nil }
        let directory = procFS.link(pid, "cwd").map { [$0] } ?? []
        return process.all + [reloader(of: pid, procFS)] + watching(directory)
    }

    /// Of this machine and of us.
    package static func findings(here directory: FilePath, procFS: ProcFS = ProcFS()) -> [Finding] {
        guard (try? procFS.stat(getpid())) != nil else {
            return [
                Finding(
                    "proc", .fail, "/proc is not mounted here",
                    ["mount it (mount -t proc proc /proc): every process is seen through it"])
            ]
        }
        let own = PermissionFacts(pid: getpid(), procFS: procFS)
        let rights =
            own.hasTraceCapability
            ? Finding("capability", .ok, "you have CAP_SYS_PTRACE: every user's processes can be patched")
            : Finding("capability", .ok, "you have no CAP_SYS_PTRACE: your own processes can be patched")
        let others = own.findings.filter { !["account", "dumpable", "capabilities"].contains($0.id) }
        return [rights] + others.map { withoutTarget($0) } + [kernel()] + watching([directory]) + [cache()]
    }

    /// The lines that mend a failed attach, and where to see the rest.
    package static func advice(on error: SessionError, procFS: ProcFS = ProcFS()) -> [String] {
        guard case .attach(let cause) = error else { return error.actions }
        switch cause {
        case .notPermitted: return error.actions + ["midflight doctor \(error.pid) shows all checks"]
        case .targetBusy:
            let frozen = ProcessFindings(pid: error.pid, procFS: procFS)?.frozen
            return frozen.map { ["\($0.what): \($0.actions.joined())"] }
                ?? error.actions + ["midflight doctor \(error.pid) shows all checks"]
        default: return error.actions
        }
    }

    /// Yama's lines name a process.
    private static func withoutTarget(_ finding: Finding) -> Finding {
        guard finding.id == "yama", finding.verdict == .fail else { return finding }
        var finding = finding
        finding.verdict = .warn
        finding.actions = finding.actions.map { $0.replacing("attach \(getpid())", with: "attach PID") }
        return finding
    }

    /// pidfd_open(2) came with Linux 5.3; the release is what uname(2) says.
    private static func kernel() -> Finding {
        var names = utsname()
        uname(&names)
        let release = withUnsafeBytes(of: names.release) {
            String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
        }
        let numbers = release.split { !$0.isNumber }.prefix(2).compactMap { Int($0) }
        guard numbers.count == 2, (numbers[0], numbers[1]) < (5, 3) else {
            return Finding("kernel", .ok, "Linux \(release)")
        }
        return Finding(
            "kernel", .fail, "Linux \(release) has no pidfd_open(2)", ["midflight needs Linux 5.3 or newer"])
    }

    /// One finding for each notice that a watcher of these directories would give.
    private static func watching(_ directories: [FilePath]) -> [Finding] {
        let notices = WatchDiagnosis.notices(for: directories)
        guard !notices.isEmpty else {
            return [Finding("inotify", .ok, "inotify has room, and sees every change")]
        }
        return notices.map { notice in
            let id =
                switch notice.code {
                case .remoteFileSystem: "file-system"
                case .watchLimit, .instanceLimit, .unreadableDirectory, .rootMissing, .rootBack, .overflow:
                    "inotify"
                }
            return Finding(id, .warn, notice.description, notice.hint.map { [$0] } ?? [])
        }
    }

    /// Where compiled programs are kept; without it every command waits for an interpreter to start.
    private static func cache() -> Finding {
        guard let directory = ProgramCache.standard?.directory,
            access(FilePath(directory).removingLastComponent().string, W_OK) == 0
        else {
            return Finding(
                "cache", .warn,
                "no directory can keep what was compiled: every command takes some 50 ms longer",
                ["set XDG_CACHE_HOME to a directory of yours"])
        }
        return Finding("cache", .ok, "what was compiled is kept in \(directory)")
    }

    /// Looks at the process and at most three above it: a reloader is often the parent.
    private static func reloader(of pid: Int32, _ procFS: ProcFS) -> Finding {
        func words(_ pid: Int32) -> [String] { entries(pid, "cmdline", procFS) }
        var parents: [[String]] = []
        var parent = (try? procFS.stat(pid))?.parent ?? 0
        while parent > 1, parents.count < 3 {
            parents.append(words(parent))
            parent = (try? procFS.stat(parent))?.parent ?? 0
        }
        let variables = entries(pid, "environ", procFS).compactMap { entry -> (String, String)? in
            entry.firstIndex(of: "=").map { (String(entry[..<$0]), String(entry[entry.index(after: $0)...])) }
        }
        return OtherReloaders.finding(
            words: words(pid), variables: Dictionary(variables) { first, _ in first }, parents: parents)
    }

    /// Of a file in /proc/PID that separates its entries by NUL (`cmdline`, `environ`); empty if it cannot be
    /// read.
    private static func entries(_ pid: Int32, _ name: String, _ procFS: ProcFS) -> [String] {
        ((try? procFS.contents(procFS.path(pid, name))) ?? []).split(separator: 0)
            .map { String(decoding: $0, as: UTF8.self) }
    }
}
