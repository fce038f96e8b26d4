import Foundation
import Glibc

/// One answer of a server on 127.0.0.1.
package struct HTTPAnswer: Sendable {
    package let status: Int
    package let body: [UInt8]

    /// GET over HTTP/1.0; blocks until the server closes the connection, thirty seconds at most.
    package static func get(port: UInt16, path: String) throws -> HTTPAnswer {
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard socket >= 0 else { throw TestSupportError.system(call: "socket", errno: errno) }
        defer { close(socket) }
        var limit = timeval(tv_sec: 30, tv_usec: 0)
        setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let connected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard connected == 0 else { throw TestSupportError.system(call: "connect", errno: errno) }
        let request = Array("GET \(path) HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n".utf8)
        guard send(socket, request, request.count, Int32(MSG_NOSIGNAL)) == request.count else {
            throw TestSupportError.system(call: "send", errno: errno)
        }
        return try HTTPAnswer(parsing: readAll(socket))
    }

    private init(parsing bytes: [UInt8]) throws {
        let text = String(decoding: bytes, as: UTF8.self)
        guard let end = text.range(of: "\r\n\r\n"),
            let status = text.split(separator: " ", maxSplits: 2).dropFirst().first.flatMap({ Int($0) })
        else { throw TestSupportError.badAnswer(text) }
        self.status = status
        body = Array(text[end.upperBound...].utf8)
    }

    private static func readAll(_ socket: Int32) throws -> [UInt8] {
        var result: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 16_384)
        while true {
            let count = recv(socket, &chunk, chunk.count, 0)
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw TestSupportError.system(call: "recv", errno: errno) }
            if count == 0 { return result }
            result += chunk[..<count]
        }
    }
}
