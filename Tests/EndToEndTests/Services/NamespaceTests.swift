import Foundation
import Glibc
import TestSupport
import Testing

extension EndToEnd {
    @Suite(
        "A process in another mount and pid namespace",
        .enabled(if: Jail.isPermitted, "unshare(1) is not permitted here"))
    struct NamespaceTests {
        private static let interpreters = Interpreter.ends

        @Test("is patched through the directory that is mounted into it", arguments: interpreters)
        func mounted(interpreter: Interpreter) async throws {
            let jail = try await Jail(interpreter, mounting: "mount --bind \"$SRC\" /mnt/app")
            let tool = try Midflight.start("attach", String(jail.pid), "--json")
            _ = try await tool.output.line("ready") { $0.contains(#""event":"ready""#) }
            for (value, style) in zip(2..., [SaveStyle.inPlace, .renamedOver, .inPlace]) {
                try style.save(Jail.source(value), to: jail.tree.file("src/lib.py"))
                try await jail.answers("\(value)")
            }
            let reload = try #require(tool.output.lines.first { $0.contains(#""event":"reload""#) })
            #expect(reload.contains(#""files":["lib.py"]"#))
            let sync = try await Answer.of("sync", String(jail.pid), jail.tree.file("src/lib.py").path)
            #expect(sync.status == 0, "\(sync)")
            tool.send(SIGTERM)
            #expect(try await tool.status() == 0)
            #expect(jail.program.errors.lines.isEmpty)
        }

        @Test(
            "is patched where only it can see its files, whatever its links would mean here",
            arguments: interpreters)
        func hidden(interpreter: Interpreter) async throws {
            // The link is absolute: here it would lead to a directory that has other files.
            let jail = try await Jail(
                interpreter,
                mounting:
                    "mount -t tmpfs tmpfs \"$HIDDEN\"; mkdir /mnt/real; cp -r \"$SRC\"/. /mnt/real; rmdir /mnt/app; ln -s /mnt/real /mnt/app"
            )
            let root = jail.root + "/mnt/real"
            let tool = try Midflight.start("attach", String(jail.pid), "--json")
            let attached = try await tool.output.line("attached") { $0.contains(#""event":"attached""#) }
            #expect(attached.contains(#""modules":2"#), "\(attached)")
            _ = try await tool.output.line("ready") { $0.contains(#""event":"ready""#) }
            for (value, style) in zip(2..., [SaveStyle.inPlace, .renamedOver]) {
                try style.save(Jail.source(value), to: URL(filePath: root + "/lib.py"))
                try await jail.answers("\(value)")
            }
            let module = try await Answer.of("module", String(jail.pid), "/mnt/real/lib.py")
            #expect(module.output == "lib\n")
            // A file that becomes a link out of the tree is read where it leads in there: nowhere.
            try FileManager.default.removeItem(atPath: root + "/lib.py")
            try FileManager.default.createSymbolicLink(
                atPath: root + "/lib.py", withDestinationPath: jail.tree.file("hidden/secret.py").path)
            let sync = try await Answer.of("sync", String(jail.pid), "--timeout", "1s")
            #expect(sync.status != 0)
            #expect(jail.program.output.lines.last == "2" || jail.program.output.lines.last == "3")
            #expect(!jail.program.output.lines.contains("99"))
        }

        @Test("is patched from the copy that path_map names")
        func mapped() async throws {
            let jail = try await Jail(.usual, mounting: "cp -r \"$SRC\"/. /mnt/app")
            let folder = jail.tree.file("src").path
            try jail.tree.write(
                "version: 1\nservices:\n  web:\n    path: src\n    match: { pid: \(jail.pid) }\n    path_map:\n      - { process: /mnt/app, local: src }\n",
                to: "watch.yaml")
            chmod(jail.tree.file("watch.yaml").path, 0o644)
            let watch = try Midflight.start("watch", "-c", jail.tree.file("watch.yaml").path, "--json")
            let attached = try await watch.output.line("attached") { $0.contains(#""event":"attached""#) }
            #expect(attached.contains(#""checked":2,"equal":2,"#) && attached.contains(#""drifted":[]"#))
            _ = try await watch.output.line("ready") { $0.contains(#""event":"ready""#) }
            try SaveStyle.renamedOver.save(Jail.source(2), to: jail.tree.file("src/lib.py"))
            try await jail.answers("2")
            watch.send(SIGTERM)
            #expect(try await watch.status() == 0)
            let attach = try Midflight.start(
                "attach", String(jail.pid), folder, "--path-map", folder + ":/mnt/app", "--json")
            _ = try await attach.output.line("ready") { $0.contains(#""event":"ready""#) }
            try SaveStyle.inPlace.save(Jail.source(3), to: jail.tree.file("src/lib.py"))
            try await jail.answers("3")
        }

        @Test("keeps an old file that was mounted by itself: patched, and said")
        func stale() async throws {
            let jail = try await Jail(
                .usual,
                mounting:
                    "cp -r \"$SRC\"/. /mnt/app; mount --bind \"$SRC/lib.py\" /mnt/app/lib.py")
            let tool = try Midflight.start("attach", String(jail.pid), jail.tree.root.path, "--json")
            _ = try await tool.output.line("ready") { $0.contains(#""event":"ready""#) }
            try SaveStyle.inPlace.save(Jail.source(2), to: jail.tree.file("src/lib.py"))
            try await jail.answers("2")
            #expect(!tool.output.text.contains("stale-mount"))
            try SaveStyle.renamedOver.save(Jail.source(3), to: jail.tree.file("src/lib.py"))
            try await jail.answers("3")
            let said = try await tool.output.line("what is stale") { $0.contains("stale-mount") }
            #expect(said.contains("/mnt/app/lib.py") && said.contains("mount its directory"))
            try EventTests.validate(tool.output.text)
        }

        @Test("has its worker processes patched too")
        func workers() async throws {
            let jail = try await Jail(.usual, mounting: "cp -r \"$SRC\"/. /mnt/app", children: 2)
            let tool = try Midflight.start("attach", String(jail.pid), "--json")
            let ready = try await tool.output.line("ready") { $0.contains(#""event":"ready""#) }
            #expect(ready.contains(#""processes":3"#))
            try SaveStyle.inPlace.save(
                Jail.source(2), to: URL(filePath: jail.root + "/mnt/app/lib.py"))
            let burst = try await tool.output.line("the burst") { $0.contains(#""event":"burst""#) }
            #expect(burst.contains(#""processes":3,"patched":3"#))
            try await jail.answers("2")
        }
    }
}

/// A program that is process 1 of its own pid namespace, with files in `/mnt/app` of its own mount namespace.
final class Jail: Sendable {
    let tree: TemporaryTree
    let program: Program
    /// As we number it.
    let pid: Int32

    /// Its tree, seen from here.
    var root: String { "/proc/\(pid)/root" }

    static var isPermitted: Bool {
        (try? ProgramOutput.of("/usr/bin/unshare", "--mount", "--pid", "--fork", "true")) != nil
    }

    /// `mounting`: shell commands that fill `/mnt/app`, an empty directory on a file system of its own, from `$SRC`.
    /// `unsharing`: further options of unshare(1). `confinement`: what the program's command begins with.
    init(
        _ interpreter: Interpreter, mounting: String, children: Int = 0, unsharing: [String] = [],
        confinement: String = ""
    ) async throws {
        tree = try TemporaryTree()
        try tree.write(Self.source(1), to: "src/lib.py")
        try tree.write(Self.main, to: "src/main.py")
        try tree.write(Self.source(99), to: "hidden/secret.py")
        let script = """
            mount -t tmpfs tmpfs /mnt && mkdir /mnt/app && \(mounting) && cd /mnt/app && exec \(confinement) "$@"
            """
        program = try Program(
            [
                "/usr/bin/unshare", "--mount", "--pid", "--fork", "--mount-proc", "--kill-child",
            ] + unsharing + [
                "/bin/sh", "-c", script, "sh", interpreter.path, "main.py", String(children),
            ], in: tree.root,
            environment: [
                "SRC": tree.file("src").path, "HIDDEN": tree.file("hidden").path, "PYTHONUNBUFFERED": "1",
                "PYTHONDONTWRITEBYTECODE": "1",
            ])
        _ = try await program.output.line("the answer") { $0 == "1" }
        guard let pid = Server.descendants(program.pid).first else {
            throw TestSupportError.badAnswer("no process below unshare")
        }
        self.pid = pid
    }

    deinit { kill(pid, SIGKILL) }

    static func source(_ value: Int) -> String { "def answer():\n    return \(value)\n" }

    /// It gives this answer from now on.
    func answers(_ value: String) async throws {
        let program = program
        try await eventually(
            "the answer \(value)", seen: { program.output.lines.last ?? "" + program.errors.text }
        ) { program.output.lines.last == value }
    }

    private static let main = """
        import os, sys, time
        import lib

        for _ in range(int(sys.argv[1])):
            if os.fork() == 0:
                while True:
                    lib.answer()
                    time.sleep(0.05)
        while True:
            print(lib.answer())
            time.sleep(0.02)

        """
}
