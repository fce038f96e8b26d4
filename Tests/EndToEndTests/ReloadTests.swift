import Foundation
import Reloader
import TestSupport
import Testing

extension EndToEnd {
    @Suite("reload and module speak PyFlightProfiler's words")
    struct ReloadTests {
        static let source = """
            def greet(name):
                return f"hello {name}"
            """
        static let edited = source.replacingOccurrences(of: "hello {name}", with: "HELLO {name} v2")

        @Test("for a function that is edited, and then is not", arguments: Interpreter.all)
        func function(interpreter: Interpreter) async throws {
            let script = try await Script(interpreter, Self.source)
            let text = """
                Located file path: \(script.file.path)
                Extracted method source:
                def greet(name):
                    return f"HELLO {name} v2"
                """
            try script.save(Self.edited)
            try await expect("Reload is done successfully.\n" + text, status: 0, script, "__main__", "greet")
            try await expect(
                "Error: Method source has not changed.\n" + text, status: 1, script, "__main__", "greet")
            #expect(script.program.output.lines == ["ready"])
            #expect(script.program.errors.lines.isEmpty)
        }

        @Test("for a path: the module's name, or that it is not imported", arguments: Interpreter.all)
        func moduleName(interpreter: Interpreter) async throws {
            let script = try await Script(interpreter, Self.source)
            let threads = ProcFS().threadIDs(script.pid)
            let descriptors = ProcFS().descriptors(script.pid)
            let known = try await run(script, "module", script.file.path)
            #expect(known.lines == ["__main__"] && known.status == 0)
            try script.tree.write("x = 1\n", to: "other.py")
            let other = script.tree.file("other.py").path
            let unknown = try await run(script, "module", other)
            #expect(
                unknown.lines == ["filepath: \(other) is not imported in target process."]
                    && unknown.status == 1)
            #expect(ProcFS().threadIDs(script.pid) == threads)
            #expect(ProcFS().descriptors(script.pid) == descriptors)
            #expect(script.program.output.lines == ["ready"])
            #expect(script.program.errors.lines.isEmpty)
        }

        @Test("after one attach: a thread of the program is stopped once", arguments: ["reload", "module"])
        func attachesOnce(command: String) async throws {
            let script = try await Script(.usual, Self.source)
            try script.save(Self.edited)
            let log = script.tree.file("stages")
            let words = command == "reload" ? ["__main__", "greet"] : [script.file.path]
            let tool = try Program(
                [Checkout.binary.path, command, String(script.pid)] + words,
                environment: ["MIDFLIGHT_STAGE_LOG": log.path])
            #expect(try await tool.status() == 0)
            let stages = try String(contentsOf: log, encoding: .utf8).split(separator: "\n").compactMap {
                $0.split(separator: " ").last
            }
            #expect(stages.count { $0 == "stopped" } == 1 && stages.count { $0 == "taken" } == 1)
        }

        private func expect(
            _ text: String, status: Int32, _ script: Script, _ arguments: String...,
            sourceLocation: SourceLocation = #_sourceLocation
        ) async throws {
            let answer = try await run(script, "reload", arguments)
            #expect(answer.lines.joined(separator: "\n") == text, sourceLocation: sourceLocation)
            #expect(answer.status == status, sourceLocation: sourceLocation)
        }

        private func run(_ script: Script, _ command: String, _ arguments: String...) async throws
            -> (lines: [String], status: Int32)
        {
            try await run(script, command, arguments)
        }

        private func run(_ script: Script, _ command: String, _ arguments: [String]) async throws
            -> (lines: [String], status: Int32)
        {
            let tool = try Program([Checkout.binary.path, command, String(script.pid)] + arguments)
            let status = try await tool.status()
            return (tool.output.lines, status)
        }
    }
}
