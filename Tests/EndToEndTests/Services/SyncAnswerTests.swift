import Foundation
import Glibc
import TestSupport
import Testing

extension EndToEnd {
    @Suite("A sync's answer")
    struct SyncAnswerTests {
        @Test("is about what is read once, however many processes run the file and whatever is said of it")
        func once() async throws {
            let source = "def answer():\n    return 1\n"
            let flock = try await Flock(.usual, children: 3, library: source)
            let tool = try Midflight.start("attach", String(flock.pid), "--json")
            _ = try await tool.output.line("ready") { $0.contains(#""event":"ready","processes":4"#) }
            let events = inotify_init1(Int32(bitPattern: UInt32(O_CLOEXEC | O_NONBLOCK)))
            defer { close(events) }
            // Two equal events in a row would be one (inotify(7)): the end of each reading parts them.
            let mask = UInt32(IN_OPEN | IN_CLOSE_NOWRITE)
            #expect(inotify_add_watch(events, flock.library.path, mask) >= 0)
            #expect(try await Answer.of("sync", String(flock.pid)).status == 0)
            // Without a name every event has the size of its head.
            var bytes = [UInt8](repeating: 0, count: 4096)
            let count = max(0, read(events, &bytes, bytes.count)) / MemoryLayout<inotify_event>.size / 2
            #expect(count == 1, "opened \(count) times for 4 processes")
        }

        @Test("comes, and is yes, when most definitions of a file have other names")
        func renamed() async throws {
            func source(_ prefix: String, _ value: Int) -> String {
                let helpers = (0..<4).map { "def \(prefix)\($0)():\n    return \(value)\n" }
                return helpers.joined(separator: "\n")
                    + "\ndef answer():\n    return \(prefix)0() + \(prefix)3()\n"
            }
            let flock = try await Flock(.usual, children: 1, library: source("old", 1))
            let tool = try Midflight.start("attach", String(flock.pid), "--json")
            _ = try await tool.output.line("ready") { $0.contains(#""event":"ready""#) }
            try flock.save(source("new", 2), style: .renamedOver)
            let answer = try await Answer.of("sync", String(flock.pid), "--json", "--timeout", "10s")
            #expect(answer.status == 0, "\(answer)")
            try await flock.waitForAnswer("4", from: 2)
        }
    }
}
