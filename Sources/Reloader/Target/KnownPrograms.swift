import Glibc
import SystemPackage

/// Programs of which one process was found fit to be attached to, so that the others need not be taken apart.
///
/// For a list only: an attach looks at its process as if nothing were known. A program is the same if its file is (device, inode,
/// size, ctime) and the file tree, from which its libraries come.
package final class KnownPrograms {
    private struct Program: Hashable {
        var file: String
        var tree: FilePath
    }

    private var fit: Set<Program> = []

    /// Knows nothing yet.
    package init() {}

    /// Why the process cannot be attached to; nil if it can.
    package func obstacle(of pid: Int32, procFS: ProcFS) -> AttachError? {
        let program = program(pid, procFS)
        if let program, fit.contains(program), isFit(pid, procFS) { return nil }
        do throws(AttachError) {
            _ = try Target(pid: pid, procFS: procFS)
            if let program { fit.insert(program) }
            return nil
        } catch {
            return error
        }
    }

    private func program(_ pid: Int32, _ procFS: ProcFS) -> Program? {
        guard let file = InterpreterIdentity.describe(procFS.path(pid, "exe").string),
            let tree = procFS.link(pid, "ns/mnt")
        else { return nil }
        return Program(file: file, tree: tree)
    }

    /// What differs between processes of one program: their state, our rights, and what their operator has said. False
    /// where anything is unclear.
    private func isFit(_ pid: Int32, _ procFS: ProcFS) -> Bool {
        guard let stat = try? Target.checkState(pid: pid, procFS: procFS), stat.startCode != 0,
            RemoteMemory(pid: pid).read(RemoteAddress(stat.startCode), count: 8) != nil,
            let environment = try? procFS.contents(procFS.path(pid, "environ")),
            let commandLine = try? procFS.contents(procFS.path(pid, "cmdline"))
        else { return false }
        return !RemoteDebugging.isWished(environment: environment, commandLine: commandLine)
    }
}
