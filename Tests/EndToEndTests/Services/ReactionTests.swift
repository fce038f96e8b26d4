import Foundation
import Glibc
import TestSupport
import Testing

extension EndToEnd {
    @Suite("A service that midflight launches")
    struct ReactionTests {
        /// A server of one answer, below a watch.yaml that has its `rest`.
        private struct Launched {
            let tree: TemporaryTree
            let tool: Program

            init(_ rest: String, settings: String = "{}", library: String = Launched.library("1"))
                async throws
            {
                tree = try TemporaryTree()
                try tree.write(library, to: "app/lib.py")
                try tree.write(Self.main, to: "app/main.py")
                let run = "[\(try Interpreter.usual.path), app/main.py]"
                try tree.write(
                    "version: 1\nservices:\n  api:\n    path: app\n    match: { run: \(run) }\n\(rest)    settings: \(settings)\n",
                    to: "watch.yaml")
                chmod(tree.file("watch.yaml").path, 0o644)
                tool = try Midflight.start(
                    "watch", "-c", tree.file("watch.yaml").path, "--json",
                    environment: ["PYTHONDONTWRITEBYTECODE": "1"])
                try await ready(1)
            }

            func ready(_ count: Int) async throws {
                let tool = tool
                try await eventually(
                    "ready \(count) times",
                    seen: { tool.output.text + tool.errors.text }
                ) {
                    tool.output.lines.count { $0.contains(#""event":"ready""#) } >= count
                }
            }

            func event(_ text: String) async throws -> String {
                try await tool.output.line(text) { $0.contains(text) }
            }

            /// What the program has written last: its pid and the answer.
            func answer(_ value: String) async throws -> Int32 {
                let tree = tree
                var pid: Int32 = 0
                try await eventually(
                    "the answer \(value)", seen: { (try? tree.read("app/out")) ?? "" }
                ) {
                    let words = (try? tree.read("app/out"))?.split(separator: " ").map(String.init) ?? []
                    guard words.count == 2, words[1] == value else { return false }
                    pid = Int32(words[0]) ?? 0
                    return true
                }
                return pid
            }

            static func library(_ value: String) -> String {
                "RATE = 1\n\n\ndef answer():\n    return \"\(value)\"\n"
            }

            private static let main = """
                import os, signal, time
                import lib

                signal.signal(signal.SIGUSR2, lambda *_: open("app/signalled", "w").close())
                while True:
                    with open("app/out.new", "w") as file:
                        file.write("%d %s" % (os.getpid(), lib.answer()))
                    os.rename("app/out.new", "app/out")
                    time.sleep(0.01)

                """
        }

        @Test("is patched, launched again when it ends, and ended with midflight")
        func launched() async throws {
            let service = try await Launched("")
            let first = try await service.answer("1")
            try SaveStyle.inPlace.save(Launched.library("2"), to: service.tree.file("app/lib.py"))
            #expect(try await service.answer("2") == first)
            kill(first, SIGKILL)
            let ended = try await service.event(#""event":"program_ended""#)
            #expect(ended.contains(#""pid":\#(first),"status":137"#))
            try await service.ready(2)
            let second = try await service.answer("2")
            #expect(second != first)
            service.tool.send(SIGTERM)
            #expect(try await service.tool.status() == 0)
            #expect(kill(second, 0) != 0)
        }

        @Test("is restarted for what cannot go in, where the configuration says so; its commands run")
        func reactions() async throws {
            let service = try await Launched(
                """
                    signal: USR2
                    actions:
                      - { files: ["*.html"], action: exec, exec: [sh, -c, 'echo "page $MIDFLIGHT_FILES"'] }
                      - { files: ["*.toml"], action: signal }
                      - { files: ["conf_*.py"], action: restart }

                """,
                settings: """
                    { on_kept: restart, hook_timeout: 1s, hooks: { after_reload: [[sh, -c, 'echo "new $MIDFLIGHT_FILES"']], after_rejected: [[sh, -c, 'echo bad; sleep 99']] } }
                    """)
            let first = try await service.answer("1")
            let library = service.tree.file("app/lib.py")
            try SaveStyle.renamedOver.save(Launched.library("2"), to: library)
            #expect(try await service.event(#""occasion":"after_reload""#).contains("new lib.py"))
            try service.tree.write("<p>", to: "app/templates/page.html")
            #expect(try await service.event(#""occasion":"actions","command":["sh""#).contains("page "))
            try service.tree.write("x", to: "app/a.toml")
            let signal = try await service.event(#""event":"signal""#)
            #expect(signal.contains(#""signal":"USR2","pids":[\#(first)]"#))
            try await eventually("the signal") { (try? service.tree.read("app/signalled")) != nil }
            try SaveStyle.inPlace.save("def answer(:\n", to: library)
            let rejected = try await service.event(#""occasion":"after_rejected""#)
            #expect(rejected.contains("its time was over") && rejected.contains("bad"))
            // A file that does not compile restarts nothing.
            #expect(try await service.answer("2") == first)
            try SaveStyle.inPlace.save(Launched.library("3") + "if RATE > 1:\n    print(1)\n", to: library)
            try await service.ready(2)
            let second = try await service.answer("3")
            #expect(second != first)
            try service.tree.write("y = 1\n", to: "app/conf_a.py")
            try await service.ready(3)
            #expect(try await service.answer("3") != second)
            service.tool.send(SIGTERM)
            #expect(try await service.tool.status() == 0)
            try EventTests.validate(service.tool.output.text)
        }

        @Test(
            "is watched as its settings say",
            arguments: ["{ watcher: poll, poll_interval: 50ms }", "{ scope: loaded }"])
        func watched(settings: String) async throws {
            let service = try await Launched("", settings: settings)
            let first = try await service.answer("1")
            try SaveStyle.inPlace.save(Launched.library("2"), to: service.tree.file("app/lib.py"))
            #expect(try await service.answer("2") == first)
            try SaveStyle.renamedOver.save(Launched.library("3"), to: service.tree.file("app/lib.py"))
            #expect(try await service.answer("3") == first)
            try service.tree.write("z = 1\n", to: "app/deep/other.py")
            if settings.contains("poll") {
                _ = try await service.event("deep/other.py")
            } else {
                try SaveStyle.inPlace.save(Launched.library("4"), to: service.tree.file("app/lib.py"))
                #expect(try await service.answer("4") == first)
                #expect(!service.tool.output.text.contains("deep/other.py"))
            }
            service.tool.send(SIGTERM)
            #expect(try await service.tool.status() == 0)
        }
    }
}
