import Glibc
import Reloader
import Testing

@testable import Reconciler

@Suite("The control socket's clients")
struct ControlServerTests {
    /// A client on a socket pair, and the server that has the other end.
    private final class Case {
        let server: ControlServer
        private(set) var client: Int32 = -1
        var reader = FrameReader(longest: 256 << 20)

        init(limits: FrameQueue.Limits = FrameQueue.Limits()) throws {
            let codec = ControlCodec(
                decode: { $0 == [1] ? ControlRequest(pid: nil, action: .status) : nil },
                encode: { answer in
                    if case .refused(let text) = answer { return Array(text.utf8) }
                    return [UInt8](repeating: 7, count: 5 << 20)
                },
                event: { _, _ in [] }, leftOut: { Array("left out: \($0)".utf8) })
            server = ControlServer(codec: codec, limits: limits)
            client = try connect()
        }

        func connect() throws -> Int32 {
            var pair: [Int32] = [0, 0]
            // Programs that other tests start must not inherit it: an end that they hold is not closed.
            let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
            try #require(socketpair(AF_UNIX, type, 0, &pair) == 0)
            server.admit(ControlSocket.Visitor(descriptor: pair[1], user: getuid()))
            return pair[0]
        }

        func say(_ bytes: [UInt8]) { #expect(write(client, bytes, bytes.count) == bytes.count) }

        func ask(_ id: UInt32, _ content: [UInt8] = [1]) {
            say(Frame(id: id, kind: .request, content: content).bytes)
        }

        /// What the server's loop does in one turn.
        func turn() -> [ControlServer.Arrival] {
            var polled = server.interests
            guard poll(&polled, nfds_t(polled.count), 0) > 0 else { return [] }
            return server.requests(polled.filter { $0.revents != 0 }.map(\.fd))
        }

        /// Reads up to `count` bytes that are there; nil once the server has let go of us.
        func read(_ count: Int = 1 << 20) -> [UInt8]? {
            var chunk = [UInt8](repeating: 0, count: count)
            let got = recv(client, &chunk, count, Int32(MSG_DONTWAIT))
            // With bytes of ours unread it resets the connection.
            let isOver = got == 0 || (got < 0 && errno == ECONNRESET)
            return isOver ? nil : Array(chunk.prefix(max(0, got)))
        }

        func frames() throws -> [Frame] {
            while let bytes = read(), !bytes.isEmpty { reader.append(bytes) }
            var frames: [Frame] = []
            while let frame = try reader.next() { frames.append(frame) }
            return frames
        }

        deinit { close(client) }
    }

    @Test("an answer that is larger than the socket's buffer arrives whole, as the client reads")
    func large() throws {
        let test = try Case()
        test.ask(1)
        let arrival = try #require(test.turn().first)
        test.server.answer(arrival.client, .done)
        #expect(test.server.deadline != nil)
        var frames: [Frame] = []
        var turns = 0
        while frames.last?.kind != .end, turns < 10_000 {
            frames += try test.frames()
            _ = test.turn()
            turns += 1
        }
        #expect(frames.map(\.kind) == [.taken, .answer, .end])
        #expect(frames[1].content.count == 5 << 20)
        #expect(test.server.deadline == nil)
    }

