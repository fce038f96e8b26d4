import Foundation
import Glibc
import TestSupport
import Testing

extension EndToEnd {
    @Suite("A checkout")
    struct CheckoutTests {
        private static let count = 40

        private static func source(_ value: Int) -> String { "def answer():\n    return \(value)\n" }

        /// A program that has imported `count` modules of `app`, and writes which answers they give.
        private func program() throws -> (TemporaryTree, Program) {
            let tree = try TemporaryTree()
            try tree.write("", to: "app/__init__.py")
            try tree.write("ref: refs/heads/main\n", to: ".git/HEAD")
            for number in 0..<Self.count { try tree.write(Self.source(1), to: "app/part\(number).py") }
            try tree.write(
                """
                import importlib, time
                parts = [importlib.import_module("app.part%d" % number) for number in range(\(Self.count))]
                while True:
                    print(sorted({part.answer() for part in parts}), flush=True)
                    time.sleep(0.02)

                """, to: "main.py")
            let program = try Program(
                [try Interpreter.usual.path, "main.py"], in: tree.root,
                environment: ["PYTHONDONTWRITEBYTECODE": "1"])
            return (tree, program)
        }

        @Test("is one burst, however slowly git writes; what nobody has imported is one line")
        func oneBurst() async throws {
            let (tree, program) = try program()
            _ = try await program.output.line("the first answer") { $0 == "[1]" }
            let tool = try Midflight.start("attach", String(program.pid), "--json")
            _ = try await tool.output.line("ready") { $0.contains(#""event":"ready""#) }
            for number in 0..<Self.count {
                // Written again and again: on a busy machine an old lock would count as one that was left behind.
                try tree.write("", to: ".git/index.lock")
                try SaveStyle.renamedOver.save(Self.source(2), to: tree.file("app/part\(number).py"))
                try SaveStyle.renamedOver.save(Self.source(2), to: tree.file("app/other\(number).py"))
                try await Task.sleep(for: .milliseconds(number % 10 == 0 ? 120 : 2))
            }
            #expect(!tool.output.text.contains(#""event":"reload""#), "it did not wait for git")
            try FileManager.default.removeItem(at: tree.file(".git/index.lock"))
            _ = try await program.output.line("new code everywhere") { $0 == "[2]" }
            let line = try await tool.output.line("the burst") { $0.contains(#""event":"reload""#) }
            let burst = try Event(parsing: line)
            #expect(burst.files?.count == Self.count && burst.applied?.count == Self.count)
            let events = try tool.output.lines.map(Event.init(parsing:))
            #expect(events.count { $0.event == "reload" } == 1)
            let unknown = events.filter { $0.event == "change" && $0.reason == "not-loaded" }
            #expect(unknown.count == 1 && unknown.first?.files?.count == Self.count)
        }
    }
}
