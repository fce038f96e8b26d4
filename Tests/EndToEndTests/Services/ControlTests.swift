import Foundation
import Glibc
import TestSupport
import Testing

extension EndToEnd {
    @Suite("The control socket")
    struct ControlTests {
        private static func source(_ value: Int) -> String { "def answer():\n    return \(value)\n" }

        private func attached(children: Int = 1) async throws -> (Flock, Program) {
            let flock = try await Flock(.usual, children: children, library: Self.source(1))
            try await flock.waitForAnswer("1", from: children + 1)
            let tool = try Midflight.start("attach", String(flock.pid), "--json")
            _ = try await tool.output.line("ready") { $0.contains(#""event":"ready""#) }
            return (flock, tool)
        }

        @Test("sync returns once a save is live in all processes")
        func sync() async throws {
            let (flock, tool) = try await attached()
            for value in 2...20 {
                try flock.save(Self.source(value), style: value % 2 == 0 ? .inPlace : .renamedOver)
                let answer = try await Answer.of("sync", String(flock.pid), flock.library.path, "--json")
                #expect(answer.status == 0, "\(answer)")
                #expect(answer.output.contains(#""state":"live","processes":2"#))
                try await flock.waitForAnswer("\(value)", from: 2)
            }
            #expect(!tool.output.text.contains(#""reason":"unchanged""#), "a sync's own save is no news")
        }

        @Test("sync names what was rejected and what was kept: 1; what nobody has loaded is in step")
        func reasons() async throws {
            let (flock, tool) = try await attached()
            defer { tool.send(SIGTERM) }
            try flock.save("def answer():\n    return (2\n")
            let rejected = try await Answer.of("sync", String(flock.pid))
            #expect(rejected.status == 1 && rejected.errors.contains("syntax"))
            try flock.save(Self.source(2) + "print('never')\n")
            let kept = try await Answer.of("sync", String(flock.pid), "--json")
            #expect(kept.status == 1 && kept.output.contains(#""reason":"module-statement""#))
            let again = try await Answer.of("sync", String(flock.pid))
            #expect(again.status == 1, "what stayed out stays named")
            try flock.save(Self.source(1))  // of which everything was live
            #expect(try await Answer.of("sync", String(flock.pid)).status == 0)
            try flock.tree.write("x = 1\n", to: "later.py")
            let later = try await Answer.of(
                "sync", String(flock.pid), flock.tree.file("later.py").path, "--json")
            #expect(later.status == 0 && later.output.contains(#""not_loaded":["later.py"]"#))
        }

        @Test(
            "sync of a misspelled name is not 0, and of a library beside the program it is once that is live")
        func besideTheProject() async throws {
            let tree = try TemporaryTree()
            try tree.write("[project]\n", to: "app/pyproject.toml")
            try tree.write(
                "import common\nimport time\nprint('ready')\nwhile True: time.sleep(0.05)\n",
                to: "app/main.py")
            try tree.write(Self.source(1), to: "libs/common.py")
            let program = try Program(
                [Interpreter.usual.path, "-u", "main.py"], in: tree.file("app"),
                environment: ["PYTHONPATH": tree.file("libs").path])
            _ = try await program.output.line("its start") { $0 == "ready" }
            let pid = String(program.pid)
            let tool = try Midflight.start("attach", pid, "--json")
            _ = try await tool.output.line("ready") { $0.contains(#""event":"ready""#) }
            try tree.write(Self.source(2), to: "libs/common.py")
            let beside = try await Answer.of("sync", pid, tree.file("libs/common.py").path, "--json")
            #expect(beside.status == 0 && beside.output.contains(#""processes":1"#), "\(beside)")
            let misspelled = try await Answer.of("sync", pid, tree.file("app/mian.py").path)
            #expect(misspelled.status == 1 && misspelled.errors.contains("unreadable"), "\(misspelled)")
        }

        @Test("a stopped midflight is named, and carries out nothing later that was refused meanwhile")
        func suspended() async throws {
            let (flock, tool) = try await attached()
            kill(tool.pid, SIGSTOP)
            defer { kill(tool.pid, SIGCONT) }
            try await eventually("the stop") {
                try String(contentsOfFile: "/proc/\(tool.pid)/stat", encoding: .utf8).contains(") T ")
            }
            for words in [
                ["status", String(flock.pid)], ["pause", String(flock.pid)], ["detach", String(flock.pid)],
            ] {
                let answer = try await Answer.of(words)
                #expect(answer.status == 7 && answer.errors.contains("midflight \(tool.pid) is suspended"))
                #expect(answer.errors.contains("kill -KILL \(tool.pid)"), "\(answer)")
            }
            kill(tool.pid, SIGCONT)
            try flock.save(Self.source(2))
            try await flock.waitForAnswer("2", from: 2)
            #expect(tool.isRunning, "neither paused nor detached")
        }

        @Test("sync does not wait longer than it may: 7 with the reason")
        func timeout() async throws {
            let (flock, tool) = try await attached()
            defer { tool.send(SIGTERM) }
            let child = try #require(flock.answers.keys.first { $0 != flock.pid })
            kill(child, SIGSTOP)
            defer { kill(child, SIGCONT) }
            try flock.save(Self.source(2))
            let late = try await Answer.of("sync", String(flock.pid), "--timeout", "300ms", "--json")
            #expect(late.status == 7 && late.output.contains(#""reason":"target-stopped""#), "\(late)")
            kill(child, SIGCONT)
            #expect(try await Answer.of("sync", String(flock.pid)).status == 0)
            try await flock.waitForAnswer("2", from: 2)
        }

        @Test("a sync of what stays rejected tells it to the terminal once")
        func rejectedTwice() async throws {
            let (flock, tool) = try await attached()
            try flock.save("def answer(:\n")
            for _ in 0..<3 {
                #expect(try await Answer.of("sync", String(flock.pid)).status == 1)
            }
            // Once for each of the two processes. The answer may be here before the lines are.
            let count = { tool.output.lines.count { $0.contains(#""event":"rejected""#) } }
            try await eventually("two rejections", seen: { tool.output.text }) { count() >= 2 }
            #expect(count() == 2, "\(tool.output.text)")
            try flock.save("def answer(:  # again\n")
            #expect(try await Answer.of("sync", String(flock.pid)).status == 1)
            try flock.save(Self.source(3))
            #expect(try await Answer.of("sync", String(flock.pid)).status == 0)
            try await flock.waitForAnswer("3", from: 2)
        }

        @Test("asked while midflight still attaches, it answers when that is done")
        func early() async throws {
            let flock = try await Flock(.usual, children: 1, library: Self.source(1))
            let tool = try Midflight.start("attach", String(flock.pid), "--json")
            var seen: Set<Int32> = []
            try await eventually("an answer") {
                seen.insert(try await Answer.of("status", String(flock.pid)).status)
                return seen.contains(0)
            }
            // 4 until it has the process, and never "it takes no request".
            #expect(seen.isSubset(of: [0, 4]))
            #expect(tool.isRunning)
        }

        @Test("pause holds saves back, resume applies them, detach ends; status tells")
        func steering() async throws {
            let (flock, tool) = try await attached()
            #expect(try await Answer.of("pause", String(flock.pid)).status == 0)
            try flock.save(Self.source(2))
            #expect(try await Answer.of("sync", String(flock.pid)).status == 1)
            let status = try await Answer.of("status", String(flock.pid))
            #expect(status.output.contains("paused") && status.output.contains(String(flock.pid)))
            #expect(try await Answer.of("resume", String(flock.pid)).status == 0)
            try await flock.waitForAnswer("2", from: 2)
            #expect(try await Answer.of("status").output.contains(String(flock.pid)))
            #expect(try await Answer.of("detach", String(flock.pid)).status == 0)
            #expect(try await tool.status() == 0)
            let gone = try await Answer.of("sync", String(flock.pid))
            #expect(gone.status == 4 && gone.errors.contains("midflight attach"))
        }

        @Test("reload and module go through the midflight that controls the process")
        func oneShots() async throws {
            let (flock, tool) = try await attached()
            #expect(try await Answer.of("pause", String(flock.pid)).status == 0)
            try flock.save(Self.source(2))
            let reload = try await Answer.of("reload", String(flock.pid), "lib", "answer")
            #expect(
                reload.status == 0 && reload.output.hasPrefix("Reload is done successfully."), "\(reload)")
            try await eventually("the answer") { flock.answers[flock.pid] == "2" }
            let module = try await Answer.of("module", String(flock.pid), flock.library.path)
            #expect(module.status == 0 && module.output == "lib\n")
            #expect(try await Answer.of("resume", String(flock.pid)).status == 0)
            try flock.save(Self.source(3))
            try await flock.waitForAnswer("3", from: 2)
            #expect(tool.isRunning)
        }

        @Test("garbage from clients is refused and harms nobody")
        func garbage() async throws {
            let (flock, tool) = try await attached()
            let folder = "/tmp/midflight-\(getuid())"
            let names = try FileManager.default.contentsOfDirectory(atPath: folder)
            let name = try #require(names.first { $0.hasPrefix("\(tool.pid)-") && $0.hasSuffix(".sock") })
            var generator = SystemRandomNumberGenerator()
            for round in 0..<200 {
                let socket = try LocalSocket(path: folder + "/" + name)
                let count = Int.random(in: 0...(round % 50 == 0 ? 600_000 : 300), using: &generator)
                var bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
                if round % 3 == 0 {
                    bytes = Array(#"{"v":1,"do":"sync","files":[1],"timeout_ms":-5}"#.utf8) + bytes
                }
                // Half of them are frames: length, number, kind (docs/protocols.md).
                let length = (0..<4).map { UInt8(truncatingIfNeeded: bytes.count >> ($0 * 8)) }
                socket.send(round.isMultiple(of: 2) ? length + [1, 0, 0, 0, 1] + bytes : bytes)
            }
            try flock.save(Self.source(2))
            let answer = try await Answer.of("sync", String(flock.pid))
            #expect(answer.status == 0, "\(answer)")
            try await flock.waitForAnswer("2", from: 2)
            #expect(tool.isRunning)
        }
    }
}

/// A client that knows no manners.
private final class LocalSocket {
    private let descriptor: Int32

    init(path: String) throws {
        descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
        let status = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard status == 0 else { throw TestSupportError.system(call: "connect", errno: errno) }
    }

    deinit { close(descriptor) }

    func send(_ bytes: [UInt8]) {
        _ = Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
    }
}
