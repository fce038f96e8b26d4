import Glibc
import SystemPackage

/// Which interpreter a process runs, its program's file and that of a shared libpython, and for whom.
///
/// Equal for processes that one compiled agent fits and that may trust each other's compiler. A file that is replaced
/// gets another inode, one that is written again another ctime, which the kernel alone sets (stat(2)).
package struct InterpreterIdentity: Sendable, Hashable {
    /// Device, inode, size and ctime of each file; holds no space.
    let text: String
    /// Nil: as we run.
    private let account: ProcessAccount?

    /// Nil if a file cannot be looked at.
    package init?(target: Target) {
        self.init(pid: target.pid, procFS: target.procFS, library: target.library)
    }

    /// Nil if a file cannot be looked at.
    init?(pid: Int32, procFS: ProcFS) {
        let map = try? procFS.memoryMap(pid)
        self.init(
            pid: pid, procFS: procFS,
            library: map?.regions.first { $0.baseName.hasPrefix("libpython") }?.name)
    }

    private init?(pid: Int32, procFS: ProcFS, library: String?) {
        self.init(
            program: procFS.path(pid, "exe"),
            library: library.map { FilePath(procFS.path(pid, "root").string + $0) },
            for: ProcessAccount(pid: pid, procFS: procFS))
    }

    /// By device, inode, size and ctime (stat(2)): an interpreter that was installed again is another one.
    /// nil if a file cannot be looked at.
    init?(program: FilePath, library: FilePath? = nil, for account: ProcessAccount? = nil) {
        self.account = account.flatMap { $0.isOurs ? nil : $0 }
        guard let program = Self.describe(program.string) else { return nil }
        guard let library else {
            text = program
            return
        }
        guard let described = Self.describe(library.string) else { return nil }
        text = program + "+" + described
    }

    /// Under which its compiled programs are kept on disk: what one user's interpreter gave is never run for another.
    /// Nil in another file tree, which has no name that lasts.
    var fileName: String? {
        guard let account else { return text }
        guard !account.isForeign, let user = account.userID else { return nil }
        return "\(text)+\(user)"
    }

    /// Device, inode, size and ctime; nil if the file cannot be looked at.
    static func describe(_ path: String) -> String? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        let changed = status.st_ctim
        return "\(status.st_dev)-\(status.st_ino)-\(status.st_size)-\(changed.tv_sec).\(changed.tv_nsec)"
    }
}
