import Glibc
import SystemPackage

/// Whether git is changing the files of a project: it holds `index.lock` from before the first file that it writes
/// until after the last one (unpack_trees in git's sources: switch, pull, stash, rebase and reset all use it).
struct GitLock {
    /// Seconds after which a lock says nothing any more: a git that was killed has left it, or `git commit -a` waits
    /// for its user's editor.
    static let patience = 5

    /// One `index.lock` for each repository that a root lies in; empty outside of git.
    private let locks: [String]

    /// `roots`: of a service.
    init(roots: [FilePath]) {
        locks = Set(roots.compactMap(Self.repository)).map { $0.appending("index.lock").string }
    }

    /// `now`: seconds since 1970.
    func isHeld(now: Int = time(nil)) -> Bool {
        locks.contains { path in
            var status = stat()
            return stat(path, &status) == 0 && now - status.st_ctim.tv_sec < Self.patience
        }
    }

    /// The directory of git's own files for a root: of the nearest repository above it. A worktree has a file that
    /// names it (gitrepository-layout(5)).
    private static func repository(of root: FilePath) -> FilePath? {
        var directory = root
        while true {
            let place = directory.appending(".git")
            var status = stat()
            if stat(place.string, &status) == 0 {
                guard status.st_mode & S_IFMT == S_IFREG else { return place }
                // A file that cannot be read names nothing.
                let text = (try? SourceReader.read(place, limit: 4096)).map {
                    String(decoding: $0, as: UTF8.self)
                }
                let name = text.flatMap { $0.hasPrefix("gitdir: ") ? $0.dropFirst(8) : nil }
                let line = name?.split(separator: "\n").first.map(String.init)
                return line.map { directory.pushing(FilePath($0)) }
            }
            guard directory.removeLastComponent() else { return nil }
        }
    }
}
