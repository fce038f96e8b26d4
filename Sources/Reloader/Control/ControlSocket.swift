import CLinuxShims
import Glibc

/// A stream socket below `ControlDirectory`, where a running midflight takes requests of the directory's owner and
/// root.
package struct ControlSocket: ~Copyable {
    /// Listens; readable when somebody calls. It is closed when the value ends.
    package let descriptor: Int32
    private let path: String
    private let owner: UInt32
    private static let backlog = 16

    /// Nil if the directory is not safe or no socket can be made in it: midflight works without.
    package init?(owner: UInt32, procFS: ProcFS = ProcFS(), parent: String = "/tmp") {
        let directory = ControlDirectory(owner: owner, parent: parent)
        guard directory.prepare(), let start = (try? procFS.stat(getpid()))?.startTime else { return nil }
        directory.sweep(procFS: procFS)
        let path = directory.file(pid: getpid(), startTime: start, .sock)
        let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
        let made = socket(AF_UNIX, type, 0)
        guard made >= 0 else { return nil }
        unlink(path)
        guard Self.withAddress(path, { bind(made, $0, $1) }) == 0,
            midflight_give_socket(path, geteuid() == 0 ? owner : geteuid()) == 0,
            listen(made, Int32(Self.backlog)) == 0
        else {
            close(made)
            return nil
        }
        descriptor = made
        self.path = path
        self.owner = owner
    }

    deinit {
        unlink(path)
        close(descriptor)
    }

    /// Somebody who has connected, and who he is.
    package struct Visitor: Sendable {
        /// The connection; the one who takes the visitor closes it.
        package let descriptor: Int32
        /// The user who called connect(2), as the kernel says (SO_PEERCRED).
        package let user: UInt32

        /// Makes a visitor of a connection that the kernel has vouched for.
        package init(descriptor: Int32, user: UInt32) {
            self.descriptor = descriptor
            self.user = user
        }
    }

    /// Those who wait, as many as there can be at once. One of a user who has no business here is closed at once.
    package func accept() -> [Visitor] {
        var visitors: [Visitor] = []
        for _ in 0..<Self.backlog {
            let client = Int32(midflight_accept(descriptor))
            guard client >= 0 else { break }
            if let user = Self.peer(of: client), user == 0 || user == owner {
                visitors.append(Visitor(descriptor: client, user: user))
            } else {
                close(client)
            }
        }
        return visitors
    }

    /// A connection to the midflight `holder`; nil if it does not listen there.
    package static func connect(
        to holder: Int32, owner: UInt32, procFS: ProcFS = ProcFS(), parent: String = "/tmp"
    ) -> Int32? {
        let directory = ControlDirectory(owner: owner, parent: parent)
        guard directory.isSafe, let start = (try? procFS.stat(holder))?.startTime else { return nil }
        let path = directory.file(pid: holder, startTime: start, .sock)
        var status = stat()
        guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFSOCK else { return nil }
        let made = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard made >= 0 else { return nil }
        // Who answers must be the directory's owner, root, or whom we would trust with our own processes.
        guard withAddress(path, { Glibc.connect(made, $0, $1) }) == 0, let user = peer(of: made),
            user == 0 || user == owner || user == geteuid()
        else {
            close(made)
            return nil
        }
        return made
    }

    private static func peer(of socket: Int32) -> UInt32? {
        UInt32(exactly: midflight_peer_user(socket))
    }

    private static func withAddress(_ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32)
        -> Int32
    {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else { return -1 }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }
}
