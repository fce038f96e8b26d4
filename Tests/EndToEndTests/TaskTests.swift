import Foundation
import Reloader
import TestSupport
import Testing

@testable import midflight

extension EndToEnd {
    @Suite("stack --async shows every asyncio task and the chain of calls that it awaits")
    struct TaskTests {
        static let source = """
            import asyncio, os, threading, time

            started = threading.Event()

            async def fetch():
                await asyncio.sleep(1000)

            async def load():
                await fetch()

            async def main():
                many = asyncio.gather(*[load() for _ in range(2000)])
                for _ in range(3):
                    await asyncio.sleep(0)
                asyncio.get_running_loop().call_soon(started.set)
                await many

            def run(coroutine):
                asyncio.run(coroutine)

            """
        static let begin = """

            threading.Thread(target=run, args=(main(),), name="looper", daemon=True).start()
            started.wait()
            """

        private func expected(_ pid: Int32, _ version: String) -> String {
            """
            process \(pid) · Python \(version) · 2,001 tasks

            event loop of looper
              Task-1: app.py:16 main → gather of 2,000 tasks
              2,000 tasks: app.py:9 load → app.py:6 fetch → asyncio sleep · Task-2, Task-3, Task-4, …

            """
        }

        @Test("equal chains once, in every form, on every version", arguments: Interpreter.all)
        func chains(interpreter: Interpreter) async throws {
            let script = try await Script(interpreter, Self.source + Self.begin)
            let pid = String(script.pid)
            let version = interpreter.version.split(separator: ".").prefix(2).joined(separator: ".")
            let answer = try await Answer.of("stack", pid, "--async")
            #expect(answer == Answer(output: expected(script.pid, version), errors: "", status: 0))
            let json = try await Answer.of("stack", pid, "-a", "--json")
            let event = try #require(JSONReader.value(of: json.output))
            #expect(event["event"]?.text == "tasks" && event["total"]?.integer == 2001)
            let groups = try #require(event["groups"]?.elements)
            #expect(groups.compactMap { $0["count"]?.integer } == [1, 2000])
            let files = groups.last?["calls"]?.elements?.compactMap { $0["file"]?.text } ?? []
            #expect(files.prefix(2) == [script.file.path, script.file.path] && files.count == 3)
            try EventTests.validate(String(json.output.dropLast()))
            #expect(script.program.output.lines == ["ready"] && script.program.errors.lines.isEmpty)
        }

        @Test("a running task is marked and shows the functions that it runs")
        func running() async throws {
            let busy = """

                async def busy():
                    later = asyncio.ensure_future(fetch())
                    crunch()
                    await later

                def crunch():
                    started.set()
                    while True:
                        time.sleep(0.001)

                threading.Thread(target=run, args=(busy(),), name="looper", daemon=True).start()
                started.wait()
                """
            let script = try await Script(.usual, Self.source + busy)
            let text = try await Answer.of("stack", String(script.pid), "--async").output
            let lines = text.split(separator: "\n").map(String.init)
            #expect(lines.first?.hasSuffix(" · 2 tasks") ?? false)
            let running = lines.first { $0.hasSuffix(" · running") }
            #expect(running?.hasPrefix("  Task-1: app.py:") ?? false)
            #expect(running?.contains(" busy → app.py:") ?? false && running?.contains(" crunch") ?? false)
            #expect(lines.last == "  Task-2: app.py:5 fetch · ready")
        }

        @Test("through the midflight that controls the process, with the same answer")
        func controlled() async throws {
            let script = try await Script(.usual, Self.source + Self.begin)
            let tool = try Midflight.start("attach", String(script.pid), script.tree.root.path)
            _ = try await tool.errors.line("the session's start") { $0.hasPrefix("save a file") }
            let answer = try await Answer.of("stack", String(script.pid), "--async")
            #expect(answer.status == 0 && answer.errors.isEmpty)
            let version = try Interpreter.usual.version.split(separator: ".").prefix(2).joined(separator: ".")
            #expect(answer.output == expected(script.pid, version))
            withExtendedLifetime(tool) {}
        }

        @Test("several processes; without an event loop it says so, with status 1; PyFlightProfiler's rows")
        func others() async throws {
            let fork = "if os.fork() == 0:\n    time.sleep(60)\n    os._exit(0)\n"
            let script = try await Script(.usual, Self.source + fork + Self.begin)
            let both = try await Answer.of("stack", String(script.pid), "--async")
            #expect(both.status == 0 && both.output.components(separatedBy: "process ").count == 3)
            #expect(both.output.hasSuffix(" · no event loop of asyncio\n"))
            let file = script.tree.file("tasks.txt")
            let form = try await Answer.of(String(script.pid), "--cmd", "stack -a -f \(file.path)")
            #expect(form.output == "✓ Write stack to \(file.path) successfully!\n" && form.status == 0)
            let rows = try String(contentsOf: file, encoding: .utf8)
            #expect(rows.contains("\nThread: looper (tid: 0x"))
            #expect(rows.contains("  Task #2: Task-2 and 1,999 more tasks\n    State: WAITING\n"))
            #expect(rows.contains("    Coroutine: load\n    Stack (3 frames):\n      File "))
            let plain = try await Script(.usual, "number = 1")
            let none = try await Answer.of("stack", String(plain.pid), "--async")
            #expect(none.status == 1 && none.errors.isEmpty)
            #expect(none.output.hasSuffix(" · no event loop: asyncio is not imported\n"))
        }

        @Test("what cannot be had ends with its status")
        func refused() async throws {
            #expect(try await Answer.of("stack", "4194304", "--async").status == 4)
            #expect(try await Answer.of("stack", "4194304", "--async", "--native").status == 2)
        }

        @Test("files are named by as much of their path as tells them from each other")
        func names() {
            let paths = ShortPaths(["/a/app.py", "/b/x/views.py", "/c/x/views.py", "views.py"])
            #expect(paths.short("/a/app.py") == "app.py")
            #expect(paths.short("/b/x/views.py") == "b/x/views.py")
            #expect(paths.short("/c/x/views.py") == "c/x/views.py")
            #expect(paths.short("views.py") == "views.py")
        }

        @Test("what one midflight tells another says the same")
        func wire() {
            var tasks = TaskStacks(version: "3.11")
            tasks.total = 9
            tasks.leftOut = 1
            tasks.loops = [TaskStacks.Loop(thread: "looper", identity: 7)]
            let frame = ThreadStack.Frame(function: "f", qualifiedName: "C.f", file: "/a.py", line: 3)
            for awaited: TaskGroup.Awaited in [
                .nothing, .future, .task("Task-1"), .task(""), .gather(3), .other("app.Own"),
            ] {
                var group = TaskGroup(
                    count: 2, names: ["a", "b"], state: .ready,
                    calls: [TaskGroup.Call(frame: frame, module: "app")], awaited: awaited, loop: 0)
                group.cut = 4
                tasks.groups.append(group)
            }
            let answer = JSON.object([("answer", "tasks")] + TaskWire.members(tasks))
            #expect(TaskWire.tasks(answer) == tasks)
        }
    }
}
