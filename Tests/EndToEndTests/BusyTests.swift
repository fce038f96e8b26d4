import Foundation
import TestSupport
import Testing

extension EndToEnd {
    @Suite("A program that never waits")
    struct BusyTests {
        /// `work` is what its loop does; a changed `value` is printed once.
        private static func source(_ value: Int, _ work: String) -> String {
            """
            import sys, threading
            def value():
                return \(value)
            def work():
                \(work)
            seen = 1
            print("ready")
            while True:
                work()
                if value() != seen:
                    seen = value()
                    print("value", seen)
            """
        }

        @Test(
            "has its saves, and is left as it was",
            arguments: [
                "for number in range(2000): number * number",
                "sum(range(2_000_000))",
                "sys.stderr.write(str(sum(range(300))) + chr(10))",
            ])
        func save(work: String) async throws {
            let tree = try TemporaryTree()
            try tree.write(Self.source(1, work), to: "app.py")
            let program = try Program(
                [Interpreter.usual.path, "app.py"], in: tree.root, environment: ["PYTHONUNBUFFERED": "1"])
            _ = try await program.output.line("its start") { $0 == "ready" }
            let before = try ProcessFacts(of: program.pid).threads
            let tool = try Midflight.start("attach", String(program.pid), tree.root.path)
            _ = try await tool.errors.line("attached") { $0.hasPrefix("attached") }
            for value in 2...3 {
                try tree.write(Self.source(value, work), to: "app.py")
                _ = try await program.output.line("value \(value)") {
                    $0 == "value \(value)"
                }
            }
            tool.send(SIGTERM)
            #expect(try await tool.status() == 0)
            #expect(try ProcessFacts(of: program.pid).threads == before)
            #expect(program.isRunning)
        }
    }
}
