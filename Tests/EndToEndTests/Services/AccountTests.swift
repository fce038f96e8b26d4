import Foundation
import Glibc
import TestSupport
import Testing

extension EndToEnd {
    /// The interpreter of a target belongs to the user who runs it, and root's midflight executes it.
    @Suite(
        "Root starts nothing with more rights than its owner has",
        .enabled(if: geteuid() == 0, "only root can be two people"))
    struct AccountTests {
        private static func status(_ pid: Int32) throws -> [String: String] {
            let text = try String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)
            return text.split(separator: "\n").reduce(into: [:]) { fields, line in
                let parts = line.split(separator: ":", maxSplits: 1)
                fields[String(parts[0])] =
                    parts.count > 1 ? parts[1].trimmingCharacters(in: .whitespaces) : ""
            }
        }

        private static func link(_ pid: Int32, _ name: String) throws -> String {
            try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(pid)/\(name)")
        }

        /// The interpreters that midflight has started to compile.
        private static func twins(of tool: Program) -> [Int32] { Server.descendants(tool.pid) }

        private func attach(_ pid: Int32) async throws -> Program {
            let tool = try Midflight.start("attach", String(pid), "--json")
            _ = try await tool.output.line("ready") { $0.contains(#""event":"ready""#) }
            return tool
        }

        @Test("the compiler for another user's process is that user")
        func otherUser() async throws {
            let shop = try await Shop(.usual, prefix: Accounts.nobody)
            let tool = try await attach(shop.pid)
            let prices = try shop.tree.read("shop/shop/prices.py")
            try SaveStyle.inPlace.save(
                prices.replacingOccurrences(of: "return 490", with: "return 0"),
                to: shop.tree.file("shop/shop/prices.py"))
            _ = try await shop.waitForTotal("21.00 EUR")
            let twins = Self.twins(of: tool)
            #expect(twins.count == 1)
            let status = try Self.status(try #require(twins.first))
            #expect(status["Uid"] == "65534\t65534\t65534\t65534")
            #expect(status["Gid"] == "65534\t65534\t65534\t65534")
            #expect(status["Groups"] == "")
            #expect(status["CapPrm"] == "0000000000000000" && status["NoNewPrivs"] == "1")
        }

        @Test("what one account's compiler gave goes into no process of another account")
        func privilegedBelow() async throws {
            let tree = try TemporaryTree()
            try tree.write("def answer():\n    return 1\n", to: "lib.py")
            // The child keeps root's rights, the parent gives them up.
            try tree.write(
                """
                import os, time
                import lib
                child = os.fork()
                if child:
                    os.setgroups([])
                    os.setgid(65534)
                    os.setuid(65534)
                print("ready", flush=True)
                while True:
                    print(os.getuid(), lib.answer(), flush=True)
                    time.sleep(0.02)

                """, to: "main.py")
            let program = try Program([try Interpreter.usual.path, "main.py"], in: tree.root)
            defer { Server.descendants(program.pid).forEach { kill($0, SIGKILL) } }
            for user in ["0", "65534"] {
                _ = try await program.output.line("process of \(user)") { $0 == "\(user) 1" }
            }
            let tool = try await attach(program.pid)
            let before = try Self.received(by: Self.twins(of: tool))
            #expect(Set(before.keys) == ["0", "65534"], "each account has a compiler of its own")
            try tree.write("def answer():\n    return 2\n", to: "lib.py")
            for user in ["0", "65534"] {
                _ = try await program.output.line("new code for \(user)") { $0 == "\(user) 2" }
            }
            let after = try Self.received(by: Self.twins(of: tool))
            for (user, count) in before {
                #expect(after[user, default: 0] > count, "the compiler of \(user) was not asked")
            }
        }

        /// Bytes that each user's compilers have read in their lives (proc_pid_io(5)), by user.
        private static func received(by twins: [Int32]) throws -> [String: Int] {
            try twins.reduce(into: [:]) { found, pid in
                let user = try status(pid)["Uid"]?.split(separator: "\t").first.map(String.init) ?? ""
                let text = try String(contentsOfFile: "/proc/\(pid)/io", encoding: .utf8)
                let line = text.split(separator: "\n").first { $0.hasPrefix("rchar: ") }
                found[user, default: 0] += line.flatMap { Int($0.dropFirst(7)) } ?? 0
            }
        }

        @Test("the compiler for a process in a container sees and may do what that process does")
        func container() async throws {
            let jail = try await Jail(
                .usual, mounting: "cp -r \"$SRC\"/. /mnt/app",
                confinement: "/usr/bin/setpriv --bounding-set=-sys_admin,-sys_chroot,-net_raw")
            let tool = try await attach(jail.pid)
            try SaveStyle.inPlace.save(Jail.source(2), to: URL(filePath: jail.root + "/mnt/app/lib.py"))
            try await jail.answers("2")
            let twin = try #require(Self.twins(of: tool).first)
            let (status, model) = (try Self.status(twin), try Self.status(jail.pid))
            let own = try Self.status(getpid())
            #expect(status["CapPrm"] == model["CapBnd"])
            #expect(status["CapPrm"] != own["CapPrm"])
            #expect(status["Groups"] == model["Groups"])
            for name in ["ns/mnt", "ns/net", "root"] {
                #expect(try Self.link(twin, name) == Self.link(jail.pid, name), "\(name)")
            }
        }

        @Test("in a user namespace of its own too", arguments: Interpreter.ends)
        func userNamespace(interpreter: Interpreter) async throws {
            let jail = try await Jail(
                interpreter, mounting: "cp -r \"$SRC\"/. /mnt/app", unsharing: ["--user", "--map-root-user"])
            let tool = try await attach(jail.pid)
            try SaveStyle.inPlace.save(Jail.source(2), to: URL(filePath: jail.root + "/mnt/app/lib.py"))
            try await jail.answers("2")
            let twin = try #require(Self.twins(of: tool).first)
            for name in ["ns/user", "ns/mnt"] {
                #expect(try Self.link(twin, name) == Self.link(jail.pid, name), "\(name)")
            }
        }

        @Test("a service and a hook of the watch.yaml of who calls sudo run as that user")
        func launched() async throws {
            let tree = try TemporaryTree()
            let who = "f\"{os.getuid()} {os.getgid()} {os.getgroups()} {os.environ['HOME']}\""
            try tree.write(
                "import os, select\nopen('who.txt', 'w').write(\(who))\nselect.select([], [], [])\n",
                to: "app.py"
            )
            try tree.write("import os\nopen('hook.log', 'w').write(\(who))\n", to: "hook.py")
            let python = try Interpreter.usual.path
            try tree.write(
                """
                version: 1
                services:
                  api:
                    match: { run: [\(python), app.py] }
                    path: .
                    actions: [{ files: ["*.html"], action: exec, exec: [\(python), hook.py] }]

                """, to: "watch.yaml")
            for name in ["", "app.py", "hook.py", "watch.yaml"] { chown(tree.file(name).path, 65534, 65534) }
            chmod(tree.file("watch.yaml").path, 0o644)
            let tool = try Midflight.start(
                "watch", "-c", tree.file("watch.yaml").path, "--json", environment: ["SUDO_UID": "65534"])
            _ = try await tool.output.line("ready") { $0.contains(#""event":"ready""#) }
            try tree.write("x", to: "note.html")
            _ = try await tool.output.line("the hook") { $0.contains(#""event":"command""#) }
            let entry = try #require(getpwuid(65534))
            let home = String(cString: entry.pointee.pw_dir)
            #expect(try tree.read("who.txt") == "65534 65534 [65534] \(home)")
            #expect(try tree.read("hook.log") == "65534 65534 [65534] \(home)")
        }
    }
}
