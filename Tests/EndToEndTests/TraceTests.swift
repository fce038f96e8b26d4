import Foundation
import TestSupport
import Testing

@testable import midflight

extension EndToEnd {
    @Suite("trace shows what a call calls, with times, and leaves the program as it was")
    struct TraceTests {
        static let source = """
            import json, sys, threading, time

            def leaf(i):
                return i + 1

            def quick(i):
                return leaf(i) + len("abc")

            def slow():
                time.sleep(0.01)

            def handler(n):
                for i in range(n):
                    quick(i)
                slow()
                return json.dumps({"n": n})

            def profile():
                return sys.getprofile()

            first = handler.__code__

            def work():
                while True:
                    handler(40)
                    if sys.getprofile() is not None:
                        print("a profile function was left")

            def noise():
                while True:
                    quick(1)
                    time.sleep(0.001)

            threading.Thread(target=work, daemon=True, name="worker").start()
            threading.Thread(target=noise, daemon=True).start()
            """

        @Test("as text and as events, as many as were asked for", arguments: Interpreter.all)
        func traces(interpreter: Interpreter) async throws {
            let script = try await Script(interpreter, Self.source)
            let pid = String(script.pid)
            let text = try await Answer.of("trace", pid, "__main__", "handler", "-n", "1", "-i", "0.001")
            #expect(text.status == 0 && text.errors.isEmpty, "\(text.errors)")
            #expect(text.output.contains("×40"), "\(text.output)")
            let folded = /─ +\d+\.\d+ ms ×40 +__main__\.quick  app\.py:\d+ \S+ app\.py:6/
            #expect(text.output.firstMatch(of: folded) != nil, "\(text.output)")
            #expect(text.output.firstMatch(of: /─ +\d+\.\d+ ms +time\.sleep  app\.py:10/) != nil)
            #expect(text.output.contains("json.dumps") && text.output.contains("1 shown"))
            let json = try await Answer.of("trace", pid, "__main__.handler", "-n", "2", "--json")
            let events = json.output.split(separator: "\n").compactMap { JSONReader.value(of: String($0)) }
            #expect(
                events.compactMap { $0["event"]?.text } == ["watch_started", "trace", "trace", "watch_ended"])
            let rows = try #require(events[1]["rows"]?.elements)
            let counts = rows.filter { $0["name"]?.text == "__main__.quick" }.map { $0["count"]?.integer }
            #expect(counts == [40] && events[1]["root"]?.text == "__main__.handler")
            #expect(events[3]["restored"]?.flag == true)
            let code = try await Answer.of(
                "getglobal", pid, "__main__", "first", "-e", "target is handler.__code__ and profile()",
                "--allow-calls")
            #expect(code.output.hasSuffix("VALUE:      None\n"))
            #expect(script.program.output.lines == ["ready"] && script.program.errors.lines.isEmpty)
        }

        @Test("in PyFlightProfiler's form each call has its line, and a depth ends the tree")
        func form() async throws {
            let script = try await Script(.usual, Self.source)
            let pid = String(script.pid)
            let deep = try await Answer.of(
                pid, "--cmd", "trace __main__ handler -n 1 -d 2", "--no-color")
            #expect(deep.status == 0, "\(deep.errors)")
            #expect(deep.output.matches(of: /ms\] quick    app\.py:6\n/).count == 40)
            #expect(!deep.output.contains("leaf"))
            let long = try await Answer.of(pid, "--cmd", "trace __main__ handler -n 1 -i 5", "--no-color")
            let head = #/🔍 \S+ \S+ thread=worker tid=\d+ daemon=True cost=\d+\.\d{3}ms\n\[\S+ms\] handler /#
            #expect(long.output.firstMatch(of: head) != nil, "\(long.output)")
            #expect(long.output.contains("ms]  sleep    <built-in>") && !long.output.contains("quick"))
        }

        @Test("a filter that fails is told, and the program goes on", arguments: [[], ["--json"]])
        func filters(more: [String]) async throws {
            let script = try await Script(.usual, Self.source)
            let pid = String(script.pid)
            let failed = try await Answer.of(
                ["trace", pid, "__main__", "handler", "-n", "1", "-f", "args[0]['q'] == 1"] + more)
            #expect(failed.output.contains("not subscriptable"), "\(failed.output)")
            let none = try await Answer.of(
                ["trace", pid, "__main__", "handler", "-et", "60000", "--for", "500ms"] + more)
            #expect(none.status == 7)
            #expect(script.program.output.lines == ["ready"] && script.program.errors.lines.isEmpty)
        }

        @Test("the midflight that controls the process traces for us; one that is killed leaves nothing")
        func controlled() async throws {
            let script = try await Script(.usual, Self.source)
            let tool = try Midflight.start("attach", String(script.pid), script.tree.root.path)
            _ = try await tool.errors.line("the session's start") { $0.hasPrefix("save a file") }
            let trace = try Midflight.start(
                "trace", String(script.pid), "__main__", "handler", "-n", "-1", "--json", "--for", "60s")
            _ = try await trace.output.line("a trace") { line in
                line.contains("\"event\":\"trace\"") && line.contains("\"count\":40")
            }
            kill(trace.pid, SIGKILL)
            try await Task.sleep(for: .seconds(3.5))
            let code = try await Answer.of(
                "getglobal", String(script.pid), "__main__", "first", "-e",
                "target is handler.__code__ and profile()",
                "--allow-calls")
            #expect(code.output.hasSuffix("VALUE:      None\n"), "\(code.output)")
            #expect(script.program.output.lines == ["ready"])
        }
    }
}
