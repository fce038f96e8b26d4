import Foundation
import Glibc
import TestSupport

/// A real server from PyPI with a program of ours, which answers `/` with the value of `lib.answer()` and a pid.
final class Server: Sendable {
    enum Kind: String, Sendable, CaseIterable, CustomStringConvertible {
        case gunicorn, gunicornPreload, gevent, uvicorn, flask, django, celery, pool

        var description: String { rawValue }

        /// Processes that have loaded the program, at least.
        var processes: Int {
            switch self {
            case .gunicorn, .gunicornPreload, .gevent, .uvicorn, .django: 4
            case .celery, .pool: 3
            case .flask: 1
            }
        }

        /// Whether a worker that is killed is replaced. A pool's may die with the lock of its queue.
        var replacesWorkers: Bool {
            switch self {
            case .gunicorn, .gunicornPreload, .gevent, .uvicorn, .django: true
            case .celery, .pool, .flask: false
            }
        }
    }

    struct Reply: Sendable {
        var value: String
        var pid: Int32
    }

    let kind: Kind
    let tree: TemporaryTree
    let program: Program
    /// What hands requests on where the server speaks no HTTP itself.
    private let gate: Program?
    private let port: UInt16

    var library: URL { tree.file("lib.py") }

    static var environment: VirtualEnvironment {
        get throws {
            try VirtualEnvironment(
                "servers", packages: ["gunicorn[gevent]", "uvicorn", "flask", "django", "celery"])
        }
    }

    init(_ kind: Kind) async throws {
        self.kind = kind
        let environment = try Self.environment
        tree = try TemporaryTree()
        try tree.write(Self.source(1), to: "lib.py")
        for (name, text) in ServerSources.files { try tree.write(text, to: name) }
        port = try Self.freePort()
        let variables = [
            "PYTHONUNBUFFERED": "1", "PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": tree.root.path,
        ]
        program = try Program(
            Self.command(kind, environment, port), in: tree.root, environment: variables)
        gate =
            kind == .celery
            ? try Program(
                [environment.python, "gate.py", String(port)], in: tree.root, environment: variables) : nil
        try await eventually(
            "the first answer of \(kind)", seen: { self.program.errors.text }
        ) {
            (try? self.ask())?.value == "1"
        }
    }

    deinit {
        for pid in Self.descendants(program.pid) { kill(pid, SIGKILL) }
    }

    static func source(_ value: Int) -> String { "def answer():\n    return \"\(value)\"\n" }

    func save(_ value: Int) throws {
        let styles: [SaveStyle] = [.inPlace, .renamedOver]
        try styles[value % 2].save(Self.source(value), to: library)
    }

    func ask() throws -> Reply {
        let answer = try HTTPAnswer.get(port: port, path: "/")
        let parts = String(decoding: answer.body, as: UTF8.self).split(separator: " ")
        guard answer.status == 200, parts.count == 2, let pid = Int32(parts[1]) else {
            throw TestSupportError.badAnswer(
                "\(answer.status) \(String(decoding: answer.body, as: UTF8.self))")
        }
        return Reply(value: String(parts[0]), pid: pid)
    }

    private static func command(_ kind: Kind, _ environment: VirtualEnvironment, _ port: UInt16) -> [String] {
        let bind = ["--bind", "127.0.0.1:\(port)", "--workers", "4"]
        return switch kind {
        case .gunicorn: [environment.program("gunicorn")] + bind + ["plain:application"]
        case .gunicornPreload: [environment.program("gunicorn")] + bind + ["--preload", "plain:application"]
        case .gevent:
            [environment.program("gunicorn")] + bind + ["--worker-class", "gevent", "plain:application"]
        case .django: [environment.program("gunicorn")] + bind + ["djangoapp:application"]
        case .uvicorn:
            [
                environment.program("uvicorn"), "--workers", "4", "--port", "\(port)", "--log-level",
                "warning", "asgi:app",
            ]
        case .flask: [environment.program("flask"), "--app", "flaskapp", "run", "--port", "\(port)"]
        case .celery:
            [
                environment.program("celery"), "-A", "tasks", "worker", "--pool", "prefork", "--concurrency",
                "3",
            ]
        case .pool: [environment.python, "poolapp.py", String(port)]
        }
    }

    private static func freePort() throws -> UInt16 {
        let made = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(made) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let status = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(made, $0, length) == 0 ? getsockname(made, $0, &length) : -1
            }
        }
        guard status == 0 else { throw TestSupportError.system(call: "bind", errno: errno) }
        return UInt16(bigEndian: address.sin_port)
    }

    static func descendants(_ pid: Int32) -> [Int32] {
        let text = (try? String(contentsOfFile: "/proc/\(pid)/task/\(pid)/children", encoding: .utf8)) ?? ""
        let children = text.split(separator: " ").compactMap { Int32($0) }
        return children + children.flatMap(descendants)
    }
}

/// A client that never rests, and remembers what failed.
final class Load: Sendable {
    private struct State {
        var count = 0
        var failures: [String] = []
        var pids: Set<Int32> = []
        var isOver = false
        var running = 0
    }

    private let state: Locked<State>

    /// `rate`: requests a second, spread over four connections.
    init(_ server: Server, rate: Int) {
        let state = Locked(State(running: 4))
        self.state = state
        for _ in 0..<4 {
            Thread.detachNewThread {
                while !state.value.isOver {
                    let start = Date()
                    do {
                        let reply = try server.ask()
                        state.change {
                            $0.count += 1
                            $0.pids.insert(reply.pid)
                        }
                    } catch {
                        state.change { $0.failures.append("\(error)") }
                    }
                    let pause = 4 / Double(rate) + start.timeIntervalSinceNow
                    if pause > 0 { Thread.sleep(forTimeInterval: pause) }
                }
                state.change { $0.running -= 1 }
            }
        }
    }

    var failures: [String] { state.value.failures }
    /// Who has answered.
    var pids: Set<Int32> { state.value.pids }

    /// How many requests were answered.
    func stop() async throws -> Int {
        state.change { $0.isOver = true }
        try await eventually("the end of the load") { self.state.value.running == 0 }
        return state.value.count
    }

    deinit { state.change { $0.isOver = true } }
}
