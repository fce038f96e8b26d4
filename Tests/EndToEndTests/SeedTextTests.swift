import Foundation
import TestSupport
import Testing

extension EndToEnd {
    @Suite("The text of reload and module, byte for byte")
    struct SeedTextTests {
        private static let source = """
            def greet(name):
                return f"hello {name}"


            class Counter:
                @staticmethod
                def bump(
                    by=1,
                ):
                    return by


            def long(x):
            \((1...21).map { "    x += \($0)" }.joined(separator: "\n"))
                return x
            """

        /// A fresh target whose file was edited; the target's own streams must stay as they were.
        private func answer(
            _ interpreter: Interpreter, edit old: String, to new: String, _ arguments: String...
        ) async throws -> (Answer, path: String) {
            let script = try await Script(interpreter, Self.source)
            try script.save(Self.source.replacing(old, with: new))
            let answer = try await Answer.of([arguments[0], String(script.pid)] + arguments.dropFirst())
            #expect(script.program.output.lines == ["ready"] && script.program.errors.lines.isEmpty)
            return (answer, script.file.path)
        }

        @Test("of a function that is as it was", arguments: Interpreter.ends)
        func unchanged(interpreter: Interpreter) async throws {
            let (answer, path) = try await answer(
                interpreter, edit: "", to: "", "reload", "__main__", "greet")
            let text = """
                Error: Method source has not changed.
                Located file path: \(path)
                Extracted method source:
                def greet(name):
                    return f"hello {name}"

                """
            #expect(answer == Answer(output: text, errors: "", status: 1))
        }

        @Test("of an edited function", arguments: Interpreter.ends)
        func edited(interpreter: Interpreter) async throws {
            let (answer, path) = try await answer(
                interpreter, edit: "hello {name}", to: "HELLO {name} v2", "reload", "__main__", "greet")
            let text = """
                Reload is done successfully.
                Located file path: \(path)
                Extracted method source:
                def greet(name):
                    return f"HELLO {name} v2"

                """
            #expect(answer == Answer(output: text, errors: "", status: 0))
        }

        @Test("of a method: indented as in the file, decorators left out", arguments: Interpreter.ends)
        func method(interpreter: Interpreter) async throws {
            let (answer, path) = try await answer(
                interpreter, edit: "return by", to: "return by + 1", "reload", "__main__", "Counter", "bump")
            let text = """
                Reload is done successfully.
                Located file path: \(path)
                Extracted method source:
                    def bump(
                        by=1,
                    ):
                        return by + 1

                """
            #expect(answer == Answer(output: text, errors: "", status: 0))
        }

        @Test("of 23 lines: ten, a remark, ten; with -v all", arguments: Interpreter.ends, [false, true])
        func long(interpreter: Interpreter, isVerbose: Bool) async throws {
            let (answer, path) = try await answer(
                interpreter, edit: "x += 21", to: "x += 210", "reload", "__main__", "long",
                isVerbose ? "--verbose" : "--no-color")
            let all = ["def long(x):"] + (1...20).map { "    x += \($0)" } + ["    x += 210", "    return x"]
            let shown =
                isVerbose ? all : all.prefix(10) + ["# ... [3 lines omitted] ..."] + all.suffix(10)
            let head = [
                "Reload is done successfully.", "Located file path: \(path)", "Extracted method source:",
            ]
            #expect(all.count == 23)
            #expect(answer.output == (head + shown).joined(separator: "\n") + "\n")
            #expect(answer.status == 0 && answer.errors.isEmpty)
        }

        @Test(
            "of what is not there",
            arguments: Interpreter.ends,
            [
                (
                    ["__main__", "Counter", "nosuch"],
                    "Cannot locate method nosuch in module __main__ class Counter"
                ),
                (["__main__", "nosuch"], "Cannot locate method nosuch in module __main__"),
                (["nosuch", "greet"], "Unexpected error during reload: No module named 'nosuch'"),
            ])
        func missing(interpreter: Interpreter, what: (names: [String], reason: String)) async throws {
            let script = try await Script(interpreter, Self.source)
            let answer = try await Answer.of(["reload", String(script.pid)] + what.names)
            #expect(answer == Answer(output: "Error: \(what.reason).\n", errors: "", status: 1))
            #expect(script.program.output.lines == ["ready"] && script.program.errors.lines.isEmpty)
        }

        @Test("of a path", arguments: Interpreter.ends)
        func module(interpreter: Interpreter) async throws {
            let (known, path) = try await answer(
                interpreter, edit: "", to: "", "module", Checkout.file("LICENSE").path)
            let license = Checkout.file("LICENSE").path
            let text = "filepath: \(license) is not imported in target process.\n"
            #expect(known == Answer(output: text, errors: "", status: 1))
            let gone = try await Answer.of("module", "1", path + ".gone")
            let words = "✗ Parse module argument failed: filepath \(path).gone does not exist.\n"
            #expect(gone == Answer(output: words, errors: "", status: 1))
        }
    }
}
