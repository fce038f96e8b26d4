import Glibc
package import Reloader
package import SystemPackage

/// From the paths that a process uses to those under which we read and watch the same files.
package struct ProcessPaths: Sendable {
    /// Where a file of a process is for us.
    struct Location {
        /// Absolute, without links where that can be told.
        var path: FilePath
        /// The user says that it is the process's file; the process itself reads another one.
        var isCopy = false
    }

    /// The file tree that the process sees.
    package let root: ProcessRoot
    /// Of several that fit, the longest counts.
    private let mappings: [PathMapping]
    /// As of the attach; nil for a process in our own file tree.
    private let mounts: (there: MountInfo, here: MountInfo)?

    /// `mappings`: what its user says of directories that no mount tells of.
    package init(pid: Int32, mappings: [PathMapping] = []) {
        root = ProcessRoot(pid: pid)
        self.mappings = mappings
        mounts = root.isForeign ? (MountInfo(pid: pid), MountInfo(pid: getpid())) : nil
    }

    /// Every path is what it is here.
    var isPlain: Bool { !root.isForeign && mappings.isEmpty }

    /// `path`: absolute, as the process spells it. A mapping decides; else what is mounted here too is reached there,
    /// and everything else through the root directory of the process.
    func location(of path: FilePath) -> Location {
        if let mapped = mapped(path) { return mapped }
        guard root.isForeign else { return Location(path: Self.real(path)) }
        let there = root.resolved(path) ?? path.lexicallyNormalized()
        if let mapped = mapped(there) { return mapped }
        return Location(path: mountedHere(there) ?? root.here(there))
    }

    /// nil if no mapping names a directory above the path.
    private func mapped(_ path: FilePath) -> Location? {
        let above = mappings.filter { path.starts(with: $0.process) }
        guard let mapping = above.max(by: { $0.process.components.count < $1.process.components.count })
        else { return nil }
        let below = path.components.dropFirst(mapping.process.components.count)
        let local = Self.real(mapping.local.pushing(FilePath(root: nil, below)))
        return Location(path: local, isCopy: !Self.isSame(local, root.here(path)))
    }

    /// The last mount of ours that shows the same inode; nil if none does.
    private func mountedHere(_ there: FilePath) -> FilePath? {
        guard let mounts, let origin = mounts.there.origin(of: there), !origin.isStale else { return nil }
        let reached = root.here(there)
        return mounts.here.paths(to: origin.path, on: origin.device).last { Self.isSame($0, reached) }
    }

    /// `path` here without symbolic links, those below the root of the process followed as it would.
    package func resolved(_ path: FilePath) -> FilePath {
        guard root.isForeign, let there = root.there(path) else { return Self.real(path) }
        return root.here(root.resolved(there) ?? there)
    }

    /// The file was mounted into the process's tree alone, and its name leads to another file by now: the process keeps
    /// the old one until it is mounted again. `path`: absolute, as the process spells it.
    func isStale(_ path: FilePath) -> Bool {
        guard root.isForeign, let there = root.resolved(path) else { return false }
        return MountInfo(pid: root.pid).origin(of: there)?.isStale == true
    }

    /// Without symbolic links, followed in our tree.
    private static func real(_ path: FilePath) -> FilePath { ModuleFile.resolved(path) }

    /// Same device and inode; false if one of the two is missing.
    private static func isSame(_ one: FilePath, _ other: FilePath) -> Bool {
        var first = stat()
        var second = stat()
        return stat(one.string, &first) == 0 && stat(other.string, &second) == 0
            && first.st_dev == second.st_dev && first.st_ino == second.st_ino
    }
}
