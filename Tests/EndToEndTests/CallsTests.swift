import Foundation
import TestSupport
import Testing

@testable import midflight

extension EndToEnd {
    @Suite("calls shows what functions are called with, and leaves them as they were")
    struct CallsTests {
        static let source = """
            import threading, time

            def compute(x, y=2):
                if x % 5 and x % 3 == 0:
                    raise ValueError("no %d" % x)
                return {"x": x, "sum": x + y}

            def careful():
                return sorted(locals())

            def idle():
                return None

            first = compute.__code__

            def work():
                n = 0
                while True:
                    n += 1
                    try:
                        compute(n, y=3)
                    except ValueError:
                        pass
                    time.sleep(0.005)

            threading.Thread(target=work, daemon=True).start()
            """

        @Test("as text and as events, as many as were asked for", arguments: Interpreter.all)
        func calls(interpreter: Interpreter) async throws {
            let script = try await Script(interpreter, Self.source)
            let pid = String(script.pid)
            let text = try await Answer.of(
                "calls", pid, "__main__", "compute", "-n", "3", "-f", "x % 5 == 0")
            #expect(text.status == 0 && text.errors.isEmpty)
            let shown = text.output.split(separator: "\n").filter { $0.contains("__main__.compute(x=") }
            #expect(shown.count == 3 && shown.allSatisfy { $0.contains(", y=3) → {") })
            #expect(text.output.contains("3 shown") && text.output.contains("the first code is back"))
            let json = try await Answer.of("calls", pid, "__main__.compute", "-e", "-n", "2", "--json")
            let events = json.output.split(separator: "\n").compactMap { JSONReader.value(of: String($0)) }
            #expect(
                events.compactMap { $0["event"]?.text } == ["watch_started", "call", "call", "watch_ended"])
            #expect(events[1]["ok"]?.flag == false)
            #expect(events[1]["exception"]?["type"]?.text == "ValueError")
            #expect(events[3]["restored"]?.flag == true)
            let code = try await Answer.of(
                "getglobal", pid, "__main__", "first", "-e", "target is compute.__code__", "--allow-calls")
            #expect(code.output.hasSuffix("VALUE:      True\n"))
            #expect(script.program.output.lines == ["ready"] && script.program.errors.lines.isEmpty)
        }

