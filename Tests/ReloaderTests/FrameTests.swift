import Glibc
import Testing

@testable import Reloader

@Suite("Frames")
struct FrameTests {
    private func frame(_ id: UInt32, _ kind: Frame.Kind, _ count: Int = 3) -> Frame {
        Frame(id: id, kind: kind, content: [UInt8](repeating: UInt8(id), count: count))
    }

    @Test("a frame is its length, its request's number, its kind and its content")
    func layout() {
        #expect(Frame(id: 258, kind: .answer, content: [7, 8]).bytes == [2, 0, 0, 0, 2, 1, 0, 0, 3, 7, 8])
        #expect(Frame(id: 1, kind: .end).bytes == [0, 0, 0, 0, 1, 0, 0, 0, 5])
    }

    @Test("frames are read from pieces of any size", arguments: [1, 2, 5, 9, 10, 1000])
    func pieces(size: Int) throws {
        let sent = [frame(1, .taken, 0), frame(1, .event, 300), frame(2, .answer, 17), frame(1, .end, 1)]
        let bytes = sent.flatMap(\.bytes)
        var reader = FrameReader(longest: 300)
        var found: [Frame] = []
        for start in stride(from: 0, to: bytes.count, by: size) {
            reader.append(bytes[start..<min(start + size, bytes.count)])
            while let frame = try reader.next() { found.append(frame) }
        }
        #expect(found == sent)
    }

    @Test(
        "a length beyond the limit and an unknown kind end the stream before anything is allocated for them")
    func nonsense() {
        var reader = FrameReader(longest: 300)
        reader.append(Array("{\"v\":1,\"do\":\"status\"}\n".utf8))
        #expect(throws: FrameReader.Failure.tooLong(0x2276_227b)) { try reader.next() }
        #expect(reader.missing <= 309)
        var other = FrameReader(longest: 300)
        other.append([0, 0, 0, 0, 1, 0, 0, 0, 9])
        #expect(throws: FrameReader.Failure.unknownKind(9)) { try other.next() }
    }

    @Test("events beyond the bound are left out and counted; answers and ends are not")
    func queueBounds() {
        var limits = FrameQueue.Limits()
        (limits.bytes, limits.eventBytes, limits.patience) = (1000, 100, 50)
        var queue = FrameQueue(limits: limits)
        var sent: [Bool] = []
        for _ in 0..<4 { sent.append(queue.add(frame(1, .event, 40), now: 10)) }
        sent.append(queue.add(frame(1, .answer, 500), now: 10))
        sent.append(queue.add(frame(1, .end, 0), now: 10))
        sent.append(queue.add(frame(2, .answer, 500), now: 10))
        #expect(sent == [true, true, true, true, true, true, false])
        let dropped = [queue.takeDropped(of: 1), queue.takeDropped(of: 1)]
        #expect(dropped == [2, 0])
        #expect(queue.waiting == 2 * 49 + 509 + 9)
    }

    @Test("a reader that takes something has its patience anew; one that takes nothing has not")
    func patience() {
        var limits = FrameQueue.Limits()
        limits.patience = 50
        var queue = FrameQueue(limits: limits)
        var deadlines = [queue.deadline]
        func note(_ isRight: Bool) {
            #expect(isRight)
            deadlines.append(queue.deadline)
        }
        note(queue.add(frame(1, .answer, 91), now: 10))
        note(queue.send(now: 30) { _ in 0 } == 0)
        note(queue.send(now: 40) { min($0.count, 60) } == 60)
        note(queue.send(now: 50) { $0.count } == 40)
        note(queue.send(now: 60) { _ in nil } == 0)
        note(queue.add(frame(2, .end, 0), now: 70))
        note(queue.send(now: 80) { _ in nil } == nil)
        #expect(deadlines == [nil, 60, 60, 90, nil, nil, 120, 120])
    }

    @Test(
        "frames wait for whoever asked; those of other requests are dropped, and events beyond the bound counted"
    )
    func inbox() {
        var inbox = FrameInbox(eventLimit: 100)
        inbox.open(1)
        inbox.open(2)
        #expect(!inbox.isTaken(1))
        inbox.add(frame(1, .taken, 0))
        #expect(inbox.isTaken(1) && !inbox.isTaken(2))
        inbox.add(frame(3, .answer))
        for _ in 0..<3 { inbox.add(frame(2, .event, 40)) }
        inbox.add(frame(2, .end))
        inbox.add(frame(1, .answer))
        #expect(inbox.droppedEvents(of: 2) == 1)
        var taken = [inbox.take(3), inbox.take(1), inbox.take(1), inbox.take(2)]
        #expect(taken == [nil, frame(1, .answer), nil, frame(2, .event, 40)])
        inbox.add(frame(2, .event, 60))
        taken = [inbox.take(2), inbox.take(2), inbox.take(2)]
        #expect(taken.map { $0?.kind } == [.event, .end, nil])
        #expect(!inbox.isOpen(2))
    }
}

