import Glibc
import Reloader

/// The clients of a running midflight: frames with a request or an answer as JSON (docs/protocols.md).
///
/// Never blocks and never trusts: what is no request is answered with a refusal, what is too long is cut off, and an
/// answer of any size waits until its reader takes it, for as long as it takes something.
final class ControlServer {
    /// Bytes; a request names files.
    private static let longestRequest = 1 << 18
    /// Of one user: nobody takes the others' room.
    private static let mostClients = 16

    /// Reads requests and writes answers.
    private let codec: ControlCodec
    /// What one client may leave unread, in bytes and in time.
    private let limits: FrameQueue.Limits
    /// By the user whose processes they are for.
    private var sockets: [UInt32: Listener] = [:]
    /// In the order of their numbers, which are never used again.
    private var clients: [Int: ControlPeer] = [:]
    /// Clients that there have ever been: the number of the last one.
    private var arrivals = 0

    /// A class, because a dictionary holds no value that cannot be copied.
    private final class Listener {
        let socket: ControlSocket
        /// nil if the directory for sockets is not safe, or no socket can be made in it: nobody steers these
        /// processes then.
        init?(owner: UInt32) {
            guard let made = ControlSocket(owner: owner) else { return nil }
            socket = made
        }
    }

    /// Listens for nobody yet. `limits`: what a client may leave unread.
    init(codec: ControlCodec, limits: FrameQueue.Limits = FrameQueue.Limits()) {
        self.codec = codec
        self.limits = limits
    }

    deinit { clients.values.forEach { close($0.descriptor) } }

    /// Takes requests about processes of this user too.
    func listen(owner: UInt32) {
        if sockets[owner] == nil { sockets[owner] = Listener(owner: owner) }
    }

    /// What to poll, and for what.
    var interests: [pollfd] {
        sockets.values.map { pollfd(fd: $0.socket.descriptor, events: Int16(POLLIN), revents: 0) }
            + clients.values.map(\.interest)
    }

    /// CLOCK_MONOTONIC in nanoseconds: when `expire` has to look for clients that do not read.
    var deadline: Int64? { clients.values.compactMap(\.deadline).min() }

    /// A request that has arrived.
    struct Arrival {
        /// Whom the answer goes to.
        var client: ControlPeer.Caller
        /// Who asks, as the kernel says (SO_PEERCRED, unix(7)); never what the client says of itself.
        var user: UInt32
        var request: ControlRequest
    }

    /// Requests that have arrived on `ready` descriptors; what waits for those that can be written to is sent.
    func requests(_ ready: [Int32]) -> [Arrival] {
        for listener in sockets.values where ready.contains(listener.socket.descriptor) {
            listener.socket.accept().forEach(admit)
        }
        let speaking = clients.filter { ready.contains($0.value.descriptor) }.map(\.key).sorted()
        return speaking.flatMap(read)
    }

    /// The answer and end of a request.
    func answer(_ caller: ControlPeer.Caller, _ answer: ControlAnswer) {
        var content = codec.encode(answer)
        if content.count > limits.bytes / 2 {
            content = codec.encode(.refused("the answer is too large: \(content.count >> 20) MiB"))
        }
        send(caller, .answer, content)
        send(caller, .end, [])
    }

    /// The answer to a request that stays open for events.
    func begin(_ caller: ControlPeer.Caller, _ answer: ControlAnswer) {
        send(caller, .answer, codec.encode(answer))
    }

    /// Nothing more follows for a request that was begun.
    func end(_ caller: ControlPeer.Caller) { send(caller, .end, []) }

    /// An event of a service, whose name in watch.yaml is given; false once the client has left.
    func tell(_ caller: ControlPeer.Caller, _ event: SessionEvent, of service: String?) -> Bool {
        let content = codec.event(event, service)
        return content.isEmpty ? isOpen(caller) : tell(caller, content)
    }

    /// An event of a request that stays open; left out and counted if its client does not read. False once the client
    /// has left: nobody waits any more.
    func tell(_ caller: ControlPeer.Caller, _ event: [UInt8]) -> Bool {
        send(caller, .event, event)
        tellLeftOut(caller.client)
        return isOpen(caller)
    }

    /// Once a client has read all that was there: how many events it has missed.
    private func tellLeftOut(_ client: Int) {
        for (request, count) in clients[client]?.takeLeftOut() ?? [] {
            send(ControlPeer.Caller(client: client, request: request), .event, codec.leftOut(count))
        }
    }

    /// Whether somebody still waits for this request.
    func isOpen(_ caller: ControlPeer.Caller) -> Bool {
        clients[caller.client]?.requests.contains(caller.request) ?? false
    }

    /// Lets go of clients that have left their answers lying. `now`: CLOCK_MONOTONIC in nanoseconds.
    func expire(now: Int64) {
        for (client, peer) in clients where peer.deadline.map({ $0 <= now }) ?? false { drop(client) }
    }

    /// The user's oldest client makes room where he has too many.
    func admit(_ visitor: ControlSocket.Visitor) {
        let own = clients.filter { $0.value.user == visitor.user }
        if own.count >= Self.mostClients {
            guard let oldest = own.filter({ $0.value.requests.isEmpty }).map(\.key).min() else {
                close(visitor.descriptor)
                return
            }
            drop(oldest)
        }
        arrivals += 1
        clients[arrivals] = ControlPeer(
            descriptor: visitor.descriptor, user: visitor.user, longest: Self.longestRequest, limits: limits)
    }

    /// The whole requests that a client has sent. One that has left, or speaks otherwise than we do, is
    /// dropped.
    private func read(_ client: Int) -> [Arrival] {
        guard let user = clients[client]?.user, clients[client]?.flush(now: Monotonic.now) == true,
            let frames = clients[client]?.receive()
        else {
            drop(client)
            return []
        }
        tellLeftOut(client)
        return frames.compactMap { frame in
            let caller = ControlPeer.Caller(client: client, request: frame.id)
            guard clients[client]?.take(frame.id, now: Monotonic.now) == true else {
                drop(client)
                return nil
            }
            guard clients[client].map({ $0.requests.count <= ControlPeer.mostRequests }) ?? false else {
                answer(caller, .refused("too many requests at once"))
                return nil
            }
            guard let request = codec.decode(frame.content) else {
                answer(caller, .refused("the request was not understood"))
                return nil
            }
            return Arrival(client: caller, user: user, request: request)
        }
    }

    /// Does nothing where nobody waits for the request any more; drops a client that has left too much
    /// unread.
    private func send(_ caller: ControlPeer.Caller, _ kind: Frame.Kind, _ content: [UInt8]) {
        guard isOpen(caller) else { return }
        let frame = Frame(id: caller.request, kind: kind, content: content)
        if clients[caller.client]?.send(frame, now: Monotonic.now) == false { drop(caller.client) }
    }

    /// Closes the connection; what the client has asked for is answered to nobody.
    private func drop(_ client: Int) {
        guard let peer = clients.removeValue(forKey: client) else { return }
        close(peer.descriptor)
    }
}
