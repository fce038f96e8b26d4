import Foundation
import Glibc
import SystemPackage
import Testing

@testable import Reloader

@Suite("Selectors")
struct SelectorTests {
    @Test(
        "a name is the process's, its program's, its script's or its module's",
        arguments: [
            (["/usr/bin/python3", "/opt/venv/bin/celery", "-A", "x"], "celery", true),
            (["python3.12", "-X", "dev", "-W", "ignore", "-m", "uvicorn", "app:x"], "uvicorn", true),
            (["python3", "-u", "app.py"], "app.py", true), (["python3", "-c", "app.py"], "app.py", false),
            (["/usr/sbin/gunicorn", "x"], "gunicorn", true),
            (["python3", "a.py", "celery"], "celery", false),
            (["anything"], "given", true),
        ])
    func names(words: [String], name: String, expected: Bool) {
        #expect(CommandWords(words: words, processName: "given").isNamed(name) == expected)
    }

    private static let id = String(repeating: "0123456789abcdef", count: 4)

    @Test(
        "a container is found by its id's beginning or by its name",
        arguments: [
            ("/docker/\(id)", "0123", true), ("/system.slice/docker-\(id).scope", "01234567", true),
            ("/kubepods/burstable/podx/cri-containerd-\(id).scope", id, true),
            ("/docker/\(id)", "123", false),
            ("/docker/\(id)", "f123", false), ("/lxc.payload.shop-web-1", "shop-web-1", true),
            ("/user.slice", "user", false),
            ("/machine.slice/libpod-web.scope", "web", true),
        ])
    func containers(path: String, name: String, expected: Bool) {
        #expect(Selector.holds(container: name, path[...]) == expected)
    }

    @Test(
        "a unit is a component of the control group",
        arguments: [
            ("/system.slice/web.service", "web", true), ("/system.slice/web.service", "web.service", true),
            ("/system.slice/web.service/x", "web", true), ("/system.slice/webs.service", "web", false),
        ])
    func units(path: String, name: String, expected: Bool) {
        #expect(Selector.holds(unit: name, path[...]) == expected)
    }

    @Test("a running process is found by pid, pidfile, port, name and command line")
    func running() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(
            path: "midflight-select-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let script = "unique-\(UUID().uuidString.prefix(8)).py"
        let program = """
            import socket, sys, time
            s = socket.socket(); s.bind(("127.0.0.1", 0)); s.listen(1)
            open("port.new", "w").write(str(s.getsockname()[1]))
            import os; os.rename("port.new", "port")
            time.sleep(600)
            """
        try Data(program.utf8).write(to: folder.appending(path: script))
        let process = Process()
        process.executableURL = URL(filePath: TwinTests.python)
        process.arguments = [script]
        process.currentDirectoryURL = folder
        try process.run()
        // Not SIGTERM: a child of the tests may have it blocked, and would hold their output open.
        defer { kill(process.processIdentifier, SIGKILL) }
        let portFile = folder.appending(path: "port")
        for _ in 0..<6000 where !FileManager.default.fileExists(atPath: portFile.path) {
            try await Task.sleep(for: .milliseconds(10))
        }
        let port = try #require(UInt16(try String(contentsOf: portFile, encoding: .utf8)))
        let pid = process.processIdentifier
        let pidfile = folder.appending(path: "pid")
        try Data("\(pid)\n".utf8).write(to: pidfile)
        let selectors: [Selector] = [
            .pid(pid), .pidfile(FilePath(pidfile.path)), .port(port), .name(script),
            .cmdline("python.*\(script)$"),
        ]
        for selector in selectors { #expect(selector.processes(except: getpid()) == [pid], "\(selector)") }
        #expect(Selector.pidfile("/nonexistent").processes(except: getpid()) == [])
        #expect(Selector.cmdline("no such command line \(UUID())").processes(except: getpid()) == [])
    }
}
