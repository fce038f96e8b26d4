import Foundation
import TestSupport
import Testing

@testable import midflight

extension EndToEnd {
    @Suite("PyFlightProfiler's form, PID --cmd LINE, is the same as the command")
    struct ProfilerFormTests {
        private static let source = """
            class Counter:
                def bump(self):
                    return 1
            """

        @Test("for reload: text and status, also of a failure")
        func reload() async throws {
            let script = try await Script(.usual, Self.source)
            try script.save(Self.source.replacing("return 1", with: "return 2"))
            let pid = String(script.pid)
            let done = try await Answer.of(pid, "--cmd", "reload __main__ Counter bump -v", "--no-color")
            #expect(
                done.output.hasPrefix(
                    "Reload is done successfully.\nLocated file path: \(script.file.path)\n"))
            #expect(done.status == 0 && done.errors.isEmpty)

            let again = try await Answer.of(pid, "--cmd", "reload __main__ Counter bump")
            #expect(again == (try await Answer.of("reload", pid, "__main__", "Counter", "bump")))
            #expect(again.status == 1)
            #expect(script.program.output.lines == ["ready"] && script.program.errors.lines.isEmpty)
        }

        @Test("for module, with options before the pid and a quoted path")
        func module() async throws {
            let script = try await Script(.usual, Self.source)
            let answer = try await Answer.of(
                "--no-color", String(script.pid), "--cmd", "module '\(script.file.path)'")
            #expect(answer == Answer(output: "__main__\n", errors: "", status: 0))
        }

        @Test(
            "and what it is not is wrong usage, with a way out",
            arguments: [
                (["1", "--cmd", "console a b"], "knows reload, module"),
                (["1", "--cmd", "reload x"], "MODULE METHOD"),
                (["1", "--cmd", "module 'x"], "quotation mark"), (["1", "--cmd", ""], "empty"),
                (["--cmd", "module x"], "pid"), (["atach", "1"], "'attach'"), (["0"], "positive"),
            ])
        func wrong(arguments: [String], word: String) async throws {
            let answer = try await Answer.of(arguments)
            #expect(answer.status == 2 && answer.output.isEmpty)
            #expect(answer.errors.contains(word) && answer.errors.contains("Usage:"), "\(answer.errors)")
        }

        @Test(
            "its words are those of a shell",
            arguments: [
                ("reload  a\tb", ["reload", "a", "b"]), ("module '/a b/c'", ["module", "/a b/c"]),
                (#"module /a\ b"#, ["module", "/a b"]), (#"x "a'b" """#, ["x", "a'b", ""]), ("", []),
                ("a 'b", nil), (#"a\"#, nil),
            ] as [(String, [String]?)])
        func words(line: String, expected: [String]?) {
            #expect(ShellWords.split(line) == expected)
        }
    }
}
