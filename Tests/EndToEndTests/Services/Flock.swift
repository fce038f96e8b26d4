import Foundation
import Glibc
import TestSupport

/// A program whose processes each write what `answer()` of `lib.py` gives into a file of their own, again and again.
///
/// A file `fork` makes its first process fork one more, `start` makes it start one more as a program of its own.
final class Flock: Sendable {
    let tree: TemporaryTree
    let program: Program

    var pid: Int32 { program.pid }
    var library: URL { tree.file("lib.py") }

    /// `pause`: seconds between two answers.
    init(_ interpreter: Interpreter, children: Int, library: String, pause: String = "0.005") async throws {
        tree = try TemporaryTree()
        try tree.write(library, to: "lib.py")
        try tree.write(Self.main, to: "main.py")
        try FileManager.default.createDirectory(at: tree.file("out"), withIntermediateDirectories: true)
        program = try Program(
            [interpreter.path, "main.py", String(children), pause], in: tree.root,
            environment: ["PYTHONUNBUFFERED": "1", "PYTHONDONTWRITEBYTECODE": "1"])
        _ = try await program.output.line("the flock's start") { $0 == "ready" }
    }

    deinit {
        for pid in answers.keys { kill(pid, SIGKILL) }
    }

    /// What each process that has ever been there wrote last.
    var answers: [Int32: String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: tree.file("out").path)) ?? []
        return names.reduce(into: [:]) { found, name in
            if let pid = Int32(name), let text = try? tree.read("out/" + name), !text.isEmpty {
                found[pid] = text
            }
        }
    }

    func save(_ text: String, style: SaveStyle = .inPlace) throws { try style.save(text, to: library) }

    /// All of at least `count` processes give this answer.
    func waitForAnswer(_ answer: String, from count: Int, within limit: Duration = .seconds(60)) async throws
    {
        try await eventually("\(answer) from \(count)", within: limit, seen: { "\(self.answers)" }) {
            let answers = self.answers
            return answers.count >= count && answers.values.allSatisfy { $0 == answer }
        }
    }

    private static let main = """
        import os, subprocess, sys, time
        import lib

        first = os.getpid()

        def work():
            name = "out/%d" % os.getpid()
            while True:
                with open(name + ".new", "w") as file:
                    file.write(str(lib.answer()))
                os.rename(name + ".new", name)
                time.sleep(float(sys.argv[2]) if len(sys.argv) > 2 else 0.005)
                if os.getpid() == first:
                    look()

        def look():
            if os.path.exists("fork"):
                os.remove("fork")
                fork()
            if os.path.exists("start"):
                os.remove("start")
                subprocess.Popen([sys.executable, "main.py"])

        def fork():
            if os.fork() == 0:
                work()

        if len(sys.argv) == 1:
            first = 0
        else:
            for _ in range(int(sys.argv[1])):
                fork()
            print("ready")
        work()

        """
}
