import Foundation
import Glibc
import TestSupport
import Testing

extension EndToEnd {
    @Suite("midflight without a name means the program of this directory")
    struct HereTests {
        private static let source = "def one():\n    return 1\n"

        @Test("exactly one: attaches, also from a directory above it")
        func one() async throws {
            let script = try await Script(.usual, Self.source)
            let tool = try Program(
                [Checkout.binary.path], in: script.tree.root, environment: ["NO_COLOR": "1"])
            _ = try await tool.errors.line("attached") { $0.hasPrefix("attached \(script.pid)") }
            tool.send(SIGTERM)
            #expect(try await tool.status() == 0)
        }

        @Test("none: says so and ends with 4")
        func none() async throws {
            let tree = try TemporaryTree()
            let answer = try await Answer.of([], in: tree.root)
            #expect(answer.status == 4 && answer.output.isEmpty)
            #expect(answer.errors.contains(tree.root.path) && answer.errors.contains("midflight ps"))
        }

        @Test("several and nobody to ask: lists them and ends with 4; a pid alone attaches")
        func several() async throws {
            let first = try await Script(.usual, Self.source)
            let second = try await Script(.usual, Self.source, in: first.tree.root)
            let answer = try await Answer.of([], in: first.tree.root)
            #expect(answer.status == 4)
            #expect(answer.output.contains("\(first.pid)") && answer.output.contains("\(second.pid)"))
            #expect(
                answer.errors.contains("2 Python processes") && answer.errors.contains("midflight attach PID")
            )

            let tool = try Program([Checkout.binary.path, String(second.pid)], in: first.tree.root)
            _ = try await tool.errors.line("attached") { $0.contains("attached") }
            #expect(tool.isRunning)
        }

        @Test("several and a person: asks, again after a wrong answer, and attaches to the chosen one")
        func picker() async throws {
            let first = try await Script(.usual, Self.source)
            let second = try await Script(.usual, Self.source, in: first.tree.root)
            let chosen = max(first.pid, second.pid)
            let screen = try PseudoTerminal()
            let tool = try screen.start([Checkout.binary.path, "--no-color"], in: first.tree.root)
            defer { tool.terminate() }
            try await screen.wait(for: "[1-2, Enter for none] ")
            try screen.type("7\n")
            try await screen.wait(for: "no number of the list")
            try screen.type("2\n")
            try await screen.wait(for: "attached \(chosen)")
            #expect(tool.isRunning)
        }

        @Test("several and a person who wants none: 4")
        func declined() async throws {
            let first = try await Script(.usual, Self.source)
            let second = try await Script(.usual, Self.source, in: first.tree.root)
            let screen = try PseudoTerminal()
            let tool = try screen.start([Checkout.binary.path], in: first.tree.root)
            try await screen.wait(for: "[1-2, Enter for none] ")
            try screen.type("\n")
            try await screen.wait(for: "none chosen")
            tool.waitUntilExit()
            #expect(tool.terminationStatus == 4 && second.program.isRunning)
        }

        @Test("one that may not be touched: tries, and has that reason's status")
        func obstructed() async throws {
            let script = try await Script(.usual, Self.source)
            script.program.send(SIGSTOP)
            let answer = try await Answer.of([], in: script.tree.root)
            #expect(answer.status == 7 && answer.errors.contains("kill -CONT \(script.pid)"))
        }

        @Test("a script that starts midflight does not mean itself")
        func ancestor() async throws {
            let script = try await Script(.usual, Self.source)
            let runner = """
                import subprocess, sys
                tool = subprocess.Popen([sys.argv[1], "--json"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
                print(tool.stdout.readline().decode(), end="")
                tool.terminate()
                print(tool.wait())
                """
            let python = try Interpreter.usual
            let program = try Program(
                [python.path, "-c", runner, Checkout.binary.path], in: script.tree.root)
            #expect(try await program.status() == 0)
            let event = try Event(parsing: program.output.lines.first ?? "")
            #expect(event.event == "attached" && event.pid == script.pid)
            #expect(program.output.lines.last == "0")
        }

        @Test("several on a build server's terminal: nobody is asked")
        func buildServer() async throws {
            let first = try await Script(.usual, Self.source)
            let second = try await Script(.usual, Self.source, in: first.tree.root)
            let screen = try PseudoTerminal()
            let tool = try screen.start(
                [Checkout.binary.path], in: first.tree.root, environment: ["CI": "true"])
            try await screen.wait(for: "name one: midflight attach PID")
            tool.waitUntilExit()
            #expect(tool.terminationStatus == 4 && second.program.isRunning)
        }

        @Test("ps tells what one chooses by, and why not")
        func list() async throws {
            let script = try await Script(.usual, Self.source)
            let watch = try Midflight.start("attach", String(script.pid))
            _ = try await watch.errors.line("ready") { $0.contains("Ctrl-C ends") }
            let shop = try await Shop(.usual)
            shop.program.send(SIGSTOP)
            defer { shop.program.send(SIGCONT) }
            let answer = try await Answer.of("ps", "--json")
            let lines = answer.output.split(separator: "\n").map { Data($0.utf8) }
            let found = try #require(
                lines.lazy.compactMap { try? JSONDecoder().decode(Listed.self, from: $0) }
                    .first { $0.pid == shop.pid })
            #expect(found.python?.hasPrefix("3.") == true)
            #expect(found.cwd == shop.sources.path && found.command.contains("serve.py") && found.uptime >= 0)
            #expect(found.ports.count == 1)
            #expect(!found.attachable && found.reason == "target-stopped")
            #expect(!answer.output.contains("twin"))
            let text = try await Answer.of("ps")
            #expect(text.output.contains("target-stopped: process \(shop.pid) is stopped"))
        }

        private struct Listed: Decodable {
            var pid: Int32
            var python: String?
            var cwd: String
            var command: [String]
            var uptime: Int
            var ports: [Int]
            var attachable: Bool
            var reason: String?
        }
    }
}
