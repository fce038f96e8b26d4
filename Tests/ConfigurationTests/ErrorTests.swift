import Testing

@testable import Configuration

@Suite("What is wrong with a watch.yaml")
struct ErrorTests {
    private static let head = "version: 1\nservices:\n  api:\n"

    /// The messages with their places, of a file with one service and these lines (indented by four).
    private func problems(_ lines: String) -> [String] { problems(whole: Self.head + lines) }

    private func problems(whole text: String) -> [String] {
        do throws(ConfigurationError) {
            _ = try WatchConfiguration(text: text, directory: "/srv") { ["PORT": "8000", "EMPTY": ""][$0] }
            return []
        } catch {
            return error.problems.map { $0.text(file: "watch.yaml") }
        }
    }

    @Test(
        "a service's keys and values, each at its place with what would be right",
        arguments: [
            (
                "    path: .\n    match: {port: 80}\n    setings: {}",
                "6:5: error: unknown key 'setings'; did you mean 'settings'?"
            ),
            (
                "    path: .\n    match: {port: 80}\n    settings: {debounse: 0ms}",
                "6:16: error: unknown key 'debounse'; did you mean 'debounce'?"
            ),
            (
                "    path: .\n    match: {port: 80, pid: 3}",
                "5:12: error: match: give one of pid, pidfile, port, name, cmdline, container, unit, run (found pid and port)"
            ),
            (
                "    path: .\n    match: {}",
                "5:12: error: match: give one of pid, pidfile, port, name, cmdline, container, unit, run"
            ),
            ("    path: .\n    match: {prot: 80}", "5:13: error: unknown key 'prot'; did you mean 'port'?"),
            (
                "    path: .\n    match: {port: 65536}",
                "5:19: error: port must be a number from 1 to 65535, not '65536'"
            ),
            (
                "    path: .\n    match: {port: \"80\"}",
                "5:19: error: port must be a number from 1 to 65535, not '80'"
            ),
            (
                "    path: .\n    match: {pid: 0}",
                "5:18: error: pid must be a number from 1 to 2147483647, not '0'"
            ),
            (
                "    path: .\n    match: {name: 80}",
                "5:19: error: name must be text, not a number: write \"80\" in quotes"
            ),
            (
                "    path: .\n    match: {cmdline: \"(\"}",
                "5:22: error: cmdline is no regular expression: '('"
            ),
            ("    path: .\n    match: {run: []}", "5:18: error: run is empty"),
            ("    path: .\n    match: {run: ls}", "5:18: error: run must be a list of text, not text"),
            ("    path: []\n    match: {port: 80}", "4:11: error: path is empty"),
            ("    path: .", "4:5: error: the service 'api' needs 'match'"),
            ("    match: {port: 80}", "4:5: error: the service 'api' needs 'path'"),
            (
                "    path: .\n    match: {port: 80}\n    workers: kids",
                "6:14: error: workers must be one of none, children, descendants, not 'kids'"
            ),
            (
                "    path: .\n    match: {port: 80}\n    signal: HUPP",
                "6:13: error: there is no signal 'HUPP'; did you mean 'HUP'?"
            ),
            (
                "    path: .\n    match: {port: 80}\n    settings: {debounce: 5}",
                "6:26: error: debounce must be a time such as 200ms or 2s, not '5'"
            ),
            (
                "    path: .\n    match: {port: 80}\n    settings: {strict: maybe}",
                "6:24: error: strict must be true or false, not 'maybe'"
            ),
            (
                "    path: .\n    match: {port: 80}\n    settings: {on_kept: restart}",
                "6:15: error: on_kept: restart needs 'restart' (a command) or 'match: {run: …}'"
            ),
            (
                "    path: .\n    match: {port: 80}\n    actions: [{files: [a], action: exec}]",
                "6:15: error: action: exec needs 'exec', a list of words"
            ),
            (
                "    path: .\n    match: {port: 80}\n    path_map: [{process: app, local: .}]",
                "6:26: error: process must be an absolute path, as the process sees it"
            ),
            (
                "    path: ${NOWHERE}\n    match: {port: 80}",
                "4:11: error: the environment variable NOWHERE is not set; set it, or write ${NOWHERE:-default}"
            ),
            ("    path: ${NOWHERE:?where is it}\n    match: {port: 80}", "4:11: error: NOWHERE: where is it"),
            ("    path: ${EMPTY:?where is it}\n    match: {port: 80}", "4:11: error: EMPTY: where is it"),
            ("    path: ${PORT\n    match: {port: 80}", "4:11: error: '${' is never closed by '}'"),
            (
                "    path: .\n    match: {port: 80}\n    path: b",
                "6:5: error: the key 'path' is there twice: keep one of them"
            ),
            (
                "    path: .\n    match: {port: 80, port: 81}",
                "5:23: error: the key 'port' is there twice: keep one of them"
            ),
        ])
    func service(lines: String, expected: String) {
        #expect(problems(lines) == ["watch.yaml:" + expected])
    }