    @Test("a client that leaves its answer lying is let go after its patience, and not before")
    func patience() throws {
        let test = try Case()
        test.ask(1)
        test.server.answer(try #require(test.turn().first).client, .done)
        let deadline = try #require(test.server.deadline)
        test.server.expire(now: deadline - 1)
        #expect(test.server.interests.count == 1)
        test.server.expire(now: deadline)
        #expect(test.server.interests.isEmpty)
    }

    @Test("an answer beyond all bounds is refused in its place")
    func tooLarge() throws {
        var limits = FrameQueue.Limits()
        limits.bytes = 4 << 20
        let test = try Case(limits: limits)
        test.ask(1)
        test.server.answer(try #require(test.turn().first).client, .done)
        let frames = try test.frames()
        #expect(frames.map(\.kind) == [.taken, .answer, .end])
        #expect(String(decoding: frames[1].content, as: UTF8.self) == "the answer is too large: 5 MiB")
    }

    @Test("requests that come together are all acknowledged, and answered in any order")
    func several() throws {
        let test = try Case()
        test.say(
            Frame(id: 1, kind: .request, content: [1]).bytes
                + Frame(id: 2, kind: .request, content: [1]).bytes)
        let arrivals = test.turn()
        #expect(arrivals.map(\.client.request) == [1, 2])
        #expect(try test.frames().map(\.kind) == [.taken, .taken])
        test.server.answer(arrivals[1].client, .refused("no"))
        test.server.answer(arrivals[0].client, .refused("no"))
        #expect(try test.frames().map(\.id) == [2, 2, 1, 1])
    }

    @Test("events are left out while the client does not read, and it is told how many")
    func stream() throws {
        var limits = FrameQueue.Limits()
        limits.eventBytes = 1000
        let test = try Case(limits: limits)
        test.ask(1)
        let caller = try #require(test.turn().first).client
        let event = [UInt8](repeating: 3, count: 900)
        for _ in 0..<10_000 where !test.server.tell(caller, event) { Issue.record("the client is there") }
        var frames = try test.frames().filter { $0.kind == .event }
        #expect(frames.allSatisfy { $0.content == event }, "nothing is told before all is read")
        while case let more = (test.turn(), try test.frames()).1, !more.isEmpty { frames += more }
        let told = frames.filter { $0.content != event }.map { String(decoding: $0.content, as: UTF8.self) }
        let dropped = 10_000 - frames.count + told.count
        #expect(dropped > 0 && dropped < 10_000)
        #expect(told == ["left out: \(dropped)"])
        #expect(test.server.tell(caller, event))
        #expect(try test.frames().map(\.content) == [event], "told once")
        shutdown(test.client, Int32(SHUT_RDWR))
        _ = test.turn()
        #expect(!test.server.tell(caller, event))
        #expect(!test.server.isOpen(caller))
    }

    @Test("what is no request, and too many at once, are refused; what is no frame ends the connection")
    func nonsense() throws {
        let test = try Case()
        test.ask(1, [2])
        #expect(test.turn().isEmpty)
        #expect(try test.frames().map(\.kind) == [.taken, .answer, .end])
        for id in 2..<30 { test.ask(UInt32(id)) }
        let arrivals = test.turn()
        #expect(arrivals.count == ControlPeer.mostRequests)
        let client = try #require(arrivals.first).client
        #expect(test.server.isOpen(client))
        #expect(try test.frames().count { $0.kind == .answer } == 28 - ControlPeer.mostRequests)
        test.say(Array("{\"v\":1,\"do\":\"status\"}\n".utf8))
        #expect(test.turn().isEmpty)
        // Asked of the server: a child between fork and exec, of another test, may share the descriptor still.
        #expect(!test.server.isOpen(client))
    }

    @Test("a late answer never reaches a client that came after the one that asked")
    func numbers() throws {
        let test = try Case()
        test.ask(1)
        let late = try #require(test.turn().first).client
        shutdown(test.client, Int32(SHUT_RDWR))
        _ = test.turn()
        let other = try test.connect()
        defer { close(other) }
        let request = Frame(id: 1, kind: .request, content: [1]).bytes
        #expect(write(other, request, request.count) == request.count)
        _ = test.turn()
        test.server.answer(late, .refused("for somebody else"))
        var bytes = [UInt8](repeating: 0, count: 100)
        #expect(recv(other, &bytes, bytes.count, Int32(MSG_DONTWAIT)) == Frame.headerSize)
        #expect(bytes[8] == Frame.Kind.taken.rawValue)
    }
}
