import Foundation
import Glibc
import TestSupport
import Testing

extension EndToEnd {
    @Suite("A process on the command line")
    struct TargetTests {
        private static func source(_ value: Int) -> String { "def answer():\n    return \(value)\n" }

        @Test("is found by everything that watch.yaml finds it by")
        func found() async throws {
            let shop = try await Shop(.usual)
            let tree = try TemporaryTree()
            try tree.write("\(shop.pid)\n", to: "shop.pid")
            let folder = shop.sources.path
            for target in [
                "\(shop.pid)", "pid:\(shop.pid)", "port:\(shop.port)",
                "pidfile:\(tree.file("shop.pid").path)",
                "cmdline:serve\\.py 0$",
            ] {
                let answer = try await Answer.of("module", target, folder + "/shop/cart.py")
                #expect(answer.output == "shop.cart\n" && answer.status == 0, "\(target): \(answer)")
            }
        }

        @Test(
            "that nothing is found by: 4, and where to look",
            arguments: ["name:no-such-program", "port:1", "unit:no-such-unit", "container:no-such-one"])
        func missing(target: String) async throws {
            for command in [
                ["attach", target], ["reload", target, "m", "f"], ["status", target], [target],
            ] {
                let answer = try await Answer.of(command)
                #expect(answer.status == 4 && answer.errors.contains("midflight ps"), "\(answer)")
                #expect(answer.output.isEmpty)
            }
        }

        @Test("that is several: 4, and which ones")
        func several() async throws {
            let flocks = [
                try await Flock(.usual, children: 0, library: Self.source(1)),
                try await Flock(.usual, children: 0, library: Self.source(1)),
            ]
            let answer = try await Answer.of("sync", "cmdline:main\\.py 0 0\\.005$")
            #expect(answer.status == 4)
            #expect(flocks.allSatisfy { answer.errors.contains(String($0.pid)) }, "\(answer)")
        }

        @Test(
            "that cannot be understood: 2, and why",
            arguments: [
                ("port:http", "from 1 to 65535"), ("port:70000", "from 1 to 65535"), ("host:x", "no 'host:'"),
                ("name:", "nothing behind"), ("cmdline:[", "no regular expression"),
            ])
        func wrong(target: String, words: String) async throws {
            for command in [["attach", target], ["pause", target], [target]] {
                let answer = try await Answer.of(command)
                #expect(answer.status == 2 && answer.errors.contains(words), "\(answer)")
            }
        }

