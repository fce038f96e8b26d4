import Glibc
import Testing

@testable import Reloader

@Suite("Ports that are listened on")
struct ListeningPortsTests {
    /// A listening socket of this process; its port.
    private func listener(_ family: Int32) throws -> (descriptor: Int32, port: UInt16) {
        let descriptor = socket(family, Int32(SOCK_STREAM.rawValue), 0)
        try #require(descriptor >= 0)
        #expect(listen(descriptor, 1) == 0)
        var address = sockaddr_in6()  // the port stands at the same place in both families
        var size = socklen_t(MemoryLayout<sockaddr_in6>.size)
        let status = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &size) }
        }
        #expect(status == 0)
        return (descriptor, UInt16(bigEndian: address.sin6_port))
    }

    @Test("are those that the tables of /proc have, of both families")
    func listed() throws {
        var open = [try listener(AF_INET)]
        if let second = try? listener(AF_INET6) { open.append(second) }
        defer { for socket in open { close(socket.descriptor) } }
        let listed = try #require(ListeningPorts.listed())
        let tables = ListeningPorts(
            tables: try ["net/tcp", "net/tcp6"].map { try ProcFS().text(getpid(), $0) })
        let own = Set(open.map(\.port))
        #expect(own.isSubset(of: Set(listed.values)) && own.isSubset(of: Set(tables.portsByInode.values)))
        // Others come and go meanwhile: those that both have agree.
        for (inode, port) in tables.portsByInode { #expect(listed[inode] == nil || listed[inode] == port) }
        let ports = ListeningPorts(procFS: ProcFS()).ports(of: getpid(), procFS: ProcFS())
        #expect(own.isSubset(of: Set(ports)))
    }
}
