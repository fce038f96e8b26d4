import Glibc
import Reloader

/// The clients of a running midflight: one line is a request, one line is its answer.
///
/// Never blocks and never trusts: what is no request is answered with a refusal, what is too long is cut off.
final class ControlServer {
    /// Bytes; a request names files, an answer their state.
    private static let longestLine = 1 << 18
    /// Of one user: nobody takes the others' room.
    private static let mostClients = 16

    private let codec: ControlCodec
    private var sockets: [UInt32: Listener] = [:]
    private var clients: [Int32: Client] = [:]
    private var arrivals = 0

    private final class Listener {
        let socket: ControlSocket
        init?(owner: UInt32) {
            guard let made = ControlSocket(owner: owner) else { return nil }
            socket = made
        }
    }

    private struct Client {
        var received: [UInt8] = []
        var user: UInt32
        var arrival: Int
        /// A request of its is being worked on; it is read again after the answer.
        var isBusy = false
    }

    init(codec: ControlCodec) { self.codec = codec }

    deinit { clients.keys.forEach { close($0) } }

    /// Takes requests about processes of this user too.
    func listen(owner: UInt32) {
        if sockets[owner] == nil { sockets[owner] = Listener(owner: owner) }
    }

    /// What to poll.
    var descriptors: [Int32] {
        sockets.values.map { $0.socket.descriptor } + clients.filter { !$0.value.isBusy }.map(\.key)
    }

    struct Arrival {
        var client: Int32
        var user: UInt32
        var request: ControlRequest
    }

    /// Requests that have arrived on `ready` descriptors.
    func requests(_ ready: [Int32]) -> [Arrival] {
        for listener in sockets.values where ready.contains(listener.socket.descriptor) {
            listener.socket.accept().forEach(admit)
        }
        return ready.compactMap { client in
            guard let user = clients[client]?.user, let request = read(client) else { return nil }
            return Arrival(client: client, user: user, request: request)
        }
    }

    func answer(_ client: Int32, _ answer: ControlAnswer) {
        guard clients[client] != nil else { return }
        let line = codec.encode(answer) + [UInt8(ascii: "\n")]
        let flags = Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT)
        let sent = line.withUnsafeBytes { send(client, $0.baseAddress, $0.count, flags) }
        // A reader that leaves its answers lying is not waited for.
        guard sent == line.count else { return drop(client) }
        clients[client]?.isBusy = false
    }

    /// The user's oldest client makes room where he has too many.
    private func admit(_ visitor: ControlSocket.Visitor) {
        let own = clients.filter { $0.value.user == visitor.user }
        if own.count >= Self.mostClients {
            let idle = own.filter { !$0.value.isBusy }
            guard let oldest = idle.min(by: { $0.value.arrival < $1.value.arrival }) else {
                close(visitor.descriptor)
                return
            }
            drop(oldest.key)
        }
        arrivals += 1
        clients[visitor.descriptor] = Client(user: visitor.user, arrival: arrivals)
    }

    private func read(_ client: Int32) -> ControlRequest? {
        var chunk = [UInt8](repeating: 0, count: 16_384)
        let count = recv(client, &chunk, chunk.count, Int32(MSG_DONTWAIT))
        if count < 0, errno == EAGAIN || errno == EINTR { return nil }
        guard count > 0 else {
            drop(client)
            return nil
        }
        clients[client]?.received += chunk[..<count]
        guard let received = clients[client]?.received else { return nil }
        guard let end = received.firstIndex(of: UInt8(ascii: "\n")) else {
            if received.count > Self.longestLine { drop(client) }
            return nil
        }
        // One request at a time: what a client sends before it has its answer is dropped.
        clients[client]?.received = []
        clients[client]?.isBusy = true
        guard let request = codec.decode(Array(received[..<end])) else {
            answer(client, .refused("the request was not understood"))
            return nil
        }
        return request
    }

    private func drop(_ client: Int32) {
        clients[client] = nil
        close(client)
    }
}

/// How requests and answers look on the socket; the executable's form of JSON.
package struct ControlCodec: Sendable {
    /// Nil if the line is no request.
    let decode: @Sendable ([UInt8]) -> ControlRequest?
    /// One line without its end.
    let encode: @Sendable (ControlAnswer) -> [UInt8]

    package init(
        decode: @escaping @Sendable ([UInt8]) -> ControlRequest?,
        encode: @escaping @Sendable (ControlAnswer) -> [UInt8]
    ) {
        self.decode = decode
        self.encode = encode
    }
}
