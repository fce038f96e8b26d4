import Foundation
import TestSupport
import Testing

@testable import midflight

extension EndToEnd {
    @Suite("stack shows what every thread is doing, and the process takes no part in it")
    struct StackTests {
        static let source = """
            import ctypes, threading, time

            lock = threading.Lock()
            lock.acquire()

            def wait_for_it():
                lock.acquire()

            class Feed:
                def items(self):
                    while True:
                        lock.acquire()
                        yield 1

                def run(self):
                    for _ in self.items():
                        pass

            for number in range(3):
                threading.Thread(target=wait_for_it, name="wärter-%d" % number, daemon=True).start()
            threading.Thread(target=Feed().run, name="feed", daemon=True).start()
            """

        /// Lines of the paragraph that begins with `head`.
        private func paragraph(_ head: String, in text: String) -> [String] {
            let all = text.components(separatedBy: "\n\n").map { $0.split(separator: "\n").map(String.init) }
            return all.first { $0.first?.hasPrefix(head) ?? false } ?? []
        }

        @Test("names, lines and equal stacks, on every version", arguments: Interpreter.all)
        func threads(interpreter: Interpreter) async throws {
            let script = try await Script(interpreter, Self.source)
            let answer = try await Answer.of("stack", String(script.pid))
            #expect(answer.status == 0 && answer.errors.isEmpty)
            #expect(answer.output.contains(" · Python \(interpreter.version.prefix { $0 != "." })."))
            let waiters = paragraph("3 threads: wärter-0 (", in: answer.output)
            #expect(waiters.first?.contains("wärter-1 (") ?? false)
            #expect(waiters.last == "  \(script.file.path):7 wait_for_it")
            let feed = paragraph("feed (", in: answer.output)
            #expect(feed.last?.hasPrefix("  \(script.file.path):12 ") ?? false)
            #expect(feed.dropLast().last?.hasPrefix("  \(script.file.path):16 ") ?? false)
            let main = paragraph("MainThread (\(script.pid))", in: answer.output)
            #expect(main.count == 2 && main.last?.hasSuffix(" <module>") ?? false)
            #expect(script.program.output.lines == ["ready"] && script.program.errors.lines.isEmpty)
        }

        @Test("while C code holds the GIL it says who does, in every form", arguments: Interpreter.ends)
        func held(interpreter: Interpreter) async throws {
            let hold = """

                libc = ctypes.PyDLL(None)

                def hold_it():
                    time.sleep(0.3)
                    libc.sleep(20)

                threading.Thread(target=hold_it, name="holder", daemon=True).start()
                """
            let script = try await Script(interpreter, Self.source + hold)
            let pid = String(script.pid)
            try await eventually("the GIL is held") {
                let text = try await Answer.of("stack", pid).output
                return paragraph("holder (", in: text).first?.hasSuffix("has the GIL") ?? false
            }
            let json = try await Answer.of("stack", pid, "--json")
            let event = try #require(JSONReader.value(of: json.output))
            #expect(event["event"]?.text == "stack" && event["pid"]?.integer == Int(script.pid))
            let threads = try #require(event["threads"]?.elements)
            let holder = try #require(threads.first { $0["name"]?.text == "holder" })
            #expect(holder["state"]?.text == "has-gil")
            #expect(holder["frames"]?.elements?.last?["function"]?.text == "hold_it")
            #expect(threads.filter { $0["state"]?.text == "has-gil" }.count == 1)
            let form = try await Answer.of(pid, "--cmd", "stack")
            let heads = form.output.split(separator: "\n").filter { $0.hasPrefix("Traceback for thread ") }
            #expect(heads.count == threads.count)
            #expect(heads.allSatisfy { $0.hasSuffix(" [] (most recent call last):") })
            #expect(
                form.output.contains("    (Python) File \"\(script.file.path)\", line 7, in wait_for_it\n"))
        }

        @Test("a stopped process is shown too, and a file is written in its place")
        func stopped() async throws {
            let script = try await Script(.usual, Self.source)
            script.program.send(SIGSTOP)
            defer { script.program.send(SIGCONT) }
            let file = script.tree.file("stacks.txt")
            let answer = try await Answer.of(String(script.pid), "--cmd", "stack -f \(file.path)")
            #expect(answer.output == "✓ Write stack to \(file.path) successfully!\n" && answer.status == 0)
            #expect(try String(contentsOf: file, encoding: .utf8).contains("in wait_for_it\n"))
            let nowhere = try await Answer.of("stack", String(script.pid), "-f", "/nowhere/stacks.txt")
            #expect(nowhere.status == 2 && nowhere.errors.contains("No such file or directory"))
        }

        @Test("a worker is shown below its parent; no process, and none of Python, end with their statuses")
        func others() async throws {
            let fork = "\nimport os\nif os.fork() == 0:\n    time.sleep(60)\n    os._exit(0)\n"
            let script = try await Script(.usual, Self.source + fork)
            let answer = try await Answer.of("stack", String(script.pid))
            #expect(answer.output.components(separatedBy: "process ").count == 3)
            let alone = try await Answer.of("stack", String(script.pid), "--no-workers")
            #expect(alone.output.components(separatedBy: "process ").count == 2)
            #expect(try await Answer.of("stack", "4194304").status == 4)
            let shell = try Program(["/bin/sleep", "30"])
            let refused = try await Answer.of("stack", String(shell.pid))
            #expect(
                refused.status == 6 && refused.errors.contains("no Python") || refused.errors.contains("not"))
            let native = try await Answer.of(
                ["stack", String(script.pid), "--native"], environment: ["PATH": "/nowhere"])
            #expect(native.status == 2 && native.errors.contains("pip install py-spy"))
        }
    }
}
