import Foundation
import Glibc
import TestSupport
import Testing

extension EndToEnd {
    @Suite("midflight run")
    struct RunTests {
        private static func source(_ word: String) -> String {
            """
            import time

            def word():
                return "\(word)"

            while True:
                print(word(), flush=True)
                time.sleep(0.02)
            """
        }

        @Test("a launched program has every save, and ends midflight with its own status")
        func patched() async throws {
            let tree = try TemporaryTree()
            try tree.write(Self.source("old"), to: "app.py")
            let tool = try Midflight.start(
                "run", "--", try Interpreter.usual.path, "app.py", in: tree.root)
            _ = try await tool.output.line("the old word") { $0 == "old" }
            _ = try await tool.errors.line("ready") { $0.contains("Ctrl-C ends") }
            try tree.write(Self.source("new"), to: "app.py")
            _ = try await tool.output.line("the new word") { $0 == "new" }
            tool.send(SIGTERM)
            #expect(try await tool.status() == 128 + SIGTERM)
        }

        @Test(
            "a Python that ends by itself, and a program that is none: their own status", arguments: [0, 3])
        func statuses(status: Int32) async throws {
            let python = try Midflight.start(
                "run", try Interpreter.usual.path, "-c", "raise SystemExit(\(status))")
            #expect(try await python.status() == status)
            let shell = try Midflight.start("run", "--", "/bin/sh", "-c", "sleep 0.1; exit \(status)")
            #expect(try await shell.status() == status)
        }

        @Test("a program that ends at the moment of the attach: its own status")
        func endsWhileTraced() async throws {
            let program = """
                import os, threading, time
                name = f"/proc/self/task/{os.getpid()}/status"
                def leave():
                    while True:
                        with open(name) as file:
                            if "TracerPid:\\t0\\n" not in file.read():
                                os._exit(7)
                threading.Thread(target=leave, daemon=True).start()
                time.sleep(2)
                os._exit(7)
                """
            for _ in 0..<25 {
                let tool = try Midflight.start("run", "--", try Interpreter.usual.path, "-c", program)
                #expect(try await tool.status() == 7, "\(tool.errors.text)")
            }
        }

        @Test("its help is its own, and an unknown option before the program is refused")
        func help() async throws {
            let tool = try Midflight.start("run", "--help")
            #expect(try await tool.status() == 0)
            #expect(tool.output.text.contains("midflight run [--json]"))
            let wrong = try Midflight.start("run", "--jsn", "true")
            #expect(try await wrong.status() == 2)
        }

        @Test("a program that does not exist: 127")
        func missing() async throws {
            let tool = try Midflight.start("run", "--", "/nonexistent/program")
            #expect(try await tool.status() == 127)
            #expect(tool.errors.text.contains("cannot launch /nonexistent/program"))
        }
    }
}
