import Glibc

/// `/tmp/midflight-UID`: where locks and control sockets of a user's processes lie, so that root and he meet there.
package struct ControlDirectory: Sendable {
    /// Absolute: `/tmp/midflight-UID`.
    package let path: String
    /// The user whose processes are controlled from here.
    package let owner: UInt32

    /// Makes nothing yet. `parent`: absolute; a test has its own.
    package init(owner: UInt32, parent: String = "/tmp") {
        path = "\(parent)/midflight-\(owner)"
        self.owner = owner
    }

    /// Makes it where it is missing. False unless it is a directory of its owner's that nobody else can enter.
    package func prepare() -> Bool {
        if mkdir(path, 0o700) == 0, geteuid() == 0 { lchown(path, owner, .max) }
        return isSafe
    }

    /// Whether it is a directory of its owner's that nobody else can enter.
    package var isSafe: Bool {
        var status = stat()
        return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR && status.st_uid == owner
            && status.st_mode & 0o077 == 0
    }

    /// Locks and sockets are named by a pid and its start time.
    package func file(pid: Int32, startTime: UInt64, _ kind: Kind) -> String {
        "\(path)/\(pid)-\(startTime).\(kind.rawValue)"
    }

    /// What a file in it is.
    package enum Kind: String, Sendable, CaseIterable {
        /// Of a controlled process.
        case lock
        /// Of a midflight that listens.
        case sock
    }

    /// Removes what killed midflights left of processes that are gone.
    package func sweep(procFS: ProcFS) {
        for entry in entries() where (try? procFS.stat(entry.pid))?.startTime != entry.startTime {
            unlink(file(pid: entry.pid, startTime: entry.startTime, entry.kind))
        }
    }

    /// A file of a midflight that controls a process, as its name says.
    package struct Entry: Sendable, Hashable {
        /// The process that is controlled.
        package var pid: Int32
        /// When it began, in clock ticks since boot: a later process with this pid is another one.
        package var startTime: UInt64
        /// Socket or lock.
        package var kind: Kind
    }

    /// The files that are there now; those with other names are left out.
    package func entries() -> [Entry] {
        ProcFS.names(in: path).compactMap { name in
            let parts = name.split(whereSeparator: { $0 == "-" || $0 == "." })
            guard parts.count == 3, let pid = Int32(parts[0]), let start = UInt64(parts[1]),
                let kind = Kind(rawValue: String(parts[2]))
            else { return nil }
            return Entry(pid: pid, startTime: start, kind: kind)
        }
    }
}
