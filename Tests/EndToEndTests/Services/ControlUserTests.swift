import Foundation
import Glibc
import TestSupport
import Testing

extension EndToEnd {
    @Suite("The control socket and other users")
    struct ControlUserTests {
        /// Sends each of its further arguments to the socket that is named first, and prints what it is answered.
        private static let client = """
            import socket, struct, sys
            def frame(stream):
                length, number, kind = struct.unpack("<IIB", stream.read(9))
                return kind, stream.read(length).decode()
            for line in sys.argv[2:]:
                client = socket.socket(socket.AF_UNIX)
                client.settimeout(10)
                client.connect(sys.argv[1])
                client.sendall(struct.pack("<IIB", len(line.encode()), 1, 1) + line.encode())
                stream = client.makefile("rb")
                assert frame(stream) == (2, "")
                kind, answer = frame(stream)
                assert kind == 3
                print(answer)
            """

        private func start(_ prefix: [String], in tree: TemporaryTree, _ name: String) async throws -> Program
        {
            try tree.write("import select\nprint('ready')\nselect.select([], [], [])\n", to: "\(name)/app.py")
            let program = try Program(
                prefix + [Interpreter.usual.path, tree.file("\(name)/app.py").path],
                environment: ["PYTHONUNBUFFERED": "1", "PYTHONDONTWRITEBYTECODE": "1"])
            _ = try await program.output.line("ready") { $0 == "ready" }
            return program
        }

        @Test(
            "a user steers and sees his own processes only",
            .enabled(if: geteuid() == 0, "only root can be two people"))
        func users() async throws {
            let tree = try TemporaryTree()
            let roots = try await start([], in: tree, "roots")
            let theirs = try await start(Accounts.nobody, in: tree, "theirs")
            try tree.write(
                """
                version: 1
                services:
                  roots: { match: { pid: \(roots.pid) }, path: \(tree.file("roots").path) }
                  theirs: { match: { pid: \(theirs.pid) }, path: \(tree.file("theirs").path) }

                """, to: "watch.yaml")
            chmod(tree.file("watch.yaml").path, 0o644)
            let tool = try Midflight.start("watch", "-c", tree.file("watch.yaml").path, "--json")
            for name in ["roots", "theirs"] {
                _ = try await tool.output.line("\(name) is ready") {
                    $0.contains(#""event":"ready","service":"\#(name)""#)
                }
            }
            let names = try FileManager.default.contentsOfDirectory(atPath: "/tmp/midflight-65534")
            let name = try #require(names.first { $0.hasPrefix("\(tool.pid)-") && $0.hasSuffix(".sock") })
            let asking = try Program(
                Accounts.nobody + [
                    Interpreter.usual.path, "-c", Self.client, "/tmp/midflight-65534/" + name,
                    #"{"v":1,"do":"pause","pid":\#(roots.pid)}"#,
                    #"{"v":1,"do":"detach","pid":\#(roots.pid)}"#,
                    #"{"v":1,"do":"sync","pid":\#(roots.pid),"files":[],"timeout_ms":0}"#,
                    #"{"v":1,"do":"status"}"#, #"{"v":1,"do":"detach"}"#,
                ])
            #expect(try await asking.status() == 0, "\(asking.errors.text)")
            let answers = asking.output.lines
            #expect(answers.prefix(3).allSatisfy { $0.contains(#""answer":"refused""#) }, "\(answers)")
            #expect(answers[3].contains(#""service":"theirs""#))
            #expect(!answers[3].contains(#""service":"roots""#) && !answers[3].contains("\(roots.pid)"))
            #expect(answers[4].contains(#""answer":"done""#))
            let status = try await Answer.of("status", String(roots.pid), "--json")
            #expect(status.status == 0 && status.output.contains(#""paused":false"#), "\(status)")
            #expect(try await Answer.of("status", String(theirs.pid)).status == 4)
        }

        @Test(
            "what somebody put in the place of a lock is neither waited for nor written to",
            arguments: ["pipe", "link"])
        func plantedLock(kind: String) async throws {
            let script = try await Script(.usual, "x = 1\n")
            let stat = try String(contentsOfFile: "/proc/\(script.pid)/stat", encoding: .utf8)
            let fields = try #require(stat.split(separator: ")").last?.split(separator: " "))
            let folder = "/tmp/midflight-\(geteuid())"
            if mkdir(folder, 0o700) != 0 { #expect(errno == EEXIST) }
            let lock = "\(folder)/\(script.pid)-\(fields[19]).lock"
            // Below /tmp too: a hard link stays in its file system.
            let precious = "/tmp/midflight-test-\(getpid())-precious"
            try "precious".write(toFile: precious, atomically: false, encoding: .utf8)
            defer {
                unlink(lock)
                unlink(precious)
            }
            try #require((kind == "pipe" ? mkfifo(lock, 0o600) : link(precious, lock)) == 0)
            let attach = try await Answer.of("attach", String(script.pid))
            #expect(attach.status == 5 && attach.errors.contains(folder), "\(attach)")
            #expect(try await Answer.of("status", String(script.pid)).status == 4)
            #expect(try String(contentsOfFile: precious, encoding: .utf8) == "precious")
        }
    }
}
