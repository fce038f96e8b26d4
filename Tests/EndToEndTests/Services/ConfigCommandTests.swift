import Foundation
import TestSupport
import Testing

extension EndToEnd {
    @Suite("check-config and init")
    struct ConfigCommandTests {
        @Test(
            "a wrong file is told whole, with status 3, and nothing is started",
            arguments: ["check-config", "watch"])
        func wrong(command: String) async throws {
            let tree = try TemporaryTree()
            try tree.write(
                "version: 1\nservices:\n  api:\n    path: .\n    match: {prot: 80}\n    debounse: 1\n",
                to: "watch.yaml")
            let tool = try Midflight.start(command, in: tree.root)
            #expect(try await tool.status() == 3)
            #expect(
                tool.errors.lines == [
                    "watch.yaml:5:13: error: unknown key 'prot'; did you mean 'port'?",
                    "watch.yaml:6:5: error: unknown key 'debounse'", "2 errors; nothing was started.",
                ])
            #expect(tool.output.lines.isEmpty)
        }

        @Test("a directory without one says what to do")
        func none() async throws {
            let tree = try TemporaryTree()
            let tool = try Midflight.start("check-config", in: tree.root)
            #expect(try await tool.status() == 3)
            #expect(tool.errors.text.contains("midflight init"))
        }

        @Test("init writes what runs here, check-config finds it, and a second init changes nothing")
        func written() async throws {
            let flock = try await Flock(.usual, children: 1, library: "def answer():\n    return 1\n")
            let first = try Midflight.start("init", in: flock.tree.root)
            #expect(try await first.status() == 0)
            let text = try flock.tree.read("watch.yaml")
            #expect(text.contains("  main:\n    path: '.'\n    match: { cmdline: '"))
            try flock.tree.write("node_modules/\n", to: ".gitignore")
            let check = try Midflight.start(
                "check-config", "lib.py", "node_modules/x.py", "a.txt", in: flock.tree.root)
            #expect(try await check.status() == 0)
            #expect(check.output.text.contains("  now   pid \(flock.pid) and 1 below it\n"))
            #expect(check.output.text.contains("lib.py: watched\n"))
            #expect(check.output.text.contains("a.txt: not watched: no pattern of include matches"))
            let second = try Midflight.start("init", in: flock.tree.root)
            #expect(try await second.status() == 1)
            #expect(try flock.tree.read("watch.yaml") == text)
        }
    }
}
