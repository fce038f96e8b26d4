import Foundation
import Glibc
import TestSupport
import Testing

extension EndToEnd {
    @Suite("A watch.yaml")
    struct WatchTests {
        private static func source(_ value: Int) -> String { "def answer():\n    return \(value)\n" }

        private func watching(_ flocks: [(name: String, flock: Flock)], match: (Flock) -> String) throws
            -> (TemporaryTree, Program)
        {
            let tree = try TemporaryTree()
            let services = flocks.map { name, flock in
                "  \(name):\n    path: \(flock.tree.root.path)\n    match: { \(match(flock)) }\n"
            }
            try tree.write("version: 1\nservices:\n" + services.joined(), to: "watch.yaml")
            chmod(tree.file("watch.yaml").path, 0o644)
            let tool = try Midflight.start("watch", "-c", tree.file("watch.yaml").path, "--json")
            return (tree, tool)
        }

        @Test("keeps several services, each by its own saves")
        func several() async throws {
            let flocks = [
                ("one", try await Flock(.usual, children: 1, library: Self.source(1))),
                ("two", try await Flock(.usual, children: 1, library: Self.source(1))),
            ]
            let (tree, tool) = try watching(flocks) { "pid: \($0.pid)" }
            defer { withExtendedLifetime(tree) {} }
            for (name, _) in flocks {
                _ = try await tool.output.line("\(name) is ready") {
                    $0.contains(#""event":"ready","service":"\#(name)","processes":2"#)
                }
            }
            try flocks[0].1.save(Self.source(2))
            try await flocks[0].1.waitForAnswer("2", from: 2)
            #expect(flocks[1].1.answers.values.allSatisfy { $0 == "1" })
            _ = try await tool.output.line("the burst") { $0.contains(#""event":"burst""#) }
            let bursts = tool.output.lines.filter { $0.contains(#""event":"burst""#) }
            #expect(bursts.count == 1 && bursts[0].contains(#""service":"one""#))
            #expect(try await Answer.of("status", String(flocks[1].1.pid)).output.hasPrefix("two"))
            tool.send(SIGTERM)
            #expect(try await tool.status() == 0)
        }

        @Test("serves the others while the process of one does not answer")
        func apart() async throws {
            // Holds the interpreter lock, as C code may.
            let stuck = try await Flock(
                .usual, children: 0,
                library: """
                    import ctypes, os
                    def answer():
                        if os.path.exists("hold"):
                            open("held", "w").close()
                            ctypes.PyDLL(None).sleep(600)
                        return 1

                    """)
            let other = try await Flock(.usual, children: 0, library: Self.source(1))
            let (tree, tool) = try watching([("stuck", stuck), ("other", other)]) { "pid: \($0.pid)" }
            defer { withExtendedLifetime(tree) {} }
            try await eventually("both are ready", seen: { tool.output.text }) {
                tool.output.lines.count { $0.contains(#""event":"ready""#) } == 2
            }
            #expect(Server.descendants(tool.pid).count == 1, "one interpreter compiles for both")
            try stuck.tree.write("", to: "hold")
            try await eventually("it holds the lock") { (try? stuck.tree.read("held")) != nil }
            try stuck.save(Self.source(2))
            try await Task.sleep(for: .milliseconds(100))
            try other.save(Self.source(2))
            _ = try await tool.output.line("the other one's save") {
                $0.contains(#""event":"reload","service":"other""#)
            }
            #expect(try await Answer.of("status", String(other.pid)).output.hasPrefix("other"))
            #expect(try await Answer.of("sync", String(other.pid)).status == 0)
            // Ten seconds later it is told that the other one did not answer.
            #expect(
                tool.output.lines.allSatisfy {
                    !$0.contains(#""event":"error""#) && !$0.contains(#""event":"reload","service":"stuck""#)
                })
            stuck.program.send(SIGKILL)
        }

        @Test("waits for a service, and takes it up again after a restart")
        func waits() async throws {
            let tree = try TemporaryTree()
            try tree.write(Self.source(1), to: "lib.py")
            try tree.write(
                "import lib, select\nprint('ready')\nselect.select([], [], [])\n", to: "late_app.py")
            try tree.write(
                "version: 1\nservices:\n  late:\n    path: .\n    match: { cmdline: '\(tree.root.path)/late_app' }\n",
                to: "watch.yaml")
            chmod(tree.file("watch.yaml").path, 0o644)
            let tool = try Midflight.start("watch", "-c", tree.file("watch.yaml").path, "--json")
            _ = try await tool.output.line("waiting") { $0.contains(#""event":"waiting""#) }
            for round in 1...2 {
                let program = try Program(
                    [try Interpreter.usual.path, tree.file("late_app.py").path],
                    environment: ["PYTHONUNBUFFERED": "1", "PYTHONDONTWRITEBYTECODE": "1"])
                try await eventually("round \(round) ready") {
                    tool.output.lines.count { $0.contains(#""event":"ready""#) } == round
                }
                try tree.write(Self.source(1 + round), to: "lib.py")
                try await eventually("round \(round) patched", seen: { tool.output.text }) {
                    tool.output.lines.count { $0.contains(#""event":"reload""#) } == round
                }
                program.send(SIGKILL)
                _ = try await program.status()
                try await eventually("round \(round) lost") {
                    tool.output.lines.count { $0.contains(#""event":"target_lost""#) } == round
                }
            }
            #expect(tool.output.text.contains(#""event":"target_back""#))
            #expect(tool.isRunning)
        }

        @Test("that is saved applies at once, and with an error changes nothing")
        func reload() async throws {
            let flock = try await Flock(.usual, children: 0, library: Self.source(1))
            let other = try await Flock(.usual, children: 0, library: Self.source(1))
            let (tree, tool) = try watching([("one", flock)]) { "pid: \($0.pid)" }
            _ = try await tool.output.line("ready") { $0.contains(#""event":"ready""#) }
            let text = try tree.read("watch.yaml")
            try tree.write(text + "colour: red\n", to: "watch.yaml")
            _ = try await tool.errors.line("the error's place") { $0.contains("watch.yaml:6:1: error:") }
            try flock.save(Self.source(2))
            try await flock.waitForAnswer("2", from: 1)
            try tree.write(
                text + "  two:\n    path: \(other.tree.root.path)\n    match: { pid: \(other.pid) }\n",
                to: "watch.yaml")
            _ = try await tool.output.line("two is ready") {
                $0.contains(#""event":"ready","service":"two""#)
            }
            #expect(tool.output.text.contains(#""event":"config_reloaded""#))
            try other.save(Self.source(2))
            try await other.waitForAnswer("2", from: 1)
        }

        @Test("that cannot be used: 3, with every error's place")
        func invalid() async throws {
            let tree = try TemporaryTree()
            try tree.write("version: 1\nservices:\n  a:\n    pth: .\n", to: "watch.yaml")
            chmod(tree.file("watch.yaml").path, 0o644)
            let answer = try await Answer.of("watch", "-c", tree.file("watch.yaml").path)
            #expect(answer.status == 3 && answer.errors.contains("watch.yaml:4:5: error:"))
            #expect(answer.output.isEmpty)
        }

        @Test("with twenty services of three processes: ready in five seconds, small, and asleep while idle")
        func many() async throws {
            var flocks: [(name: String, flock: Flock)] = []
            for index in 0..<20 {
                flocks.append(
                    (
                        "s\(index)",
                        try await Flock(.usual, children: 2, library: Self.source(1), pause: "3600")
                    ))
            }
            let start = ContinuousClock.now
            let (tree, tool) = try watching(flocks) { "pid: \($0.pid)" }
            defer { withExtendedLifetime(tree) {} }
            try await eventually("all are ready") {
                tool.output.lines.count { $0.contains(#""event":"ready""#) } == 20
            }
            print("20 services x 3 processes: ready in \(ContinuousClock.now - start)")
            // The agents leave after two quiet seconds; from then on nothing happens, and nothing wakes it up.
            var before = try Self.switches(of: tool.pid)
            try await eventually("two seconds of sleep") {
                try await Task.sleep(for: .seconds(2))
                defer { before = (try? Self.switches(of: tool.pid)) ?? -1 }
                return try Self.switches(of: tool.pid) == before
            }
            let memory = try Self.field("VmHWM", of: tool.pid)
            print("20 services x 3 processes: \(memory) KiB")
            #expect(memory < 60 << 10)
        }

        /// Voluntary context switches of all threads that have not ended meanwhile.
        private static func switches(of pid: Int32) throws -> Int {
            try FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/task").reduce(0) {
                sum, thread in
                let text = try? String(contentsOfFile: "/proc/\(pid)/task/\(thread)/status", encoding: .utf8)
                let line = text?.split(separator: "\n").first { $0.hasPrefix("voluntary_ctxt_switches:") }
                return sum + (line.flatMap { Int($0.filter(\.isNumber)) } ?? 0)
            }
        }

        private static func field(_ name: String, of pid: Int32) throws -> Int {
            let text = try String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)
            let line = text.split(separator: "\n").first { $0.hasPrefix(name + ":") }
            return line.flatMap { Int($0.filter(\.isNumber)) } ?? 0
        }
    }
}