        @Test(
            "by a line of a file, by the name of a nested function, and under the name watch",
            arguments: Interpreter.ends)
        func places(interpreter: Interpreter) async throws {
            let source = Self.source.replacing(
                "    while True:",
                with: "    def step(n):\n        again = n + 1\n        return again\n    while True:"
            ).replacing("n += 1", with: "n = step(n)")
            let script = try await Script(interpreter, source)
            let pid = String(script.pid)
            let lines = source.split(separator: "\n", omittingEmptySubsequences: false)
            let line = try #require(lines.firstIndex(of: "        return again")) + 1
            let file = "\(script.file.lastPathComponent):\(line)"
            let json = try await Answer.of("calls", pid, file, "-n", "2", "-f", "n % 2 == 0", "--json")
            let events = json.output.split(separator: "\n").compactMap { JSONReader.value(of: String($0)) }
            #expect(
                events.compactMap { $0["event"]?.text } == ["watch_started", "line", "line", "watch_ended"])
            #expect(
                events[1]["line"]?.integer == line && events[1]["name"]?.text == "__main__.work.<locals>.step"
            )
            #expect(
                events[1]["arguments"]?.elements?.compactMap { $0["name"]?.text } == ["n", "again"])
            let text = try await Answer.of("calls", pid, file, "-n", "1")
            #expect(text.output.contains(" · \(file)  n=") && text.output.contains("every call was seen"))
            let nested = try await Answer.of(
                "watch", pid, "__main__", "work", "-nm", "step", "-n", "1", "--callers")
            #expect(nested.status == 0 && nested.output.contains("__main__.work.<locals>.step(n="))
            #expect(
                nested.output.contains(
                    ":\(try #require(lines.firstIndex(of: "        n = step(n)")) + 1) work\n"))
            let other = try await Answer.of("trace", pid, file, "-n", "1")
            #expect(other.status == 1 && other.output.contains("begins no call that could be traced"))
            let missing = try await Answer.of("calls", pid, "nothing.py:3")
            #expect(
                missing.status == 1 && missing.output == "Error: no loaded module has the file nothing.py.\n")
            #expect(try await Answer.of("calls", pid, "__main__").status == 2)
            let idle = try await Answer.of("calls", pid, "__main__", "idle", "--for", "500ms")
            #expect(
                idle.status == 7
                    && idle.output.contains(" s; the function is live: __main__.idle"))
        }

        @Test("as counts and times of each period, of several processes too", arguments: Interpreter.ends)
        func statistics(interpreter: Interpreter) async throws {
            let source = Self.source.replacing(
                "n += 1", with: "n += 1; child or os.getppid() == parent or os._exit(0)")
            let script = try await Script(
                interpreter,
                "import os\nparent = os.getpid()\nchild = os.fork()\n"
                    + "child or os.dup2(os.open(os.devnull, os.O_WRONLY), 1)\n" + source)
            let pid = String(script.pid)
            let json = try await Answer.of(
                "calls", pid, "__main__", "compute", "--stats", "500ms", "-n", "2", "--json")
            #expect(json.status == 0)
            let events = json.output.split(separator: "\n").compactMap { JSONReader.value(of: String($0)) }
            let rows = events.filter { $0["event"]?.text == "stats" }
            let sums = rows.filter { $0["all"]?.flag == true }
            #expect(sums.count == 2 && rows.count == 6)
            for sum in sums {
                let calls = try #require(sum["calls"]?.integer)
                let errors = try #require(sum["errors"]?.integer)
                #expect(calls > errors && errors > 0 && sum["name"]?.text == "__main__.compute")
                let times = ["p50", "p95", "max"].compactMap { sum[$0]?.decimal }
                #expect(times.count == 3 && times == times.sorted() && times[0] > 0)
            }
            let text = try await Answer.of("calls", pid, "__main__", "compute", "--stats", "1", "-n", "1")
            #expect(text.output.contains("raised  p50 0.") && text.output.contains("the first code is back"))
            let none = try await Answer.of(
                "calls", pid, "__main__", "idle", "--stats", "200ms", "--for", "500ms")
            #expect(none.status == 7 && none.output.contains("__main__.idle  0 calls\n"))
        }

        @Test("in PyFlightProfiler's form, with its texts")
        func form() async throws {
            let script = try await Script(.usual, Self.source)
            let pid = String(script.pid)
            let line = #"watch __main__ compute -n 2 -f "args[0] % 5 == 0" --expr return_obj"#
            let answer = try await Answer.of(pid, "--cmd", line, "--no-color")
            #expect(
                answer.output.hasPrefix(
                    "✓ Spy was successfully added on [MODULE] __main__ [METHOD] compute, press Ctrl-C to stop.\n"
                ))
            #expect(answer.output.components(separatedBy: "is_exp=False result={").count == 3)
            #expect(answer.output.contains("  EXPR:   return_obj\n  TYPE:   <class 'dict'>\n"))
            #expect(answer.status == 0)
        }

        @Test(
            "what cannot be watched is named, with status 1",
            arguments: [
                (["__main__", "nothing"], "No method named nothing is found in module __main__!"),
                (["nothing", "f"], "No module named 'nothing'!"),
                (["__main__", "careful"], "which would see the recorder's names"),
                (["__main__", "compute", "-f", "run(x)"], "expression-refused"),
                (["__main__", "compute", "--expr", "x["], "expression-failed"),
            ])
        func refusals(words: [String], text: String) async throws {
            let script = try await Script(.usual, Self.source)
            let answer = try await Answer.of(["calls", String(script.pid)] + words)
            #expect(answer.status == 1 && answer.output.contains(text), "\(answer.output)")
        }

        @Test("no call in time is status 7; a function that is never called is not changed for it")
        func silence() async throws {
            let script = try await Script(
                .usual,
                Self.source.replacing("careful():", with: "careful(a=1):")
                    .replacing("sorted(locals())", with: "a"))
            let answer = try await Answer.of(
                "calls", String(script.pid), "__main__", "careful", "--for", "500ms")
            #expect(answer.status == 7 && answer.output.contains("no call in "))
        }

        @Test("the midflight that controls the process watches for us, also across a save")
        func controlled() async throws {
            let script = try await Script(.usual, Self.source)
            let tool = try Midflight.start("attach", String(script.pid), script.tree.root.path)
            _ = try await tool.errors.line("the session's start") { $0.hasPrefix("save a file") }
            let calls = try Midflight.start(
                "calls", String(script.pid), "__main__", "compute", "-n", "-1", "--json", "--for", "30s",
                "-f", "x % 5 == 0")
            _ = try await calls.output.line("a call") { $0.contains("\"event\":\"call\"") }
            try script.save(Self.source.replacing("x + y}", with: "x + y + 1000}"))
            _ = try await calls.output.line("a call of the new code") { line in
                line.contains("\"save\":1")
                    && (JSONReader.value(of: line)?["result"]?.text).map { text in
                        text.firstMatch(of: /"sum": 1\d\d\d/) != nil
                    } == true
            }
            kill(calls.pid, SIGTERM)
            #expect(try await calls.status() == 0)
            let list = try await Answer.of("tt", String(script.pid), "-n", "1")
            let line = list.output.split(separator: "\n").first.map(String.init) ?? ""
            #expect(list.status == 0 && line.contains(" __main__.compute(x="), "\(list)")
            let number = try #require(line.split(separator: " ").first.map(String.init))
            let one = try await Answer.of("tt", String(script.pid), number, "--json")
            try EventTests.validate(String(one.output.dropLast()))
            #expect(one.output.contains("\"number\":\(number),\"name\":\"__main__.compute\""))
            #expect(try await Answer.of("tt", String(script.pid), "999999").status == 1)
            #expect(try await Answer.of("tt", String(getpid())).status == 4)
            withExtendedLifetime(tool) {}
        }
    }
}
