import Glibc

/// Where a configuration lies, and its text.
package struct ConfigurationFile: Sendable, Hashable {
    /// Absolute.
    package var path: String
    /// All of the file, which is UTF-8.
    package var text: String
    /// Its owner.
    package var userID: UInt32
    /// Its group.
    package var groupID: UInt32

    /// The directory of the file, absolute: relative paths in it begin there.
    package var directory: String {
        path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "/"
    }

    /// Why the file is not read.
    package enum Failure: Error, Sendable, Hashable {
        /// Looked for in this directory and those above it up to the repository's root.
        case notFound(directory: String)
        case unreadable(path: String, errno: Int32)
        /// We are root, and its owner is neither root nor the user who called sudo, or others may write it.
        case untrusted(path: String)
        case notUTF8(path: String, line: Int)
        /// More than 1 MB.
        case tooBig(path: String)
    }

    private static let limit = 1 << 20

    /// `chosen`: what the user named; without it the environment's MIDFLIGHT_CONFIG, then `watch.yaml` or `watch.yml`
    /// in `directory` (absolute) or above it, as far as the root of its repository.
    package init(
        chosen: String?, directory: String, environment: (String) -> String?
    ) throws(Failure) {
        if let named = chosen ?? environment("MIDFLIGHT_CONFIG").flatMap({ $0.isEmpty ? nil : $0 }) {
            try self.init(path: named.hasPrefix("/") ? named : directory + "/" + named, environment)
            return
        }
        var folder = directory
        while true {
            for name in ["watch.yaml", "watch.yml"] where access(folder + "/" + name, F_OK) == 0 {
                try self.init(path: folder + "/" + name, environment)
                return
            }
            guard access(folder + "/.git", F_OK) != 0, let slash = folder.lastIndex(of: "/"), folder.count > 1
            else {
                throw .notFound(directory: directory)
            }
            folder = slash == folder.startIndex ? "/" : String(folder[..<slash])
        }
    }

    private init(path: String, _ environment: (String) -> String?) throws(Failure) {
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else { throw .unreadable(path: path, errno: errno) }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0 else { throw .unreadable(path: path, errno: errno) }
        guard status.st_mode & S_IFMT != S_IFDIR else { throw .unreadable(path: path, errno: EISDIR) }
        let caller = environment("SUDO_UID").flatMap { UInt32($0) }
        if geteuid() == 0, !Self.isTrusted(status, caller: caller) { throw .untrusted(path: path) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65536)
        while bytes.count <= Self.limit {
            let count = read(file, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .unreadable(path: path, errno: errno) }
            if count == 0 { break }
            bytes += chunk[..<count]
        }
        guard bytes.count <= Self.limit else { throw .tooBig(path: path) }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw .notUTF8(path: path, line: Self.firstBadLine(bytes))
        }
        self.path = path
        self.text = text
        userID = status.st_uid
        groupID = status.st_gid
    }

    /// What root runs because of a file must be root's will, or that of who called sudo.
    static func isTrusted(_ status: stat, caller: UInt32?) -> Bool {
        (status.st_uid == 0 || status.st_uid == caller) && status.st_mode & 0o022 == 0
    }

    private static func firstBadLine(_ bytes: [UInt8]) -> Int {
        let lines = bytes.split(separator: 10, omittingEmptySubsequences: false)
        return (lines.firstIndex { String(validating: $0, as: UTF8.self) == nil } ?? 0) + 1
    }
}

extension ConfigurationFile.Failure: CustomStringConvertible {
    /// What happened and what to do about it.
    package var description: String {
        switch self {
        case .notFound(let directory):
            "there is no watch.yaml in \(directory) or above it: write one with `midflight init`, or name it with --config"
        case .unreadable(let path, let errno): "\(path) cannot be read: \(String(cString: strerror(errno)))"
        case .untrusted(let path):
            "\(path) is not read by root, because others can write it: chown it to root or to who calls sudo, and chmod go-w"
        case .notUTF8(let path, let line):
            "\(path):\(line):1: error: this is not UTF-8; save the file as UTF-8"
        case .tooBig(let path): "\(path) is larger than 1 MB: no watch.yaml is"
        }
    }
}
