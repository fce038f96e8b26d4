import Glibc
package import SystemPackage

/// Where the absolute paths of a process begin: its root directory, in its mount namespace.
///
/// `/proc/PID/root` leads there. What readlink(2) gives for it means something else here (proc_pid_root(5)), so it is
/// never resolved; links below it are followed by us, as the process would follow them.
package struct ProcessRoot: Sendable, Hashable {
    /// Which files a path means; equal for processes that see the same tree.
    struct View: Sendable, Hashable {
        /// What readlink(2) gives for `/proc/PID/ns/mnt`.
        var namespace: String
        /// Of the root directory.
        var device: UInt64
        /// Of the root directory: chroot(2) changes it within one namespace.
        var inode: UInt64
    }

    /// As in path_resolution(7).
    private static let linkLimit = 40

    /// The process whose file tree it is.
    package let pid: Int32
    /// `/proc/PID/root`.
    let directory: FilePath
    /// Which file tree it is; nil where we may not know it.
    let view: View?
    /// An absolute path means something else there than it does here.
    package let isForeign: Bool

    /// Where it cannot be looked at, it is taken for our own.
    package init(pid: Int32, procFS: ProcFS = ProcFS()) {
        self.pid = pid
        directory = procFS.path(pid, "root")
        view = Self.view(pid, procFS)
        let own = Self.view(getpid(), procFS)
        isForeign = view != nil && own != nil && view != own
    }

    private static func view(_ pid: Int32, _ procFS: ProcFS) -> View? {
        var status = stat()
        guard let namespace = procFS.link(pid, "ns/mnt"),
            stat(procFS.path(pid, "root").string, &status) == 0
        else { return nil }
        return View(
            namespace: namespace.string, device: UInt64(status.st_dev), inode: UInt64(status.st_ino))
    }

    /// Whether both processes see the same files under the same paths. False where that is not known.
    package func isLike(_ other: ProcessRoot) -> Bool { view != nil && view == other.view }

    /// The path under which `path`, absolute there, is reached from here.
    package func here(_ path: FilePath) -> FilePath {
        isForeign ? directory.pushing(FilePath(root: nil, path.components)) : path
    }

    /// The path there of what is reached as `path` here; nil if it does not lie there.
    package func there(_ path: FilePath) -> FilePath? {
        guard isForeign else { return path }
        guard path.starts(with: directory) else { return nil }
        return FilePath(root: "/", path.components.dropFirst(directory.components.count))
    }

    /// `path`, absolute there, without symbolic links; nil if a directory of it is missing or links go in circles.
    package func resolved(_ path: FilePath) -> FilePath? {
        var current: FilePath = "/"
        var rest = Array(path.components.reversed())
        var links = 0
        while let name = rest.popLast() {
            if name.kind == .currentDirectory { continue }
            if name.kind == .parentDirectory {
                current.removeLastComponent()
                continue
            }
            let next = current.appending(name)
            var status = stat()
            guard lstat(here(next).string, &status) == 0 else { return rest.isEmpty ? next : nil }
            guard status.st_mode & S_IFMT == S_IFLNK else {
                current = next
                continue
            }
            links += 1
            guard links <= Self.linkLimit, let target = ProcFS().readLink(here(next)) else { return nil }
            if target.isAbsolute { current = "/" }
            rest += target.components.reversed()
        }
        return current
    }
}
