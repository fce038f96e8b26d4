import Foundation
import Glibc
import TestSupport
import Testing

extension EndToEnd {
    @Suite("diff says what a save would do")
    struct DiffTests {
        static let source = """
            RUNS = []

            def noted(value):
                RUNS.append(value)
                return value

            class Cart:
                def total(self):
                    return 1

            def price():
                return 1
            """

        @Test("and changes nothing, runs nothing, writes nothing", arguments: Interpreter.ends)
        func applicable(interpreter: Interpreter) async throws {
            let script = try await Script(interpreter, Self.source)
            let none = try await run(script)
            #expect(none == ("no difference: 1 file looked at\n", 0))
            let edited = Self.source.replacingOccurrences(of: "return 1", with: "return 2")
            try script.save(edited + "\n\ndef extra(n=noted(1)):\n    return n\n")
            let some = try await run(script)
            #expect(some.text.contains(/app\.py:8  __main__\.Cart\.total  body/))
            #expect(some.text.contains(/app\.py:11  __main__\.price  body/))
            #expect(some.text.contains(/app\.py:14  __main__\.extra  added/))
            #expect(some.status == 0)
            #expect(try await run(script) == some, "nothing was changed by asking")
            #expect(script.program.output.lines == ["ready"])
            #expect(script.program.errors.lines.isEmpty)
        }

        @Test("and is answered by the midflight that controls the process")
        func controlled() async throws {
            let script = try await Script(.usual, Self.source)
            let tool = try Midflight.start("attach", String(script.pid), "--json")
            _ = try await tool.output.line("ready") { $0.contains(#""event":"ready""#) }
            #expect(try await run(script) == ("no difference: 1 file looked at\n", 0))
            #expect(try await Answer.of("pause", String(script.pid)).status == 0)
            try script.save(Self.source.replacingOccurrences(of: "return 1", with: "return 2"))
            let some = try await run(script)
            #expect(some.text.contains(/app\.py:8  __main__\.Cart\.total  body/) && some.status == 0)
            try script.save(Self.source.replacingOccurrences(of: "return 1", with: "return (1"))
            let refused = try await run(script)
            #expect(refused.text.contains("SyntaxError") && refused.status == 1)
            #expect(!tool.output.text.contains(#""event":"reload""#), "nothing was changed by asking")
            tool.send(SIGTERM)
            #expect(try await tool.status() == 0)
        }

        @Test("and names what does not compile or is not loaded")
        func refused() async throws {
            let script = try await Script(.usual, Self.source)
            try script.save(Self.source.replacingOccurrences(of: "return 1", with: "return (1"))
            let refused = try await run(script)
            #expect(refused.text.contains("SyntaxError") && refused.text.contains("[syntax]"))
            #expect(refused.status == 1)
            try script.tree.write("x = 1\n", to: "other.py")
            let other = try await run(script, script.tree.file("other.py").path)
            #expect(other.text.contains("not-loaded") && other.status == 1)
        }

        private func run(_ script: Script, _ files: String...) async throws -> (text: String, status: Int32) {
            let answer = try await Answer.of(["diff", String(script.pid), "--color", "never"] + files)
            #expect(answer.errors.isEmpty)
            return (answer.output, answer.status)
        }
    }
}