    @Test(
        "the file as a whole",
        arguments: [
            ("", "1:1: error: the file is empty: it needs version and services"),
            ("- a", "1:1: error: the file must be a mapping, not a list"),
            ("version: 1", "1:1: error: the file needs 'services'"),
            (
                "version: 2\nservices: 3",
                "1:10: error: version 2 is written for a newer midflight; this one reads version 1"
            ),
            ("version: 1\nservices: {}", "2:11: error: services is empty: name one"),
            (
                "version: 1\nservices:\n  a b: {path: ., match: {pid: 1}}",
                "3:3: error: the service name 'a b' may have letters, digits, '.', '_' and '-' only"
            ),
            (
                "version: 1\nservices:\n  a: {path: ., match: {pid: 1}\n",
                "4:1: error: YAML: did not find expected ',' or '}'"
            ),
            (
                "version: 1\nservices:\n\ta: 1",
                "3:1: error: YAML: found character that cannot start any token"
            ),
            ("version: 1\nservices: *x", "2:11: error: YAML: found undefined alias 'x'"),
            ("version: 1\n---\nversion: 1", "2:1: error: YAML: but found another document"),
            ("é: 1\né\u{1}: 1", "2:2: error: YAML: control characters are not allowed"),
            (String(repeating: "[", count: 100_000), "1:101: error: YAML: this is nested too deeply"),
        ])
    func file(text: String, expected: String) {
        #expect(problems(whole: text) == ["watch.yaml:" + expected])
    }

    @Test("all at once, in the order of the lines")
    func all() {
        let text = """
            version: 1
            defaults: {strict: 3, watch: auto}
            services:
              api:
                path: .
                match: {port: 0}
                match: {port: 1}
              api:
                path: 1
                match: {name: ""}
            """
        let places = problems(whole: text).map { $0.split(separator: ":")[1...2].joined(separator: ":") }
        #expect(places == ["2:20", "2:23", "6:19", "7:5", "8:3"])
    }

    @Test("names that stand for ever more values are refused before they use up memory")
    func aliases() {
        let levels = (1...20).map { level in
            "b\(level): &a\(level) [" + Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ",")
                + "]"
        }
        let text = (["a: &a0 [x, x, x, x, x, x, x, x, x]"] + levels).joined(separator: "\n")
        #expect(problems(whole: text) == ["watch.yaml:6:10: error: YAML: the file has too many values"])
    }

    @Test(
        "what YAML takes a plain word for",
        arguments: [
            ("0x1F", "a number"), ("-017", "a number"), ("1_000", "a number"), ("1:30", "a number"),
            ("1.5", "'1.5'"), ("1e3", "'1e3'"), (".inf", "'.inf'"), ("2020-01-01", "'2020-01-01'"),
            ("=", "'='"), ("~", "nothing"), ("Null", "nothing"), ("On", "true or false"),
            ("no", "true or false"),
        ])
    func words(word: String, kind: String) {
        let told = problems("    path: .\n    match: {name: \(word)}")
        let quoted = kind == "nothing" ? "" : ": write \"\(word)\" in quotes"
        #expect(told == ["watch.yaml:5:19: error: name must be text, not \(kind)\(quoted)"])
    }

    @Test("whatever is written, there is an error with a place or a configuration", arguments: 0..<8)
    func fuzz(seed: Int) {
        var random = SplitMix(state: UInt64(seed) &+ 1)
        let pieces = [
            "version: 1\n", "services:\n", "  api:\n", "    path: .\n", "    match: {port: 80}\n",
            "    match:\n", "      run: [a, b]\n",
            "    settings:\n", "      debounce: 5ms\n", "{", "}", "[", "]", ":", "-", " ", "\n", "\t", "\"",
            "'", "&a", "*a", "!!int",
            "? ", "|", ">", "#", "%YAML 1.2\n", "---\n", "...\n", "${PORT}", "${", "\u{0}", "\u{feff}", "é",
            "<<: *a\n", "api", "path",
        ]
        for _ in 0..<1250 {
            let text = (0..<Int.random(in: 1...14, using: &random)).map { _ in
                pieces.randomElement(using: &random) ?? ""
            }.joined()
            do throws(ConfigurationError) {
                let read = try WatchConfiguration(text: text, directory: "/srv") { $0 == "PORT" ? "80" : nil }
                #expect(!read.services.isEmpty)
            } catch {
                #expect(!error.problems.isEmpty, "\(text.debugDescription)")
                #expect(
                    error.problems.allSatisfy { $0.line > 0 && $0.column > 0 }, "\(text.debugDescription)")
            }
        }
    }
}

struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }
}
