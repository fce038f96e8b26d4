import Foundation
import Glibc
import TestSupport
import Testing

@testable import midflight

extension EndToEnd {
    @Suite("Every exit status of a one-shot, with what happened, and what to do next")
    struct ExitStatusTests {
        /// Standard output is for data: an error of the process leaves it empty, and ends in a way out.
        private func expect(
            _ status: Int32, saying words: String..., of arguments: [String], prefix: [String] = [],
            sourceLocation: SourceLocation = #_sourceLocation
        ) async throws {
            let answer = try await Answer.of(arguments, prefix: prefix)
            #expect(answer.status == status, "\(answer)", sourceLocation: sourceLocation)
            #expect(answer.output.isEmpty, sourceLocation: sourceLocation)
            for word in words {
                #expect(answer.errors.contains(word), "\(answer.errors)", sourceLocation: sourceLocation)
            }
        }

        @Test(
            "2: wrong usage, with the usage",
            arguments: [["reload"], ["reload", "1", "m"], ["module", "1"], ["ps", "x"]])
        func usage(arguments: [String]) async throws {
            try await expect(2, saying: "Usage:", of: arguments)
        }

        @Test("2: a directory that is a file, or is not there", arguments: ["LICENSE", "nosuch"])
        func directory(name: String) async throws {
            try await expect(2, saying: name, "directory", of: ["attach", "1", Checkout.file(name).path])
        }

        @Test("4: no such process")
        func noSuchProcess() async throws {
            let ended = try Program(["/bin/true"])
            _ = try await ended.status()
            try await expect(
                4, saying: "no process \(ended.pid)", "→ check the pid",
                of: ["reload", String(ended.pid), "m", "f"])
        }

        @Test("5: not permitted", .enabled(if: geteuid() == 0, "only root can be two people"))
        func notPermitted() async throws {
            let script = try await Script(.usual, "x = 1\n")
            let reader = try Accounts.asNobody(Checkout.binary)
            let tool = try Program(Accounts.nobody + [reader.path, "reload", String(script.pid), "m", "f"])
            #expect(try await tool.status() == 5)
            #expect(tool.output.lines.isEmpty && tool.errors.text.contains("sudo"))
        }

        @Test("6: not Python")
        func notPython() async throws {
            let sleeper = try Program(["/bin/sleep", "60"])
            try await expect(
                6, saying: "not a CPython process", "→ give the pid",
                of: ["reload", String(sleeper.pid), "m", "f"])
        }

        @Test("7: it is stopped; it stays so")
        func stopped() async throws {
            let script = try await Script(.usual, "x = 1\n")
            script.program.send(SIGSTOP)
            try await expect(
                7, saying: "is stopped", "kill -CONT", of: ["reload", String(script.pid), "__main__", "f"])
        }

        @Test("8: another midflight has it, and is named")
        func controlled() async throws {
            let script = try await Script(.usual, "x = 1\n")
            let first = try Midflight.start("attach", String(script.pid))
            _ = try await first.errors.line("ready") { $0.contains("Ctrl-C ends") }
            let arguments = ["attach", String(script.pid)]
            try await expect(8, saying: "midflight \(first.pid)", "kill \(first.pid)", of: arguments)
            #expect(first.isRunning)
        }

        @Test("the same as one JSON object, with the status in it")
        func json() async throws {
            let ended = try Program(["/bin/true"])
            _ = try await ended.status()
            let answer = try await Answer.of(
                "module", String(ended.pid), Checkout.file("LICENSE").path, "--json")
            #expect(answer.status == 4)
            #expect(
                answer.output.contains(#""reason":"no-such-process""#)
                    && answer.output.contains(#""status":4"#))
        }

        @Test("the page of exit statuses knows each of them")
        func page() throws {
            let page = try String(contentsOf: Checkout.file("docs/exit-codes.md"), encoding: .utf8)
            for status in ExitStatus.allCases { #expect(page.contains("| \(status.rawValue) |")) }
        }
    }
}