@Suite("A conversation over descriptors")
struct FrameLinkTests {
    private struct Ends: ~Copyable {
        let ours: Int32
        let theirs: Int32

        init() throws {
            var pair: [Int32] = [0, 0]
            try #require(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &pair) == 0)
            (ours, theirs) = (pair[0], pair[1])
        }

        func say(_ frames: Frame...) {
            let bytes = frames.flatMap(\.bytes)
            #expect(write(theirs, bytes, bytes.count) == bytes.count)
        }

        deinit {
            close(ours)
            close(theirs)
        }
    }

    private var soon: Int64 { Monotonic.now + 5_000_000_000 }

    @Test("several requests are under way at once, and each has its own frames")
    func interleaved() throws {
        let ends = try Ends()
        let link = FrameLink(input: ends.ours, output: ends.ours, isSocket: true)
        let stream = try link.post([1])
        let question = try link.post([2])
        #expect([stream, question] == [1, 2])
        ends.say(
            Frame(id: 1, kind: .taken), Frame(id: 1, kind: .event, content: [5]), Frame(id: 2, kind: .taken),
            Frame(id: 2, kind: .answer, content: [6]), Frame(id: 1, kind: .event, content: [7]),
            Frame(id: 2, kind: .end))
        #expect(try link.next(of: question, by: soon).content == [6])
        #expect(try link.collect(of: stream).map(\.content) == [[5], [7]])
        #expect(try link.next(of: question, by: soon).kind == .end)
        #expect(try link.collect(of: stream).isEmpty)
    }

    @Test("an end that was closed says whether the request had been acknowledged")
    func closed() throws {
        for isTaken in [false, true] {
            let ends = try Ends()
            let link = FrameLink(input: ends.ours, output: ends.ours, isSocket: true)
            let request = try link.post([1])
            if isTaken { ends.say(Frame(id: request, kind: .taken)) }
            shutdown(ends.theirs, Int32(SHUT_RDWR))
            #expect(throws: FrameLink.Failure.closed) { try link.next(of: request, by: soon) }
            #expect(link.isTaken(request) == isTaken)
        }
    }

    @Test("a request and an answer that are larger than the stream's buffers pass each other")
    func large() throws {
        let ends = try Ends()
        let link = FrameLink(input: ends.ours, output: ends.ours, isSocket: true)
        let answer = Frame(id: 1, kind: .answer, content: [UInt8](repeating: 9, count: 3 << 20)).bytes
        #expect(write(ends.theirs, answer, 100) == 100)
        let request = try link.post([UInt8](repeating: 8, count: 1 << 20))
        #expect(throws: FrameLink.Failure.tooSlow) { try link.finishSending(by: Monotonic.now + 20_000_000) }
        var sent = 100
        var received = 0
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        let flags = Int32(MSG_DONTWAIT)
        while sent < answer.count {
            let count = answer[sent...].withUnsafeBytes { send(ends.theirs, $0.baseAddress, $0.count, flags) }
            sent += max(0, count)
            received += max(0, recv(ends.theirs, &chunk, chunk.count, flags))
            #expect(try link.collect(of: request).allSatisfy { $0.content.count == 3 << 20 })
        }
        while received < (1 << 20) + Frame.headerSize {
            received += max(0, recv(ends.theirs, &chunk, chunk.count, flags))
            _ = try link.collect(of: request)
        }
        #expect(received == (1 << 20) + Frame.headerSize)
    }

    @Test("nothing by the deadline, and bytes that are no frames")
    func failures() throws {
        let ends = try Ends()
        let link = FrameLink(input: ends.ours, output: ends.ours, isSocket: true)
        let request = try link.post([1])
        #expect(throws: FrameLink.Failure.tooSlow) { try link.next(of: request, by: Monotonic.now) }
        ends.say(Frame(id: request, kind: .taken))
        let line = Array("Traceback (most recent call last):\n".utf8)
        #expect(write(ends.theirs, line, line.count) == line.count)
        #expect(throws: FrameLink.Failure.malformed) { try link.next(of: request, by: soon) }
    }
}
