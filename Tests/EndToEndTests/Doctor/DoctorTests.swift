import Foundation
import Glibc
import TestSupport
import Testing

extension EndToEnd {
    @Suite("midflight doctor names what stands in the way, and what mends it")
    struct DoctorTests {
        /// Whether the tests may be two people, make namespaces and freeze processes.
        static let isRoot = geteuid() == 0

        private static let waiting = "import time\ntime.sleep(600)"

        /// A finding of that id, as `VERDICT WHAT -> ACTION; ACTION`.
        private func finding(
            _ id: String, of pid: Int32?, prefix: [String] = [], binary: URL = Checkout.binary,
            environment: [String: String] = [:]
        ) async throws -> (text: String, status: Int32) {
            let words = prefix + [binary.path, "doctor"] + (pid.map { [String($0)] } ?? []) + ["--json"]
            let tool = try Program(words, environment: environment)
            let status = try await tool.status()
            let object = try JSONSerialization.jsonObject(with: Data(tool.output.text.utf8)) as? [String: Any]
            let findings = try #require(object?["findings"] as? [[String: Any]], "\(tool.output.text)")
            let found = try #require(findings.first { $0["id"] as? String == id }, "\(tool.output.text)")
            let actions = found["actions"] as? [String] ?? []
            let what = "\(found["verdict"] ?? "") \(found["what"] ?? "")"
            return (actions.isEmpty ? what : "\(what) -> \(actions.joined(separator: "; "))", status)
        }

        private func program(
            _ source: String = waiting, as prefix: [String] = [], _ arguments: [String] = []
        ) async throws -> Program {
            let python = try Interpreter.usual.path
            let program = try Program(
                prefix + [python, "-c", "print('up', flush=True)\n" + source] + arguments)
            _ = try await program.output.line("its start") { $0 == "up" }
            return program
        }

        @Test("a program that can be patched: nothing fails, and it has its Python")
        func ready() async throws {
            let program = try await program()
            let found = try await finding("interpreter", of: program.pid)
            #expect(found.text.hasPrefix("ok it runs Python 3"))
            #expect(found.status == 0)
        }

        @Test("no such process: 4; no Python: what it is")
        func others() async throws {
            let ended = try Program(["/bin/true"])
            _ = try await ended.status()
            #expect(try await Answer.of("doctor", String(ended.pid)).status == 4)
            let sleeper = try Program(["/bin/sleep", "60"])
            let found = try await finding("interpreter", of: sleeper.pid)
            #expect(found.text.contains("fail") && found.text.contains("is not a CPython process"))
            #expect(found.status == 1)
        }

        @Test("it is stopped")
        func stopped() async throws {
            let program = try await program()
            program.send(SIGSTOP)
            defer { program.send(SIGCONT) }
            try await eventually("its stop") {
                try String(contentsOfFile: "/proc/\(program.pid)/stat", encoding: .utf8).contains(") T ")
            }
            let found = try await finding("state", of: program.pid)
            #expect(
                found.text
                    == "fail it is stopped (SIGSTOP or Ctrl-Z) -> continue it (kill -CONT \(program.pid)), then try again"
            )
        }

        @Test("somebody traces it", .enabled(if: isRoot, "siblings may be traced by root only under Yama"))
        func traced() async throws {
            let program = try await program()
            let seize =
                "import ctypes\nctypes.CDLL(None).ptrace(0x4206, \(program.pid), None, None)\nprint('has it', flush=True)\n"
            let tracer = try await self.program(seize + Self.waiting)
            _ = try await tracer.output.line("the trace") { $0 == "has it" }
            let found = try await finding("tracer", of: program.pid)
            #expect(found.text.hasPrefix("fail it is traced by process \(tracer.pid)"))
        }

        @Test(
            "it is somebody else's, or protects itself", .enabled(if: isRoot, "only root can be two people"))
        func accounts() async throws {
            let reader = try Accounts.asNobody(Checkout.binary)
            let ours = try await program()
            let found = try await finding("account", of: ours.pid, prefix: Accounts.nobody, binary: reader)
            #expect(found.text.hasPrefix("fail you are uid 65534, it runs as uid 0"))
            #expect(found.text.contains("sudo midflight attach \(ours.pid)"))
            let hidden = try await program(
                "import ctypes\nctypes.CDLL(None).prctl(4, 0, 0, 0, 0)\nprint('hidden', flush=True)\n"
                    + Self.waiting,
                as: Accounts.nobody)
            _ = try await hidden.output.line("its protection") { $0 == "hidden" }
            let protected = try await finding(
                "dumpable", of: hidden.pid, prefix: Accounts.nobody, binary: reader)
            #expect(protected.text.hasPrefix("fail the kernel protects its memory"))
            let attach = try Program(Accounts.nobody + [reader.path, "attach", String(hidden.pid)])
            #expect(try await attach.status() == 5)
            #expect(attach.errors.text.contains("midflight doctor \(hidden.pid) shows all checks"))
        }

