import Foundation
import Glibc
import TestSupport
import Testing

extension EndToEnd {
    @Suite("What midflight says")
    struct LoggingTests {
        private static func source(_ value: Int) -> String { "def answer():\n    return \(value)\n" }

        @Test("is appended to a log file with date and time, also after it was rotated away")
        func logFile() async throws {
            let flock = try await Flock(.usual, children: 0, library: Self.source(1))
            let log = flock.tree.file("midflight.log")
            let tool = try Midflight.start(
                "attach", String(flock.pid), "--quiet", "--log-file", log.path)
            try await eventually("the log's first lines") {
                (try? flock.tree.read("midflight.log"))?.contains("save a file to patch it") == true
            }
            try flock.save(Self.source(2))
            try await eventually("the save in the log") {
                (try? flock.tree.read("midflight.log"))?.contains("lib.answer") == true
            }
            let line = try #require(
                try flock.tree.read("midflight.log").split(separator: "\n").first {
                    $0.contains("lib.answer")
                })
            #expect(
                line.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z ✓ lib\.py  lib\.answer.*/) != nil)
            try FileManager.default.moveItem(at: log, to: flock.tree.file("midflight.log.1"))
            try flock.save(Self.source(3))
            try await eventually("the new log") {
                (try? flock.tree.read("midflight.log"))?.contains("lib.answer") == true
            }
            #expect(tool.errors.lines.isEmpty)
        }

        @Test("a log file that cannot be written is an error of usage")
        func badLogFile() async throws {
            let answer = try await Answer.of("attach", "1", "--log-file", "/proc/nowhere/log")
            #expect(answer.status == 2 && answer.errors.contains("No such file or directory"))
        }

        @Test("has priorities and no clock where systemd's journal reads it")
        func journal() async throws {
            let flock = try await Flock(.usual, children: 0, library: Self.source(1))
            let connect = #"JOURNAL_STREAM=$(stat -L -c %d:%i /proc/self/fd/2) exec "$@""#
            let tool = try Midflight.start(
                "attach", String(flock.pid), prefix: ["/bin/sh", "-c", connect, "sh"])
            _ = try await tool.errors.line("ready") { $0.contains("save a file") }
            try flock.save(Self.source(2))
            let line = try await tool.errors.line("the save") { $0.contains("lib.answer") }
            #expect(line.hasPrefix("<6>✓ lib.py  lib.answer"))
            try flock.save("def answer(:\n")
            let error = try await tool.errors.line("the error") { $0.contains("SyntaxError") }
            #expect(error.hasPrefix("<4>✗ lib.py:1"))
            #expect(tool.errors.lines.allSatisfy { $0.hasPrefix("<") })
        }

        @Test("stays in a status line on a terminal, which nothing else is written behind")
        func statusLine() async throws {
            let flock = try await Flock(.usual, children: 1, library: Self.source(1))
            let terminal = try PseudoTerminal()
            let tool = try terminal.start(
                [Checkout.binary.path, "attach", String(flock.pid), "--no-color"], in: flock.tree.root)
            try await terminal.wait(for: "\r\u{1b}[K2 processes")
            try flock.save(Self.source(2))
            try await terminal.wait(for: "2 processes · last ✓ lib.py")
            // The line is wiped before another one is written.
            #expect(
                terminal.text.split(separator: "\n").allSatisfy { line in
                    !line.contains("processes") || !line.contains("lib.answer") || line.contains("\u{1b}[K")
                })
            kill(tool.processIdentifier, SIGTERM)
            try await eventually("the end") { !tool.isRunning }
            #expect(terminal.text.hasSuffix("\r\u{1b}[K"))
            #expect(terminal.text.contains("\r\u{1b}[Kdetached"))
        }

        @Test("SIGHUP without a terminal reads watch.yaml again, and an error keeps the services")
        func hangUp() async throws {
            let flock = try await Flock(.usual, children: 0, library: Self.source(1))
            let tree = try TemporaryTree()
            let text =
                "version: 1\nservices:\n  one:\n    path: \(flock.tree.root.path)\n    match: { pid: \(flock.pid) }\n"
            try tree.write(text, to: "watch.yaml")
            chmod(tree.file("watch.yaml").path, 0o644)
            let tool = try Midflight.start(
                "watch", "-c", tree.file("watch.yaml").path, prefix: ["/usr/bin/setsid", "--wait"])
            _ = try await tool.errors.line("ready") { $0.contains("save a file") }
            let pid = Server.descendants(tool.pid).first ?? tool.pid
            kill(pid, SIGHUP)
            try flock.save(Self.source(2))
            try await flock.waitForAnswer("2", from: 1)
            try tree.write(text + "colour: red\n", to: "watch.yaml")
            _ = try await tool.errors.line("the error's place") { $0.contains("watch.yaml:6:1: error:") }
            let count = tool.errors.lines.count { $0.contains("watch.yaml:6:1: error:") }
            kill(pid, SIGHUP)
            try await eventually("the error again") {
                tool.errors.lines.count { $0.contains("watch.yaml:6:1: error:") } > count
            }
            try flock.save(Self.source(3))
            try await flock.waitForAnswer("3", from: 1)
            kill(pid, SIGTERM)
            #expect(try await tool.status() == 0)
        }
    }
}
