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
            // On a busy machine what git wrote last may come to us too late to be in the same burst: then once more.
            var isOne = false
            for value in 2...5 where !isOne {
                let earlier = tool.output.lines.count
                try await checkOut(value, in: tree)
                #expect(
                    !tool.output.lines.dropFirst(earlier).contains { $0.contains(#""event":"reload""#) },
                    "it did not wait for git")
                try FileManager.default.removeItem(at: tree.file(".git/index.lock"))
                _ = try await program.output.line("new code everywhere") { $0 == "[\(value)]" }
                var events: [Event] = []
                try await eventually("all files are told", seen: { tool.output.text }) {
                    events = try tool.output.lines.dropFirst(earlier).map(Event.init(parsing:))
                    return Self.files(of: events, "reload") == Self.count
                        && Self.files(of: events, "change") == Self.count
                }
                isOne = ["reload", "change"].allSatisfy { kind in events.count { $0.event == kind } == 1 }
            }
            #expect(isOne)
        }

        @Test("names what was taken from a module that became a package")
        func package() async throws {
            let tree = try TemporaryTree()
            try tree.write("", to: "app/__init__.py")
            try tree.write("ref: refs/heads/main\n", to: ".git/HEAD")
            let taken = "from app.part import answer\n"
            let text = "print(1, flush=True)\n"
            let files = ["user": taken + text, "idle": taken + "doubled = answer() * 2\n"]
            for (name, text) in files { try tree.write(text, to: "app/\(name).py") }
            try tree.write("def answer():\n    return 1\n", to: "app/part.py")
            let main = "import time, app.idle, app.user\nwhile True:\n    time.sleep(0.02)\n"
            try tree.write(main, to: "main.py")
            let program = try Program(
                [try Interpreter.usual.path, "main.py"], in: tree.root,
                environment: ["PYTHONDONTWRITEBYTECODE": "1"])
            _ = try await program.output.line("the start") { $0 == "1" }
            let tool = try Midflight.start("attach", String(program.pid), "--json")
            _ = try await tool.output.line("ready") { $0.contains(#""event":"ready""#) }
            try tree.write("", to: ".git/index.lock")
            try tree.write("def answer():\n    return 2\n", to: "app/part/__init__.py")
            try tree.write(
                taken + text + "from app.part import answer as other\ndef more():\n    return other()\n",
                to: "app/user.py")
            try FileManager.default.removeItem(at: tree.file("app/part.py"))
            // As git does: what it has done is seen before its lock is gone.
            try await Task.sleep(for: .seconds(0.1))
            try FileManager.default.removeItem(at: tree.file(".git/index.lock"))
            let line = try await tool.output.line("reload") { $0.contains(#""event":"reload""#) }
            let notes = try #require(try Event(parsing: line).notes)
            let named = notes.filter { $0.reason == "derived-value" }.map { $0.name ?? "" }.sorted()
            #expect(named == ["app.idle.answer", "app.idle.doubled", "app.user.answer", "app.user.other"])
        }

        private static func files(of events: [Event], _ kind: String) -> Int {
            events.filter { $0.event == kind }.compactMap(\.files?.count).reduce(0, +)
        }

        /// As git does it, but slowly, and without its end.
        private func checkOut(_ value: Int, in tree: TemporaryTree) async throws {
            for number in 0..<Self.count {
                // Written again and again: on a busy machine an old lock would count as one that was left behind.
                try tree.write("", to: ".git/index.lock")
                try SaveStyle.renamedOver.save(Self.source(value), to: tree.file("app/part\(number).py"))
                try SaveStyle.renamedOver.save(Self.source(value), to: tree.file("app/other\(number).py"))
                try await Task.sleep(for: .milliseconds(number % 10 == 0 ? 120 : 2))
            }
        }
    }
}
