import Foundation
import Reloader
import TestSupport
import Testing

@testable import midflight

extension EndToEnd {
    @Suite("perf on processes that execute, fork and end")
    struct PerfExecTests {
        private static let source = PerfTests.source

        /// Executes `words` once a file `go` is beside it.
        private static func executing(_ words: String) -> String {
            """

            import os, sys
            def turn():
                while not os.path.exists("go"):
                    time.sleep(0.05)
                os.execv(sys.executable, \(words))
            threading.Thread(target=turn, daemon=True).start()
            """
        }

        /// Runs perf, and lets the program execute the other one half a second after the looks have begun.
        private func perf(_ script: Script, _ arguments: String...) async throws -> Program {
            let tool = try Midflight.start("perf", String(script.pid), flags: arguments)
            // It keeps the threads' files open from its first look on.
            try await eventually("perf looks at the process") {
                let folder = "/proc/\(tool.pid)/fd"
                let files = try FileManager.default.contentsOfDirectory(atPath: folder)
                return files.contains { file in
                    let target = try? FileManager.default.destinationOfSymbolicLink(
                        atPath: "\(folder)/\(file)")
                    return target?.hasPrefix("/proc/\(script.pid)/task/") == true
                }
            }
            try await Task.sleep(for: .seconds(0.5))
            try script.tree.write("", to: "go")
            #expect(try await tool.status() == 0, "\(tool.errors.text)")
            return tool
        }

        @Test("a process that executes another Python is looked at as that one", arguments: Interpreter.ends)
        func executes(interpreter: Interpreter) async throws {
            let next = "import time\ndef afterwards():\n while True: sum(range(1000))\nafterwards()"
            let script = try await Script(
                interpreter, Self.source + Self.executing("[sys.executable, '-c', \(next.debugDescription)]"))
            let file = script.tree.file("p.collapsed").path
            let tool = try await perf(script, "-d", "5s", "-o", file)
            let errors = tool.errors.text
            #expect(errors.contains("executes another program, which is looked at from now on"))
            let stacks = try PerfTests.stacks(script, "p.collapsed")
            #expect(stacks.contains { $0.names.contains("afterwards (") }, "\(errors)")
            #expect(stacks.contains { $0.names.contains("compute (") }, "\(errors)")
            #expect(!stacks.contains { $0.names.contains("afterwards (") && $0.names.contains("compute (") })
        }

        @Test("one that executes what is no Python ends the profile, and says so")
        func executesOther() async throws {
            let turn = Self.executing("['sleep', '1000']").replacing(
                "sys.executable, [", with: "'/bin/sleep', [")
            let script = try await Script(.usual, Self.source + turn)
            let tool = try await perf(script, "-d", "50s")
            #expect(tool.output.text.contains("count_down"))
            let errors = tool.errors.text
            #expect(errors.contains("executes another program, which cannot be looked at: "), "\(errors)")
        }

        @Test("processes that fork, execute and end all the time harm nothing")
        func chaos() async throws {
            let storm = """

                import os, sys
                def storm():
                    until = time.monotonic() + 4
                    number = 0
                    while time.monotonic() < until:
                        number += 1
                        pid = os.fork()
                        if pid == 0:
                            if number % 3 == 0:
                                os.execv(sys.executable, [sys.executable, "-c", "sum(range(1000000))"])
                            end = time.monotonic() + number % 5 * 0.02
                            while time.monotonic() < end:
                                pass
                            os._exit(0)
                        if number % 4 == 0:
                            time.sleep(0.01)
                            os.kill(pid, 9)
                        os.waitpid(pid, 0)
                        started = [threading.Thread(target=count_down, args=(100,)) for _ in range(3)]
                        for thread in started: thread.start()
                        for thread in started: thread.join()
                    print("storm over", flush=True)
                threading.Thread(target=storm, daemon=True).start()
                """
            let script = try await Script(.usual, Self.source + storm)
            let file = script.tree.file("p.collapsed").path
            let answer = try await Answer.of("perf", String(script.pid), "-d", "3s", "-r", "1000", "-o", file)
            #expect(answer.status == 0, "\(answer)")
            _ = try await script.program.output.line("the end of the storm") { $0 == "storm over" }
            #expect(script.program.errors.lines.isEmpty)
            let stacks = try PerfTests.stacks(script, "p.collapsed")
            #expect(stacks.contains { $0.names.contains("compute (") })
            #expect(!stacks.contains { $0.names.contains("sum_up (") && $0.names.contains("count_down (") })
        }

        @Test("what becomes of a process is read from /proc")
        func fates() throws {
            func stat(
                _ start: Int, _ code: Int, _ stack: Int, _ state: String = "S", threads: Int = 1
            ) throws -> ProcessStat {
                let zeros = Array(repeating: "0", count: 15).joined(separator: " ")
                let line = "7 (a b) \(state) 1 \(zeros) \(threads) 0 \(start) 0 0 0 \(code) 0 \(stack) 0"
                return try #require(ProcessStat(line: line))
            }
            let was = try stat(5, 100, 900)
            #expect(ProcessFate(was: was, now: try stat(5, 100, 900, "R"), failing: 0) == .same)
            #expect(ProcessFate(was: was, now: try stat(5, 100, 900), failing: 4_000_000_000) == .unreadable)
            #expect(ProcessFate(was: was, now: try stat(5, 100, 901), failing: 0) == .replaced)
            #expect(ProcessFate(was: was, now: try stat(5, 200, 900), failing: 4_000_000_000) == .replaced)
            #expect(ProcessFate(was: was, now: try stat(6, 100, 900), failing: 0) == .ended)
            #expect(ProcessFate(was: was, now: try stat(5, 100, 900, "Z"), failing: 0) == .ended)
            #expect(ProcessFate(was: was, now: try stat(5, 0, 0, "Z", threads: 2), failing: 0) == .same)
            #expect(ProcessFate(was: was, now: nil, failing: 0) == .ended)
        }

        @Test("looks have equal distances, and those that are late are counted")
        func pace() {
            var pace = LookPace(rate: 100, now: 1000)
            #expect(pace.advance(now: 2000) == 0 && pace.next == 10_001_000)
            #expect(pace.advance(now: 10_002_000) == 0 && pace.next == 20_001_000)
            #expect(pace.advance(now: 55_000_000) == 2 && pace.next == 50_001_000)
        }
    }
}
