import Foundation
import Glibc
import TestSupport
import Testing

extension EndToEnd {
    @Suite("A child that is forked while an agent is in its parent")
    struct InheritedTests {
        private func pipes(of pid: Int32) throws -> Set<String> {
            let folder = "/proc/\(pid)/fd"
            let links = try FileManager.default.contentsOfDirectory(atPath: folder).compactMap {
                try? FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/\($0)")
            }
            return Set(links.filter { $0.hasPrefix("pipe:") })
        }

        @Test("has no descriptor of it once midflight has ended", arguments: Interpreter.ends)
        func descriptors(interpreter: Interpreter) async throws {
            let flock = try await Flock(interpreter, children: 0, library: "def answer():\n    return 1\n")
            let before = try pipes(of: flock.pid)
            let tool = try Midflight.start("attach", String(flock.pid), "--json")
            _ = try await tool.output.line("ready") { $0.contains(#""event":"ready""#) }
            try flock.save("def answer():\n    return 2\n")
            try await flock.waitForAnswer("2", from: 1)
            // The agent is there: the child is forked beside it.
            #expect(try pipes(of: flock.pid).count > before.count)
            try flock.tree.write("", to: "fork")
            try await flock.waitForAnswer("2", from: 2)
            let child = try #require(flock.answers.keys.first { $0 != flock.pid })
            _ = try await tool.output.line("the child") {
                $0.contains(#""event":"attached""#) && $0.contains("\"pid\":\(child)")
            }
            tool.send(SIGINT)
            #expect(try await tool.status() == 0)
            #expect(try pipes(of: flock.pid) == before)
            #expect(try pipes(of: child) == before)
        }

        /// Executable mappings that are of no file; an interpreter has none.
        private func anonymousCode(of pid: Int32) throws -> [Substring] {
            let maps = try String(contentsOfFile: "/proc/\(pid)/maps", encoding: .utf8)
            return maps.split(separator: "\n").filter {
                let words = $0.split(separator: " ")
                return words.count == 5 && words[1].contains("x")
            }
        }

        @Test(
            "nor has it its memory; a later midflight takes away what a killed one left",
            arguments: Interpreter.ends)
        func afterKill(interpreter: Interpreter) async throws {
            let flock = try await Flock(interpreter, children: 0, library: "def answer():\n    return 1\n")
            let before = try pipes(of: flock.pid)
            let killed = try Midflight.start("attach", String(flock.pid), "--no-workers", "--json")
            _ = try await killed.output.line("ready") { $0.contains(#""event":"ready""#) }
            try flock.save("def answer():\n    return 2\n")
            try await flock.waitForAnswer("2", from: 1)
            try flock.tree.write("", to: "fork")
            try await flock.waitForAnswer("2", from: 2)
            let child = try #require(flock.answers.keys.first { $0 != flock.pid })
            #expect(try anonymousCode(of: child).isEmpty)
            #expect(try pipes(of: child).count > before.count, "it was forked too late for this test")
            killed.send(SIGKILL)
            _ = try await killed.status()
            try await eventually("the agent's end") { try pipes(of: flock.pid) == before }
            let tool = try Midflight.start("attach", String(flock.pid), "--json")
            _ = try await tool.output.line("ready") { $0.contains(#""event":"ready""#) }
            tool.send(SIGINT)
            #expect(try await tool.status() == 0)
            #expect(try pipes(of: child) == before)
            #expect(try anonymousCode(of: flock.pid).isEmpty)
        }
    }
}