        @Test("its control group is frozen", .enabled(if: isRoot, "only root makes control groups"))
        func frozen() async throws {
            let program = try await program()
            let roots = [
                ("/sys/fs/cgroup/freezer", "freezer.state", "FROZEN", "THAWED"),
                ("/sys/fs/cgroup", "cgroup.freeze", "1", "0"),
            ]
            let root = try #require(roots.first { access($0.0 + "/cgroup.procs", W_OK) == 0 })
            let group = root.0 + "/midflight-test-\(getpid())"
            mkdir(group, 0o755)
            func write(_ text: String, _ name: String) throws {
                let file = try FileHandle(forWritingTo: URL(filePath: group + "/" + name))
                try file.write(contentsOf: Data(text.utf8))
            }
            try write("\(program.pid)", "cgroup.procs")
            try write(root.2, root.1)
            defer {
                try? write(root.3, root.1)  // a process that stays frozen cannot even be killed
                program.send(SIGKILL)
            }
            try await eventually("the frost") {
                try await finding("frozen", of: program.pid).text.hasPrefix(
                    "fail its control group \(group) is frozen")
            }
            try write(root.3, root.1)
            program.send(SIGKILL)
            _ = try await program.status()
            #expect(rmdir(group) == 0)
        }

        @Test("another midflight has it")
        func controlled() async throws {
            let shop = try await Shop(.usual)
            let first = try await Midflight.attach(to: shop)
            let found = try await finding("controller", of: shop.pid)
            #expect(found.text.hasPrefix("fail it is already controlled by midflight \(first.pid)"))
        }

        @Test(
            "something restarts it at a save",
            arguments: [
                (["manage.py", "runserver"], [:], "Django's autoreloader"),
                (["-m", "uvicorn", "app:app", "--reload"], [:], "--reload"),
                (["/x/flask", "run"], ["FLASK_DEBUG": "1"], "werkzeug's reloader"),
                (["app.py"], ["WERKZEUG_RUN_MAIN": "true"], "werkzeug's reloader"),
                (["manage.py", "runserver", "--noreload"], [:], nil),
                (["app.py"], [:], nil),
            ] as [([String], [String: String], String?)])
        func reloaders(words: [String], variables: [String: String], name: String?) async throws {
            let python = try Interpreter.usual.path
            let code = "print('up', flush=True)\n" + Self.waiting
            let program = try Program([python, "-c", code] + words, environment: variables)
            _ = try await program.output.line("its start") { $0 == "up" }
            let found = try await finding("reloader", of: program.pid)
            #expect(found.text.hasPrefix(name.map { "warn \($0) restarts it" } ?? "ok"), "\(found.text)")
            #expect(found.status == 0)
        }

        @Test(
            "a user namespace, and a limit of inotify",
            .enabled(if: isRoot, "namespaces are not for everybody"))
        func namespaces() async throws {
            let inside = ["/usr/bin/unshare", "--user", "--map-root-user"]
            let found = try await finding("user-namespace", of: nil, prefix: inside)
            #expect(found.text.hasPrefix("warn you are in a user namespace"))
            let limited =
                inside + [
                    "/bin/sh", "-c", #"echo 0 > /proc/sys/user/max_inotify_instances && exec "$@""#, "sh",
                ]
            let inotify = try await finding("inotify", of: nil, prefix: limited)
            #expect(
                inotify.text.contains("warn")
                    && inotify.text.contains("sudo sysctl user.max_inotify_instances="))
        }

        @Test(
            "nothing can be kept: a home that cannot be written",
            .enabled(if: isRoot, "needs an account of its own"))
        func home() async throws {
            let reader = try Accounts.asNobody(Checkout.binary)
            let found = try await finding(
                "cache", of: nil, prefix: Accounts.nobody, binary: reader,
                environment: ["HOME": "/root", "XDG_CACHE_HOME": ""])
            #expect(found.text.hasPrefix("warn no directory can keep what was compiled"))
        }
    }
}
