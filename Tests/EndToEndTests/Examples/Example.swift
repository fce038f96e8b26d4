import Foundation
import Glibc
import TestSupport

/// A running copy of one of the folders in `examples/`, started as its README says.
final class Example: Sendable {
    enum Kind: String, Sendable, CaseIterable, CustomStringConvertible {
        case fastapi = "fastapi-gunicorn"
        case django
        case celery

        var description: String { rawValue }

        /// Words of the README; the first one is a program of the virtual environment.
        var command: [String] {
            switch self {
            case .fastapi: ["gunicorn", "app.main:app"]
            case .django: ["gunicorn", "mysite.wsgi"]
            case .celery:
                ["celery", "-A", "tasks", "worker", "--concurrency", "2", "--pidfile", "worker.pid"]
            }
        }

        /// What the README tells the reader to attach to.
        var attachment: (pidfile: String, directory: String) {
            switch self {
            case .fastapi: ("gunicorn.pid", "app")
            case .django: ("gunicorn.pid", ".")
            case .celery: ("worker.pid", ".")
            }
        }

        /// The edit that the README proposes, and the answers before and after it.
        var edit: (file: String, old: String, new: String, before: String, after: String) {
            switch self {
            case .fastapi: ("app/greeting.py", "Hello ", "Good evening, ", "Hello Ann", "Good evening, Ann")
            case .django: ("quotes/prices.py", "PRICE * pieces", "PRICE * pieces - 9", "360 EUR", "351 EUR")
            case .celery:
                ("words.py", "len(text.split())", "len(set(text.split()))", "6 words", "4 words")
            }
        }
    }

    struct Reply: Sendable {
        /// All of it.
        var text: String
        var pid: Int32
        /// How often this process has answered.
        var count: Int
    }

    let kind: Kind
    let tree: TemporaryTree
    let program: Program
    private let environment: VirtualEnvironment
    /// Nil for Celery.
    private let port: UInt16?

    init(_ kind: Kind) async throws {
        self.kind = kind
        environment = try VirtualEnvironment("examples", packages: try Self.requirements())
        tree = try TemporaryTree()
        let folder = tree.file("example")
        try FileManager.default.copyItem(at: Checkout.file("examples/\(kind)"), to: folder)
        let variables = ["PORT": "0", "PYTHONUNBUFFERED": "1", "PYTHONDONTWRITEBYTECODE": "1"]
        program = try Program(
            [environment.program(kind.command[0])] + kind.command.dropFirst(), in: folder,
            environment: variables)
        if kind == .celery {
            port = nil
        } else {
            let line = try await program.errors.line("the address") {
                $0.contains("Listening at: http://")
            }
            port = line.firstMatch(of: /127\.0\.0\.1:(\d+)/).flatMap { UInt16($0.1) }
        }
        try await eventually(
            "the first answer of \(kind)", seen: { self.program.errors.text }
        ) {
            (try? self.ask())?.text.contains(kind.edit.before) == true
        }
        try await eventually("both workers of \(kind)") { self.descendants.count >= 2 }
    }

    deinit {
        for pid in descendants { kill(pid, SIGKILL) }
    }

    /// What the examples need, all in one environment.
    private static func requirements() throws -> [String] {
        let lists = try Kind.allCases.map { kind in
            try String(contentsOf: Checkout.file("examples/\(kind)/requirements.txt"), encoding: .utf8)
        }
        return Set(lists.flatMap { $0.split(separator: "\n").map(String.init) }).sorted()
    }

    /// The pid that the example wrote into its pid file.
    var pid: Int32? {
        (try? tree.read("example/" + kind.attachment.pidfile)).flatMap {
            Int32($0.trimmingCharacters(in: .whitespacesAndNewlines))
        }
    }

    var descendants: Set<Int32> {
        func below(_ pid: Int32) -> [Int32] {
            let text =
                (try? String(contentsOfFile: "/proc/\(pid)/task/\(pid)/children", encoding: .utf8)) ?? ""
            let children = text.split(separator: " ").compactMap { Int32($0) }
            return children + children.flatMap(below)
        }
        return Set(below(program.pid))
    }

    func save() throws {
        let edit = kind.edit
        let text = try tree.read("example/" + edit.file)
        guard text.contains(edit.old) else { throw TestSupportError.badAnswer("\(edit.old) in \(edit.file)") }
        try SaveStyle.inPlace.save(
            text.replacingOccurrences(of: edit.old, with: edit.new), to: tree.file("example/" + edit.file))
    }

    /// Every example ends its answer with the pid and the count of the process.
    func ask() throws -> Reply {
        let text = try answer()
        guard let match = text.wholeMatch(of: /.*\D(\d+)\D+(\d+)\D*/), let pid = Int32(match.1),
            let count = Int(match.2)
        else { throw TestSupportError.badAnswer(text) }
        return Reply(text: text, pid: pid, count: count)
    }

    private func answer() throws -> String {
        guard let port else {
            return try ProgramOutput.of(
                [environment.python, tree.file("example/ask.py").path, "to be or not to be"])
        }
        let path = kind == .fastapi ? "/hello/Ann" : "/quote/30"
        let answer = try HTTPAnswer.get(port: port, path: path)
        let text = String(decoding: answer.body, as: UTF8.self)
        guard answer.status == 200 else { throw TestSupportError.badAnswer("\(answer.status) \(text)") }
        return text
    }
}
