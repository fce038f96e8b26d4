import Foundation
import Glibc
import TestSupport
import Testing

extension EndToEnd {
    @Suite("A signal")
    struct SignalTests {
        @Test(
            "that ends a watch: 0 within a second, and nothing is left", arguments: [SIGINT, SIGTERM, SIGHUP])
        func ends(signal: Int32) async throws {
            let script = try await Script(.usual, "x = 1\n")
            let before = try ProcessFacts(of: script.pid)
            let tool = try Midflight.start("attach", String(script.pid))
            _ = try await tool.errors.line("ready") { $0.contains("Ctrl-C ends") }
            tool.send(signal)
            #expect(try await tool.status(within: .seconds(5)) == 0)
            #expect(tool.errors.lines.last?.hasPrefix("detached") == true)
            #expect(try ProcessFacts(of: script.pid) == before)
            #expect(script.program.output.lines == ["ready"] && script.program.errors.lines.isEmpty)
        }

        @Test("SIGHUP under nohup changes nothing")
        func nohup() async throws {
            let script = try await Script(.usual, "x = 1\n")
            let tool = try Midflight.start(
                "attach", String(script.pid), prefix: ["/bin/sh", "-c", #"trap '' HUP; exec "$@""#, "sh"])
            _ = try await tool.errors.line("ready") { $0.contains("Ctrl-C ends") }
            tool.send(SIGHUP)
            try script.save("x = 2\n")
            _ = try await tool.errors.line("the save") { $0.contains("app.py  ") }
            #expect(tool.isRunning)
        }

        /// The interpreter lock is never free, so that no answer comes.
        private static let hog = """
            import select, threading
            threading.Thread(target=select.select, args=([], [], []), daemon=True).start()

            def hog():
                print("hogging", flush=True)
                sum(range(1 << 60))
            threading.Timer(0.05, hog).start()
            """

        private func hogged() async throws -> Script {
            let script = try await Script(.usual, Self.hog)
            _ = try await script.program.output.line("hogging") { $0 == "hogging" }
            return script
        }

        @Test("while a watch still waits for the target: 0 within a second; a second Ctrl-C: at once")
        func duringAttach() async throws {
            let script = try await hogged()
            let patient = try Midflight.start("attach", String(script.pid))
            try await inTheTarget(script)
            patient.send(SIGINT)
            #expect(try await patient.status(within: .seconds(5)) == 0)

            // On a busy machine one try may be late; who waited for the end of its grace would always be.
            var isAtOnce = false
            for _ in 0..<8 where !isAtOnce { isAtOnce = try await endsAtOnce(script) }
            #expect(isAtOnce)
            #expect(try ProcessFacts(of: script.pid).tracer == 0)
        }

        /// Whether a second Ctrl-C was enough for the end; the first one alone would give it 0.7 seconds.
        private func endsAtOnce(_ script: Script) async throws -> Bool {
            let present = try agents(in: script)
            let hurried = try Midflight.start("attach", String(script.pid))
            try await inTheTarget(script, agents: present + 1)
            hurried.send(SIGINT)
            try await Task.sleep(for: .milliseconds(50))  // two signals at the same instant are one
            let start = ContinuousClock.now
            hurried.send(SIGINT)
            #expect(try await hurried.status() == 0)
            return ContinuousClock.now - start < .milliseconds(500)
        }

        @Test(
            "that interrupts a one-shot: 130, and the target is not left stopped",
            arguments: [SIGINT, SIGTERM])
        func interrupted(signal: Int32) async throws {
            let script = try await hogged()
            let tool = try Midflight.start("reload", String(script.pid), "__main__", "hog")
            try await inTheTarget(script)
            tool.send(signal)
            #expect(try await tool.status(within: .seconds(5)) == 130)
            #expect(tool.output.lines.isEmpty && tool.errors.text.contains("interrupted"))
            let status = try String(contentsOfFile: "/proc/\(script.pid)/status", encoding: .utf8)
            #expect(!status.contains("State:\tT") && !status.contains("State:\tt"))
            #expect(try ProcessFacts(of: script.pid).tracer == 0)
        }

        /// So many threads of ours wait for the lock there.
        private func inTheTarget(_ script: Script, agents: Int = 1) async throws {
            try await eventually("\(agents) agents in the target") { try self.agents(in: script) >= agents }
        }

        private func agents(in script: Script) throws -> Int {
            try ProcessFacts(of: script.pid).threads.count { $0.hasPrefix("midflight") }
        }

        @Test("SIGUSR1 holds saves back, and again lets them in")
        func pause() async throws {
            let script = try await Script(.usual, "def one():\n    return 1\n")
            let tool = try Midflight.start("attach", String(script.pid), "--json")
            _ = try await tool.output.line("ready") { $0.contains(#""event":"ready""#) }
            tool.send(SIGUSR1)
            _ = try await tool.output.line("paused") { $0.contains(#""event":"paused""#) }
            try script.save("def one():\n    return 2\n")
            try await Task.sleep(for: .milliseconds(150))
            #expect(!tool.output.text.contains(#""event":"reload""#))
            tool.send(SIGUSR1)
            _ = try await tool.output.line("reload") { $0.contains(#""event":"reload""#) }
            let events = try tool.output.lines.map(Event.init(parsing:)).map(\.event)
            #expect(events == ["attached", "ready", "paused", "resumed", "reload"])
        }

        @Test(
            "Ctrl-Z: the agent leaves, midflight stops, the target does not; later saves go in with SIGCONT")
        func stop() async throws {
            let script = try await Script(.usual, "def one():\n    return 1\n")
            let before = try ProcessFacts(of: script.pid)
            let tool = try Midflight.start("attach", String(script.pid))
            _ = try await tool.errors.line("ready") { $0.contains("Ctrl-C ends") }
            for round in 2...3 {
                tool.send(SIGTSTP)
                try await eventually("midflight stopped") { try Self.state(of: tool.pid) == "T" }
                #expect(try Self.state(of: script.pid) == "S")
                #expect(try ProcessFacts(of: script.pid) == before, "the agent has left first")
                try script.save("def one():\n    return \(round)\n")
                tool.send(SIGCONT)
                try await eventually("the save") {
                    tool.errors.lines.count { $0.contains("__main__.one") } == round - 1
                }
            }
            tool.send(SIGINT)
            #expect(try await tool.status(within: .seconds(5)) == 0)
        }

        @Test(
            "Ctrl-Z taken back before midflight could stop: it does not stop later",
            arguments: [SIGCONT, SIGINT])
        func stopTakenBack(signal: Int32) async throws {
            let script = try await hogged()
            let tool = try Midflight.start("attach", String(script.pid))
            try await inTheTarget(script)
            tool.send(SIGTSTP)
            try await Task.sleep(for: .milliseconds(20))  // in this order
            tool.send(signal)
            if signal == SIGCONT { script.program.send(SIGKILL) }  // so that it ends at all
            #expect(try await tool.status(within: .seconds(5)) == (signal == SIGCONT ? 7 : 0))
        }

        @Test("of a reader that left: the watch ends with 0 at its next event")
        func readerLeft() async throws {
            let script = try await Script(.usual, "def one():\n    return 1\n")
            let pipe = Pipe()
            let tool = Process()
            tool.executableURL = Checkout.binary
            tool.arguments = ["attach", String(script.pid), "--json"]
            tool.standardOutput = pipe
            tool.standardError = FileHandle.nullDevice
            try tool.run()
            var seen = Data()
            while !String(decoding: seen, as: UTF8.self).contains(#""ready""#) {
                let more = pipe.fileHandleForReading.availableData
                if more.isEmpty { break }
                seen += more
            }
            try pipe.fileHandleForReading.close()
            try script.save("def one():\n    return 2\n")
            try await eventually("the end") { !tool.isRunning }
            #expect(tool.terminationReason == .exit && tool.terminationStatus == 0)
        }

        /// One letter of /proc/PID/stat.
        private static func state(of pid: Int32) throws -> String {
            let line = try String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)
            return line.split(separator: ")").last?.split(separator: " ").first.map(String.init) ?? "?"
        }
    }
}