        @Test("may be one of several that are attached to at once; the last one's end is the end")
        func more() async throws {
            let flocks = [
                try await Flock(.usual, children: 0, library: Self.source(1)),
                try await Flock(.usual, children: 1, library: Self.source(1)),
            ]
            let tool = try Midflight.start(
                "attach", String(flocks[0].pid), "-t", "pid:\(flocks[1].pid)", "-t", String(flocks[0].pid),
                "--json")
            try await eventually("both are ready") {
                tool.output.lines.count { $0.contains(#""event":"ready""#) } == 2
            }
            for (flock, count) in zip(flocks, [1, 2]) {
                try flock.save(Self.source(2))
                try await flock.waitForAnswer("2", from: count)
            }
            flocks[0].program.send(SIGKILL)
            _ = try await tool.output.line("its end") { $0.contains(#""event":"target_lost""#) }
            try flocks[1].save(Self.source(3))
            try await flocks[1].waitForAnswer("3", from: 2)
            for pid in flocks[1].answers.keys { kill(pid, SIGKILL) }
            #expect(try await tool.status() == 7)
        }

        /// Runs main.py; it writes no bytecode, and each line at once.
        private static func started(_ interpreter: Interpreter, in tree: TemporaryTree) throws -> Program {
            try Program(
                [interpreter.path, "main.py"], in: tree.root,
                environment: ["PYTHONUNBUFFERED": "1", "PYTHONDONTWRITEBYTECODE": "1"])
        }

        @Test(
            "that imported a file before it was written whole is known not to run it",
            arguments: Interpreter.ends)
        func imported(interpreter: Interpreter) async throws {
            let tree = try TemporaryTree()
            try tree.write("", to: "lib.py")
            let call = "lambda: 'none'"
            try tree.write(
                "import lib, time\nwhile True:\n    print(getattr(lib, 'answer', \(call))())\n    time.sleep(0.02)\n",
                to: "main.py")
            let program = try Self.started(interpreter, in: tree)
            _ = try await program.output.line("none") { $0 == "none" }
            try tree.write(Self.source(1), to: "lib.py")
            let tool = try Midflight.start("attach", String(program.pid), "--json")
            let attached = try await tool.output.line("attached") { $0.contains(#""event":"attached""#) }
            #expect(attached.contains(#""drifted":["lib.py: answer"]"#))
            _ = try await tool.output.line("ready") { $0.contains(#""event":"ready""#) }
            #expect(program.output.lines.last == "none")
            for value in ["2", "3"] {
                try tree.write(Self.source(value == "2" ? 2 : 3), to: "lib.py")
                _ = try await program.output.line(value) { $0 == value }
            }
            #expect(program.errors.lines.isEmpty)
        }

        @Test(
            "has what a save changes of the headers of a file that was saved before, too",
            arguments: Interpreter.ends)
        func partly(interpreter: Interpreter) async throws {
            let tree = try TemporaryTree()
            let started = """
                def loud(function):
                    return lambda *given: "loud " + str(function(*given))
                one = 1
                def edited(): return 1
                def given(x=one): return x
                def quiet(function): return function
                @quiet
                def named(): return 3
                class C:
                    def held(self, *, __x=1): return __x
                class Shut:
                    key = 1
                del Shut.key
                """
            let before = started.replacing("return 1", with: "return 2")
            let after = before.replacing("x=one", with: "x=one + 4").replacing("@quiet", with: "@loud")
                .replacing("self, *", with: "self: int, *")
            try tree.write(started, to: "lib.py")
            let told = "lib.given(), lib.named(), list(lib.C.held.__annotations__), lib.C().held()"
            try tree.write(
                "import lib, time\nwhile True:\n    print(lib.edited(), \(told))\n    time.sleep(0.02)\n",
                to: "main.py")
            let program = try Self.started(interpreter, in: tree)
            _ = try await program.output.line("the first") { $0 == "1 1 3 [] 1" }
            try tree.write(before, to: "lib.py")
            let tool = try Midflight.start("attach", String(program.pid), "--json")
            let attached = try await tool.output.line("attached") { $0.contains(#""event":"attached""#) }
            #expect(attached.contains(#""drifted":["lib.py: edited"]"#), "\(attached)")
            _ = try await tool.output.line("ready") { $0.contains(#""event":"ready""#) }
            try tree.write(after, to: "lib.py")
            _ = try await program.output.line("all of it") { $0 == "2 5 loud 3 ['self'] 1" }
            #expect(program.errors.lines.isEmpty)
        }

        @Test(
            "keeps what its file lacked at the attach, and half a save takes nothing of it",
            arguments: Interpreter.ends)
        func lacking(interpreter: Interpreter) async throws {
            let tree = try TemporaryTree()
            let removed =
                "def back(): return 1\nclass Kept:\n    def size(self): return 1\nclass Bare: pass\n"
            let rest = "def other(): return 5\ndef more(): return 6\ndef last(): return 7\n"
            try tree.write(removed + rest, to: "lib.py")
            let told =
                "back(), Kept().size(), lib.back is back, lib.Kept is Kept, lib.Bare is Bare, hasattr(lib, 'last')"
            try tree.write(
                "import lib, time\nfrom lib import *\nwhile True:\n    print(\(told))\n    time.sleep(0.02)\n",
                to: "main.py")
            let program = try Self.started(interpreter, in: tree)
            _ = try await program.output.line("the first") { $0 == "1 1 True True True True" }
            try tree.write(rest.replacing("5", with: "55"), to: "lib.py")
            let tool = try Midflight.start("attach", String(program.pid), "--json")
            _ = try await tool.output.line("ready") { $0.contains(#""event":"ready""#) }
            let whole = removed.replacing("return 1", with: "return 2") + "class New: pass\n" + rest
            try tree.write(String(whole.prefix(24)), to: "lib.py")
            try await Task.sleep(for: .seconds(0.3))
            try tree.write(whole, to: "lib.py")
            _ = try await program.output.line("the new code") { $0.hasPrefix("2 2 ") }
            try await Task.sleep(for: .seconds(0.3))
            #expect(program.output.lines.last == "2 2 True True True True")
            #expect(
                program.output.lines.allSatisfy { $0.hasSuffix("True") }, "nothing was taken away meanwhile")
            #expect(program.errors.lines.isEmpty)
        }

        @Test("is brought to its files' state with --sync")
        func synced() async throws {
            let flock = try await Flock(.usual, children: 0, library: Self.source(1))
            try flock.save(Self.source(2))
            let plain = try Midflight.start("attach", String(flock.pid), "--json")
            let line = try await plain.output.line("attached") { $0.contains(#""event":"attached""#) }
            #expect(line.contains(#""drifted":["lib.py: answer"]"#))
            _ = try await plain.output.line("ready") { $0.contains(#""event":"ready""#) }
            plain.send(SIGTERM)
            #expect(try await plain.status() == 0)
            #expect(flock.answers.values.allSatisfy { $0 == "1" })
            let syncing = try Midflight.start("attach", String(flock.pid), "--sync")
            try await flock.waitForAnswer("2", from: 1)
            #expect(syncing.isRunning)
        }
    }
}
