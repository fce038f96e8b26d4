import Testing

@testable import Configuration

@Suite("A right watch.yaml")
struct ReadingTests {
    private func read(_ text: String) throws -> WatchConfiguration {
        try WatchConfiguration(text: text, directory: "/srv/shop") {
            ["PORT": "8000", "DIR": "api", "ODD": "a: [b]", "EMPTY": ""][$0]
        }
    }

    @Test("every key arrives")
    func everything() throws {
        let text = """
            version: 1
            defaults: {ignore: [a/], strict: true, debounce: 50ms}
            services:
              web.1:
                path: [src, ../lib, /opt/x/./y]
                match: {cmdline: "uvicorn .*:app"}
                workers: children
                path_map: [{process: /app, local: services/web}]
                actions:
                  - {files: ["*.html"], action: ignore}
                  - {files: [a.toml], action: restart}
                  - {files: [b], action: signal, signal: SIGUSR1}
                  - {files: [c], action: exec, exec: [make, c]}
                restart: [systemctl, restart, web]
                signal: usr2
                settings:
                  scope: tree
                  watcher: poll
                  poll_interval: 2s
                  include: ["*.sql"]
                  ignore: []
                  gitignore: false
                  keep_caches: true
                  sync_on_attach: yes
                  on_kept: restart
                  on_rejected: signal
                  hook_timeout: 1s
                  hooks: {after_reload: [[a, b]], after_rejected: [[c]]}
            """
        let service = try #require(try read(text).services.first)
        #expect(service.name == "web.1")
        #expect(service.paths == ["/srv/shop/src", "/srv/lib", "/opt/x/y"])
        #expect(service.match == .cmdline("uvicorn .*:app"))
        #expect(service.workers == .children)
        #expect(
            service.pathMap == [
                ServiceConfiguration.PathMapping(process: "/app", local: "/srv/shop/services/web")
            ])
        #expect(
            service.actions.map(\.action) == [.ignore, .restart, .signal("USR1"), .execute(["make", "c"])])
        #expect(service.restart == ["systemctl", "restart", "web"] && service.signal == "USR2")
        let expected = ServiceSettings(
            debounce: 50, scope: .tree, watcher: .poll, pollInterval: 2000, include: ["*.sql"], ignore: [],
            gitignore: false,
            strict: true, keepCaches: true, syncOnAttach: true, onKept: .restart, onRejected: .signal,
            hookTimeout: 1000,
            afterReload: [["a", "b"]], afterRejected: [["c"]])
        #expect(service.settings == expected)
    }

    @Test(
        "each way to find a process",
        arguments: [
            ("{pid: 7}", ServiceConfiguration.Match.pid(7)),
            ("{pidfile: run/x.pid}", .pidfile("/srv/shop/run/x.pid")),
            ("{port: 8000}", .port(8000)), ("{name: celery}", .name("celery")),
            ("{container: web-1}", .container("web-1")),
            ("{unit: web.service}", .unit("web.service")),
            ("{run: [python3, app.py]}", .run(["python3", "app.py"])),
            ("{name: \"${PORT}\"}", .name("8000")),
            ("{name: v1.2}", .name("v1.2")), ("{name: -x}", .name("-x")), ("{name: 1.2.3}", .name("1.2.3")),
        ])
    func matches(text: String, expected: ServiceConfiguration.Match) throws {
        #expect(
            try read("version: 1\nservices: {a: {path: ., match: \(text)}}").services.first?.match == expected
        )
    }

    @Test(
        "references are expanded in values, and what they hold stays a value",
        arguments: [
            ("${DIR}", "/srv/shop/api"), ("${DIR}/x", "/srv/shop/api/x"), ("${NONE:-b}", "/srv/shop/b"),
            ("${EMPTY:-c}", "/srv/shop/c"),
            ("${NONE:-${DIR}}", "/srv/shop/api"), ("$$HOME", "/srv/shop/$HOME"), ("a$b", "/srv/shop/a$b"),
            ("${ODD}", "/srv/shop/a: [b]"),
        ])
    func expansion(text: String, expected: String) throws {
        let whole = "version: 1\nservices:\n  a:\n    path: '\(text)'\n    match: {pid: 1}\n"
        #expect(try read(whole).services.first?.paths == [expected])
    }

    @Test("an expanded plain value is read by YAML's rules again")
    func number() throws {
        let text = "version: 1\nservices:\n  a:\n    path: .\n    match:\n      port: ${PORT}\n"
        #expect(try read(text).services.first?.match == .port(8000))
    }

    @Test("services keep their order, and settings of one are not another's")
    func order() throws {
        let text = """
            version: 1
            services:
              z: {path: ., match: {pid: 1}, settings: {strict: true}}
              a: {path: ., match: {pid: 2}}
            """
        let services = try read(text).services
        #expect(services.map(\.name) == ["z", "a"])
        #expect(services.map(\.settings.strict) == [true, false])
    }
}
