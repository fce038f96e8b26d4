import Foundation
import Glibc
import TestSupport
import Testing

extension EndToEnd {
    @Suite("The examples")
    struct ExampleTests {
        @Test(
            "have the edit of their README in every worker, with their pids and counts",
            arguments: Example.Kind.allCases)
        func edited(kind: Example.Kind) async throws {
            let example = try await Example(kind)
            let workers = example.descendants
            var counts: [Int32: Int] = [:]
            for _ in 0..<8 {
                let reply = try example.ask()
                counts[reply.pid] = reply.count
            }
            let pid = try #require(example.pid)
            let folder = example.tree.file("example/" + kind.attachment.directory).path
            let tool = try Midflight.start("attach", String(pid), folder, "--json")
            _ = try await tool.output.line("ready") { $0.contains(#""event":"ready""#) }
            try example.save()
            let sync = try await Answer.of("sync", String(pid), "--timeout", "8s", "--json")
            #expect(sync.status == 0, "\(sync)")
            for _ in 0..<8 {
                let reply = try example.ask()
                #expect(reply.text.contains(kind.edit.after))
                #expect(workers.contains(reply.pid))
                #expect(reply.count > counts[reply.pid] ?? 0)
                counts[reply.pid] = reply.count
            }
            tool.send(SIGTERM)
            #expect(try await tool.status() == 0)
        }

        @Test("start and are attached to as their README says", arguments: Example.Kind.allCases)
        func words(kind: Example.Kind) throws {
            let readme = try String(
                contentsOf: Checkout.file("examples/\(kind)/README.md"), encoding: .utf8)
            let attachment = kind.attachment
            #expect(readme.contains("$ \(kind.command.joined(separator: " "))\n"))
            let attach = "$ midflight attach \"$(cat \(attachment.pidfile))\" \(attachment.directory) "
            #expect(readme.contains(attach))
            #expect(readme.contains("](\(kind.edit.file))"))
        }
    }
}
