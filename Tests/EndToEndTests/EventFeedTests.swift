import Glibc
import Reloader
import Testing

@testable import midflight

@Suite("What another midflight tells")
struct EventFeedTests {
    @Test("events that were left out there are told here, and are no events themselves")
    func leftOut() throws {
        var pair: [Int32] = [0, 0]
        let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        try #require(socketpair(AF_UNIX, type, 0, &pair) == 0)
        defer { close(pair[1]) }
        let link = FrameLink(input: pair[0], output: pair[0], isSocket: true)
        let request = try link.post([1])
        let feed = EventFeed(socket: pair[0], link: link, request: request, holder: 77)
        var warnings: [String] = []
        feed.warn = { warnings.append($0) }
        for content in [#"{"v":1,"event":"reload"}"#, #"{"v":1,"event":"left_out","count":3}"#] {
            let frame = Frame(id: request, kind: .event, content: Array(content.utf8)).bytes
            #expect(write(pair[1], frame, frame.count) == frame.count)
        }
        #expect(feed.take()?.map { $0.compactMap { $0["event"]?.text } } == [["reload"]])
        #expect(
            warnings == ["3 events of midflight 77 came faster than they were read: saves may be missing"])
        #expect(feed.take()?.isEmpty == true && warnings.count == 1)
    }
}
