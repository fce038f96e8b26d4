package import SystemPackage

/// What a process has mounted where, and which part of its file system: /proc/PID/mountinfo (proc_pid_mountinfo(5)).
package struct MountInfo: Sendable {
    /// One line of /proc/PID/mountinfo.
    package struct Mount: Sendable, Hashable {
        /// `MAJOR:MINOR`.
        var device: String
        /// The mounted directory or file, within its file system.
        var root: FilePath
        /// Where it is mounted.
        var point: FilePath
        /// The mounted file has been replaced under its name since: others see another one.
        var isStale: Bool
    }

    /// Appended by the kernel to the name of an inode that has none any more.
    private static let deleted = "//deleted"

    /// In the order of mounting.
    let mounts: [Mount]

    /// Reads the mounts that the process sees; none if it has ended.
    package init(pid: Int32, procFS: ProcFS = ProcFS()) {
        self.init(text: (try? procFS.text(pid, "mountinfo")) ?? "")
    }

    /// Lines that do not parse are left out.
    init(text: String) {
        mounts = text.split(separator: "\n").compactMap { line in
            let fields = line.split(separator: " ")
            guard fields.count > 5 else { return nil }
            let root = Self.unescaped(fields[3])
            let isStale = root.hasSuffix(Self.deleted)
            return Mount(
                device: String(fields[2]),
                root: FilePath(isStale ? String(root.dropLast(Self.deleted.count)) : root),
                point: FilePath(Self.unescaped(fields[4])), isStale: isStale)
        }
    }

    /// Where `path` (absolute, no links) lies in which file system.
    package func origin(of path: FilePath) -> (device: String, path: FilePath, isStale: Bool)? {
        let above = mounts.filter { path.starts(with: $0.point) }
        guard let depth = above.map(\.point.components.count).max(),
            // The last one mounted on a point hides those before it.
            let mount = above.last(where: { $0.point.components.count == depth })
        else { return nil }
        let below = path.components.dropFirst(depth)
        return (mount.device, mount.root.pushing(FilePath(root: nil, below)), mount.isStale)
    }

    /// The paths, some perhaps hidden by other mounts, that lead to `path` of the file system `device`.
    package func paths(to path: FilePath, on device: String) -> [FilePath] {
        mounts.filter { $0.device == device && !$0.isStale && path.starts(with: $0.root) }.map { mount in
            let below = path.components.dropFirst(mount.root.components.count)
            return mount.point.pushing(FilePath(root: nil, below))
        }
    }

    /// Blank, tab, newline and backslash are written as three octal digits.
    private static func unescaped(_ field: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = Array(field.utf8)[...]
        while let first = rest.popFirst() {
            let digits = rest.prefix(3)
            if first == UInt8(ascii: "\\"), digits.count == 3,
                let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 8)
            {
                bytes.append(value)
                rest = rest.dropFirst(3)
            } else {
                bytes.append(first)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
