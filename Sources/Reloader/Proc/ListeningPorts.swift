import CLinuxShims
import Glibc
import SystemPackage

/// Which process listens on which TCP port: /proc/PID/net/tcp and tcp6 name socket inodes, /proc/PID/fd holds them.
package struct ListeningPorts: Sendable {
    let portsByInode: [String: UInt16]

    private static let listening: Substring = "0A"

    /// The ports of our own network namespace: from the kernel's list of listeners, else by the tables of /proc.
    package init(procFS: ProcFS) {
        if let listed = Self.listed() {
            self.init(portsByInode: listed)
        } else {
            let tables = ["net/tcp", "net/tcp6"].map { (try? procFS.text(getpid(), $0)) ?? "" }
            self.init(tables: tables)
        }
    }

    private init(portsByInode: [String: UInt16]) { self.portsByInode = portsByInode }

    /// Nil where the kernel does not give the list, as with a filter of system calls.
    static func listed() -> [String: UInt16]? {
        let capacity = 4096
        var count = 0
        let found = [midflight_listener](unsafeUninitializedCapacity: capacity) { buffer, initialized in
            count = midflight_listening_sockets(buffer.baseAddress, capacity)
            initialized = max(0, count)
        }
        guard count >= 0 else { return nil }
        return Dictionary(found.map { (String($0.inode), $0.port) }) { first, _ in first }
    }

    /// `tables`: texts of /proc/net/tcp and tcp6.
    package init(tables: [String]) {
        var ports: [String: UInt16] = [:]
        for line in tables.flatMap({ $0.split(separator: "\n").dropFirst() }) {
            let fields = line.split(separator: " ")
            guard fields.count > 9, fields[3] == Self.listening, let colon = fields[1].lastIndex(of: ":"),
                let port = UInt16(fields[1][fields[1].index(after: colon)...], radix: 16)
            else { continue }
            ports[String(fields[9])] = port
        }
        portsByInode = ports
    }

    /// Ascending, each once; empty where the descriptors of `pid` may not be read.
    package func ports(of pid: Int32, procFS: ProcFS) -> [UInt16] {
        if portsByInode.isEmpty { return [] }
        let found = procFS.descriptors(pid).compactMap { number -> UInt16? in
            guard let link = procFS.link(pid, "fd/\(number)")?.string, link.hasPrefix("socket:[") else {
                return nil
            }
            return portsByInode[String(link.dropFirst(8).dropLast())]
        }
        return Set(found).sorted()
    }
}
