import Foundation
import Glibc
import TestSupport
import Testing

extension EndToEnd {
    @Suite("Workers")
    struct WorkerTests {
        private static func source(_ value: Int) -> String {
            "LEVEL = \(value)\n\ndef answer():\n    return (LEVEL, \(value))\n"
        }

        @Test("that were forked before attach have a save with their parent", arguments: Interpreter.all)
        func forkedBefore(interpreter: Interpreter) async throws {
            let flock = try await Flock(interpreter, children: 3, library: Self.source(1))
            try await flock.waitForAnswer("(1, 1)", from: 4)
            let tool = try Midflight.start("attach", String(flock.pid), "--json")
            _ = try await tool.output.line("ready") { $0.contains(#""event":"ready","processes":4"#) }
            try flock.save(Self.source(2))
            let burst = try await tool.output.line("burst") { $0.contains(#""event":"burst""#) }
            #expect(burst.contains(#""processes":4,"patched":4"#))
            try await flock.waitForAnswer("(2, 2)", from: 4)
            let events = try tool.output.lines.map(Event.init(parsing:))
            let reloads = events.filter { $0.event == "reload" }
            #expect(Set(reloads.compactMap(\.pid)) == Set(flock.answers.keys))
            #expect(Set(reloads.compactMap(\.id)) == [1])
            #expect(events.filter { $0.event == "attached" }.count == 4)
        }

        @Test("that are forked or started later run what was saved", arguments: Interpreter.ends)
        func later(interpreter: Interpreter) async throws {
            let flock = try await Flock(interpreter, children: 0, library: Self.source(1))
            let tool = try Midflight.start("attach", String(flock.pid), "--json")
            _ = try await tool.output.line("ready") { $0.contains(#""event":"ready""#) }
            try flock.save(Self.source(2))
            try await flock.waitForAnswer("(2, 2)", from: 1)
            try flock.tree.write("", to: "fork")
            try await flock.waitForAnswer("(2, 2)", from: 2)
            try flock.tree.write("", to: "start")
            try await flock.waitForAnswer("(2, 2)", from: 3)
            // A process answers as soon as it has started; midflight may still be about to attach to it then.
            try await eventually("three attached") {
                tool.output.lines.filter { $0.contains(#""event":"attached""#) }.count == 3
            }
            try flock.save(Self.source(3))
            try await flock.waitForAnswer("(3, 3)", from: 3)
            // The processes serve before the lines are written. A process that had not imported the file when it was attached
            // to has it in a burst of its own.
            try await eventually("the reloads of all", seen: { tool.output.text }) {
                let reloads = tool.output.lines.filter { $0.contains(#""event":"reload""#) }
                let saved = try reloads.map(Event.init(parsing:)).filter { $0.id ?? 0 > 1 }
                return Set(saved.compactMap(\.pid)) == Set(flock.answers.keys)
            }
            #expect(!tool.output.text.contains(#""event":"rejected""#))
            #expect(!tool.output.text.contains(#""event":"error""#))
        }

        @Test(
            "that import a file which is saved before midflight looks at it run the save, and nothing in between"
        )
        func importedLate() async throws {
            let tree = try TemporaryTree()
            try tree.write(Self.source(1), to: "lib.py")
            try tree.write(
                """
                import os, subprocess, sys, time
                is_second = len(sys.argv) > 1
                while is_second and not os.path.exists("load"): time.sleep(0.01)
                import lib
                if not is_second:
                    print("ready", flush=True)
                    while not os.path.exists("go"): time.sleep(0.01)
                    subprocess.Popen([sys.executable, "main.py", "second"])
                while True:
                    print(1 + is_second, lib.answer(), flush=True)
                    time.sleep(0.01)

                """, to: "main.py")
            let program = try Program(
                [try Interpreter.usual.path, "main.py"], in: tree.root,
                environment: ["PYTHONDONTWRITEBYTECODE": "1"])
            _ = try await program.output.line("ready") { $0 == "ready" }
            defer { Server.descendants(program.pid).forEach { kill($0, SIGKILL) } }
            let tool = try Midflight.start("attach", String(program.pid), "--json")
            _ = try await tool.output.line("ready") { $0.contains(#""event":"ready""#) }
            try SaveStyle.inPlace.save(Self.source(2), to: tree.file("lib.py"))
            _ = try await tool.output.line("the first save") { $0.contains(#""event":"reload""#) }
            try tree.write("", to: "go")
            _ = try await tool.output.line("the second process") { $0.contains(#""parent":\#(program.pid)"#) }
            let attached = ContinuousClock.now
            #expect(try await Answer.of("pause", String(program.pid)).status == 0)
            try tree.write("", to: "load")
            _ = try await program.output.line("what the second one imported") { $0 == "2 (2, 2)" }
            try SaveStyle.inPlace.save(Self.source(3), to: tree.file("lib.py"))
            // It looks two seconds after the attach.
            try await Task.sleep(until: attached + .milliseconds(2300))
            #expect(try await Answer.of("resume", String(program.pid)).status == 0)
            for number in 1...2 {
                _ = try await program.output.line("the save in \(number)") { $0 == "\(number) (3, 3)" }
            }
            try await Task.sleep(for: .milliseconds(50))
            #expect(program.output.lines.last?.hasSuffix("(3, 3)") == true)
        }

        @Test(
            "that execute another program some time after their fork join as that program",
            arguments: ["time.sleep(0.5)", "ctypes.PyDLL(None).usleep(500_000)"])
        func executed(wait: String) async throws {
            let tree = try TemporaryTree()
            try tree.write(Self.source(1), to: "lib.py")
            try tree.write(
                "import lib, time\nwhile True:\n    print(lib.answer(), flush=True)\n    time.sleep(0.01)\n",
                to: "second.py")
            // The one wait lets midflight attach to the fork, the other one lets it ask in vain.
            try tree.write(
                """
                import ctypes, os, sys, time
                import lib
                print("ready", flush=True)
                while not os.path.exists("go"): time.sleep(0.01)
                if os.fork() == 0:
                    \(wait)
                    os.execv(sys.executable, [sys.executable, "second.py"])
                time.sleep(999)

                """, to: "main.py")
            let program = try Program(
                [try Interpreter.usual.path, "main.py"], in: tree.root,
                environment: ["PYTHONDONTWRITEBYTECODE": "1"])
            _ = try await program.output.line("ready") { $0 == "ready" }
            defer { Server.descendants(program.pid).forEach { kill($0, SIGKILL) } }
            let tool = try Midflight.start("attach", String(program.pid), "--json")
            _ = try await tool.output.line("ready") { $0.contains(#""event":"ready""#) }
            try tree.write("", to: "go")
            _ = try await tool.output.line("the second program") { $0.contains(#""program":"second.py""#) }
            try SaveStyle.inPlace.save(Self.source(2), to: tree.file("lib.py"))
            _ = try await program.output.line("its answer") { $0 == "(2, 2)" }
        }

        @Test(
            "that are attached to in the middle of their imports are known nevertheless",
            arguments: Interpreter.ends)
        func importing(interpreter: Interpreter) async throws {
            // A process that was started has no arguments.
            func source(_ value: Int) -> String {
                """
                LEVEL = \(value)
                import os, sys, time
                while len(sys.argv) == 1 and not os.path.exists("go"):
                    time.sleep(0.01)
                def answer():
                    return (LEVEL, \(value))

                """
            }
            let flock = try await Flock(interpreter, children: 0, library: source(1))
            let tool = try Midflight.start("attach", String(flock.pid), "--json")
            _ = try await tool.output.line("ready") { $0.contains(#""event":"ready""#) }
            try flock.save(source(2))
            try await flock.waitForAnswer("(2, 2)", from: 1)
            try flock.tree.write("", to: "start")
            let line = try await tool.output.line("the second process") {
                $0.contains(#""event":"attached""#) && $0.contains(#""parent":\#(flock.pid)"#)
            }
            let pid = try #require(try Event(parsing: line).pid)
            #expect(line.contains(#""drifted":[]"#), "\(line)")
            try flock.tree.write("", to: "go")
            try await flock.waitForAnswer("(2, 2)", from: 2)
            #expect(!tool.output.lines.contains { $0.contains("\"event\":\"reload\",\"pid\":\(pid)") })
            try flock.save(source(3))
            try await flock.waitForAnswer("(3, 3)", from: 2)
        }

        @Test("that cannot be had while midflight attaches join soon after, without a save")
        func hadLater() async throws {
            let flock = try await Flock(.usual, children: 1, library: Self.source(1))
            let child = try #require(Server.descendants(flock.pid).first)
            kill(child, SIGSTOP)
            defer { kill(child, SIGCONT) }
            let tool = try Midflight.start("attach", String(flock.pid), "--json")
            _ = try await tool.output.line("ready") { $0.contains(#""event":"ready","processes":1"#) }
            kill(child, SIGCONT)
            _ = try await tool.output.line("the worker") {
                $0.contains(#""event":"attached""#) && $0.contains(#""pid":\#(child),"#)
            }
        }

        @Test("that alone have loaded the program are counted")
        func onlyWorkers() async throws {
            let tree = try TemporaryTree()
            try tree.write(Self.source(1), to: "lib.py")
            try tree.write(
                "import os, time\nif os.fork() == 0:\n    import lib\n    print('ready')\ntime.sleep(999)\n",
                to: "main.py")
            let program = try Program(
                [try Interpreter.usual.path, tree.file("main.py").path], in: tree.root,
                environment: ["PYTHONUNBUFFERED": "1", "PYTHONDONTWRITEBYTECODE": "1"])
            _ = try await program.output.line("ready") { $0 == "ready" }
            let tool = try Midflight.start("attach", String(program.pid), tree.root.path)
            let line = try await tool.errors.line("attached") { $0.hasPrefix("attached") }
            #expect(
                line.contains("+ 1 worker ") && line.contains("2 modules · 2 of 2 files equal"), "\(line)")
            Server.descendants(program.pid).forEach { kill($0, SIGKILL) }
        }

        @Test("that end are left out, and the others go on")
        func ended() async throws {
            let flock = try await Flock(.usual, children: 2, library: Self.source(1))
            try await flock.waitForAnswer("(1, 1)", from: 3)
            let tool = try Midflight.start("attach", String(flock.pid), "--json")
            _ = try await tool.output.line("ready") { $0.contains(#""event":"ready""#) }
            let child = try #require(flock.answers.keys.first { $0 != flock.pid })
            kill(child, SIGKILL)
            let lost = try await tool.output.line("the end of a worker") { $0.contains("target_lost") }
            #expect(lost.contains("\"pid\":\(child)") && lost.contains(#""processes":2"#))
            try flock.save(Self.source(2))
            let burst = try await tool.output.line("burst") { $0.contains(#""event":"burst""#) }
            #expect(burst.contains(#""processes":2,"patched":2"#))
        }

        @Test("stay out with --no-workers, and are named")
        func none() async throws {
            let flock = try await Flock(.usual, children: 1, library: Self.source(1))
            try await flock.waitForAnswer("(1, 1)", from: 2)
            let child = try #require(flock.answers.keys.first { $0 != flock.pid })
            let tool = try Midflight.start("attach", String(flock.pid), "--no-workers", "--json")
            _ = try await tool.output.line("ready") { $0.contains(#""processes":1"#) }
            try flock.save(Self.source(2))
            let line = try await tool.output.line("reload") { $0.contains(#""event":"reload""#) }
            #expect(try Event(parsing: line).kept?.map(\.name) == ["process \(child)"])
            try await eventually("the parent's answer") { flock.answers[flock.pid] == "(2, 2)" }
            #expect(flock.answers[child] == "(1, 1)")
        }

        @Test("are left as they were: no thread, no descriptor, nothing on their streams")
        func unharmed() async throws {
            let flock = try await Flock(.usual, children: 2, library: Self.source(1))
            try await flock.waitForAnswer("(1, 1)", from: 3)
            let pids = flock.answers.keys.sorted()
            let threads = try pids.map { try ProcessFacts(of: $0).threads }
            let tool = try Midflight.start("attach", String(flock.pid))
            _ = try await tool.errors.line("ready") { $0.contains("Ctrl-C ends") }
            try flock.save(Self.source(2))
            let line = try await tool.errors.line("the save") { $0.contains("lib.answer") }
            #expect(line.contains("3/3 processes"))
            tool.send(SIGINT)
            #expect(try await tool.status() == 0)
            #expect(try pids.map { try ProcessFacts(of: $0).threads } == threads)
            #expect(try pids.allSatisfy { try ProcessFacts(of: $0).tracer == 0 })
            #expect(flock.program.output.lines == ["ready"] && flock.program.errors.lines.isEmpty)
            try await flock.waitForAnswer("(2, 2)", from: 3)
        }
    }
}
