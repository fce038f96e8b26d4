import Foundation
import Glibc
import TestSupport
import Testing

@testable import midflight

extension EndToEnd {
    @Suite("perf --save shows which functions a save made slower or faster")
    struct PerfSaveTests {
        /// A thread that works two milliseconds of ten in `steady`, and `count` steps in `work`.
        private static func source(_ count: Int, _ more: String = "") -> String {
            """
            import threading, time
            \(more)
            def spin(seconds):
                until = time.thread_time() + seconds
                while time.thread_time() < until:
                    pass

            def steady():
                until = time.thread_time() + 0.002
                while time.thread_time() < until:
                    pass

            def work():
                for number in range(\(count)):
                    spin(0.001)

            def run():
                while True:
                    steady()
                    work()
                    time.sleep(0.004)

            threading.Thread(target=run, daemon=True).start()
            """
        }

        private func start(_ script: Script, _ arguments: String...) throws -> Program {
            let options = ["--save", "--window", "2s", "-r", "200", "--wall", "--for", "40s"]
            return try Midflight.start("perf", String(script.pid), flags: options + arguments)
        }

        /// What the ending of a run's output, and its status, are worth.
        private func finished(_ tool: Program) async throws -> String {
            #expect(try await tool.status() == 0, "\(tool.errors.text)")
            return tool.output.text
        }

        @Test("with nobody attached: attaches, compares, leaves", arguments: Interpreter.ends)
        func alone(interpreter: Interpreter) async throws {
            let script = try await Script(interpreter, Self.source(0))
            let file = script.tree.file("change.svg").path
            let tool = try start(script, "-o", file)
            _ = try await tool.errors.line("looking") { $0.hasPrefix("looking at process") }
            #expect(
                tool.errors.lines.first?.hasPrefix("attached to process \(script.pid) for as long") == true)
            try await Task.sleep(for: .seconds(2.5))
            try script.save(Self.source(4, "# its lines move"))
            let output = try await finished(tool)
            #expect(tool.errors.text.contains("app.py is live, 1 definition · looking for 2.0 s more"))
            #expect(output.contains(" 2.0 s before and 2.0 s after app.py was saved\n"), "\(output)")
            let rows = output.split(separator: "\n").map(String.init)
            #expect(rows.contains { $0.contains("new ") && $0.contains("spin  ") }, "\(output)")
            #expect(!output.contains("<midflight>"), "\(output)")
            let svg = try String(contentsOf: script.tree.file("change.svg"), encoding: .utf8)
            #expect(svg.contains("spin") && svg.contains(" % before, "))
            #expect(try !ProcessFacts(of: script.pid).threads.contains { $0.hasPrefix("midflight") })
        }

        @Test("with a midflight attached: that one tells of the save, and a plain perf names it")
        func attached() async throws {
            let script = try await Script(.usual, Self.source(4))
            let holder = try Midflight.start("attach", String(script.pid), script.tree.root.path)
            _ = try await holder.errors.line("attached") { $0.hasPrefix("attached") }
            let tool = try start(script, "--json")
            let plain = try Midflight.start("perf", String(script.pid), "-d", "8s")
            let json = try Midflight.start("perf", String(script.pid), "-d", "8s", "--json")
            _ = try await tool.errors.line("looking") { $0.hasPrefix("looking at process") }
            #expect(!tool.errors.text.contains("attached to"))
            try await Task.sleep(for: .seconds(2.5))
            try script.save(Self.source(0))
            let output = try await finished(tool)
            let event = try #require(JSONReader.value(of: output))
            #expect(event["event"]?.text == "profile_change" && event["end"]?.text == "complete")
            let spin = try #require(
                event["functions"]?.elements?.first { $0["name"]?.text?.hasSuffix("spin") == true })
            #expect(spin["change"]?.text == "gone")
            #expect(event["saves"]?.elements?.first?["files"]?.elements?.first?.text == "app.py")
            #expect(try await finished(plain).contains("s a save of app.py went live; --save compares"))
            let profile = try await finished(json)
            #expect(JSONReader.value(of: profile)?["saves"]?.elements?.count == 1)
            try EventTests.validate("\(output)\n\(profile)")
        }

        @Test("nothing saved, and what changes no code, are no save")
        func nothing() async throws {
            let script = try await Script(.usual, Self.source(0))
            let tool = try Midflight.start(
                "perf", String(script.pid), flags: ["--save", "--window", "200ms", "--for", "4s"])
            _ = try await tool.errors.line("looking") { $0.hasPrefix("looking at process") }
            try script.save(Self.source(0) + "\ndef broken(:\n")
            try script.save(Self.source(0, "# a comment"))
            #expect(try await tool.status() == 7)
            #expect(tool.output.lines.isEmpty)
            let line = "✗ no save changed the code of process \(script.pid) in 4.0 s"
            #expect(tool.errors.lines.last == line, "\(tool.errors.text)")
        }

        @Test("--json ends with its event also where nothing was saved")
        func nothingAsEvent() async throws {
            let script = try await Script(.usual, Self.source(0))
            let answer = try await Answer.of(
                "perf", String(script.pid), "--save", "--window", "200ms", "--for", "1s", "--json")
            #expect(answer.status == 7)
            let event = try #require(JSONReader.value(of: answer.output))
            #expect(event["event"]?.text == "profile_change" && event["end"]?.text == "nothing-saved")
            #expect(event["saves"]?.elements?.isEmpty == true)
            #expect(event["before"]?["looks"]?.integer == 0)
            try EventTests.validate(String(answer.output.dropLast()))
        }

        @Test("why saves cannot be heard of is said: no thread of ours, or a midflight that does not answer")
        func unheard() async throws {
            let script = try await Script(.usual, Self.source(0))
            let pid = String(script.pid)
            // No thread gets a stack as large as that.
            let limit = ["/bin/sh", "-c", #"ulimit -s 64000000000 && exec "$@""#, "sh"]
            let alone = try await Answer.of(["perf", pid, "--save", "--for", "1s"], prefix: limit)
            #expect(alone.status == 70)
            let failed = "starting a thread of midflight for process \(pid) failed: "
            #expect(alone.errors.contains(failed), "\(alone.errors)")
            #expect(!alone.errors.contains("has ended"))

            let holder = try Midflight.start("attach", pid, script.tree.root.path)
            _ = try await holder.errors.line("attached") { $0.hasPrefix("attached") }
            kill(holder.pid, SIGSTOP)
            let plain = try await Answer.of("perf", pid, "-d", "300ms", "--wall")
            kill(holder.pid, SIGCONT)
            #expect(plain.status == 0)
            let why = "saves are not heard of: midflight \(holder.pid)"
            #expect(plain.errors.contains(why), "\(plain.errors)")
        }

        @Test("Ctrl-C before a save, and a process that ends before it, are said with their status")
        func ends() async throws {
            let script = try await Script(.usual, Self.source(0))
            let tool = try start(script)
            _ = try await tool.errors.line("looking") { $0.hasPrefix("looking at process") }
            tool.send(SIGINT)
            #expect(try await tool.status() == 130)
            #expect(tool.errors.lines.last?.hasPrefix("✗ ended before a save") == true)
            let other = try start(script)
            _ = try await other.errors.line("looking") { $0.hasPrefix("looking at process") }
            script.program.send(SIGKILL)
            #expect(try await other.status() == 7)
            #expect(other.errors.text.contains("✗ process \(script.pid) ended before a save"))
        }
    }
}
