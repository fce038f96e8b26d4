import Foundation
import Glibc
import TestSupport
import Testing

extension EndToEnd {
    @Suite("midflight demo and midflight skills")
    struct DemoTests {
        @Test(
            "the demo holds with the oldest and the newest Python, and leaves nothing",
            arguments: Interpreter.ends)
        func holds(interpreter: Interpreter) async throws {
            let tree = try TemporaryTree()
            let tool = try Midflight.start(
                "demo", "--python", interpreter.path, environment: ["TMPDIR": tree.root.path], in: tree.root)
            #expect(
                try await tool.status() == 0, "\(tool.output.text) \(tool.errors.text)")
            #expect(tool.output.text.contains("Everything held: four saves, one process, no restart."))
            #expect(try FileManager.default.contentsOfDirectory(atPath: tree.root.path).isEmpty)
        }

        @Test("it is ended in the middle: the shop ends, and nothing is left")
        func ended() async throws {
            let tree = try TemporaryTree()
            let tool = try Midflight.start("demo", environment: ["TMPDIR": tree.root.path], in: tree.root)
            let line = try await tool.output.line("the shop") { $0.contains("  pid ") }
            let pid = try #require(line.firstMatch(of: /pid (\d+)/).flatMap { Int32($0.1) })
            tool.send(SIGTERM)
            #expect(try await tool.status() == 143)
            #expect(try FileManager.default.contentsOfDirectory(atPath: tree.root.path).isEmpty)
            #expect(kill(pid, 0) == -1 && errno == ESRCH)
        }

        @Test("without a Python, or a place to write, it says so and leaves nothing")
        func refused() async throws {
            let tree = try TemporaryTree()
            let none = try Midflight.start(
                "demo", "--python", "python-that-is-not-there", environment: ["TMPDIR": tree.root.path])
            #expect(try await none.status() == 1)
            #expect(none.errors.text.contains("install Python 3, or name one with --python"))
            let nowhere = try Midflight.start("demo", environment: ["TMPDIR": tree.file("missing").path])
            #expect(try await nowhere.status() == 1)
            #expect(nowhere.errors.text.contains("set TMPDIR to a directory that can be"))
            #expect(try FileManager.default.contentsOfDirectory(atPath: tree.root.path).isEmpty)
        }

        @Test("a full disk: it says so and leaves nothing", .enabled(if: geteuid() == 0, "only root mounts"))
        func full() async throws {
            let tree = try TemporaryTree()
            let script =
                #"mount -t tmpfs -o size=8k none "$0" && TMPDIR="$0" "$1" demo; echo "status $?"; ls -A "$0" | wc -l"#
            let tool = try Program([
                "/usr/bin/unshare", "--mount", "/bin/sh", "-c", script, tree.root.path, Checkout.binary.path,
            ])
            #expect(try await tool.status() == 0)
            #expect(tool.output.lines.map { $0.trimmingCharacters(in: .whitespaces) } == ["status 1", "0"])
            #expect(tool.errors.text.contains("No space left on device"))
        }

        @Test("a skill is written, written again, and never over a file of somebody else")
        func skills() async throws {
            let tree = try TemporaryTree()
            let folder = tree.file("agent/skills").path
            for _ in 0..<2 { #expect(try await Answer.of("skills", "install", folder).status == 0) }
            let text = try tree.read("agent/skills/midflight/SKILL.md")
            #expect(text.hasPrefix("---\nname: midflight\ndescription: "))
            #expect(text.hasSuffix(try String(contentsOf: Checkout.file("AGENTS.md"), encoding: .utf8)))
            try tree.write("mine", to: "agent/skills/midflight/SKILL.md")
            #expect(try await Answer.of("skills", "install", folder).status == 1)
            #expect(try tree.read("agent/skills/midflight/SKILL.md") == "mine")
        }
    }
}
