import Glibc
import Synchronization
import SystemPackage
import Testing

@testable import Reconciler

@Suite("A service's commands")
struct CommandQueueTests {
    private func command(_ words: [String], files: [String] = ["a.py"]) -> Command {
        Command(words: words, occasion: .afterReload, service: "api", files: files, pids: [1, 2])
    }

    /// The reports of `count` commands, in the order of their ends.
    private func reports(
        _ commands: [Command], count: Int? = nil, timeout: Duration = .seconds(60), directory: FilePath = "/"
    ) async -> [CommandReport] {
        let (stream, continuation) = AsyncStream<CommandReport>.makeStream()
        var setting = CommandSetting()
        setting.timeout = timeout
        setting.directory = directory
        let queue = CommandQueue(setting) { continuation.yield($0) }
        commands.forEach(queue.add)
        var found: [CommandReport] = []
        for await report in stream {
            found.append(report)
            if found.count == count ?? commands.count { break }
        }
        return found
    }

    @Test("know what happened, and both of their streams are read")
    func variables() async {
        let script =
            "echo $MIDFLIGHT_EVENT $MIDFLIGHT_SERVICE $MIDFLIGHT_FILES $MIDFLIGHT_PIDS; echo wrong >&2; exit 3"
        let report = await reports([command(["sh", "-c", script])])[0]
        #expect(report.end == .exited(3) && !report.isSuccess)
        #expect(report.output == "after_reload api a.py 1 2\nwrong\n")
        #expect(report.duration > 0)
    }

    @Test(
        "are found as a shell finds them: in PATH, or by a path from their directory",
        arguments: ["sh", "/bin/sh", "../bin/sh", "bin/sh"])
    func program(word: String) async {
        let report = await reports(
            [command([word, "-c", "pwd"])], directory: word.hasPrefix("..") ? "/usr" : "/")[0]
        #expect(report.end == .exited(0), "\(report)")
    }

    @Test("that cannot be run are told with their name", arguments: ["no-such-program", "/no/such/program"])
    func missing(word: String) async {
        guard case .failed(let message) = await reports([command([word])])[0].end else {
            Issue.record("it ran")
            return
        }
        #expect(message.contains(word))
    }

    @Test("run one after the other, and once for what is asked while they wait")
    func merged() async {
        let slow = command(["sh", "-c", "sleep 0.3; echo $MIDFLIGHT_FILES"], files: ["first"])
        let twice = ["b", "c", "b"].map { command(["sh", "-c", "echo $MIDFLIGHT_FILES"], files: [$0]) }
        let found = await reports([slow] + twice, count: 2)
        #expect(found.map(\.output) == ["first\n", "b c\n"])
    }

    @Test("are ended when their time is over, with what they started")
    func timeout() async throws {
        let start = ContinuousClock.now
        let script = "sleep 4321 & echo $!; wait"
        let report = await reports([command(["sh", "-c", script])], timeout: .seconds(2))[0]
        #expect(report.end == .timedOut)
        // Far less than its child sleeps, and long enough for a machine that other tests keep busy.
        #expect(ContinuousClock.now - start < .seconds(600))
        let child = try #require(Int32(report.output.filter(\.isNumber)))
        // It may be a zombie until init has seen it.
        let end = ContinuousClock.now + .seconds(60)
        while kill(child, 0) == 0, !Self.isZombie(child), ContinuousClock.now < end { usleep(10_000) }
        #expect(kill(child, 0) != 0 || Self.isZombie(child))
    }

    private static func isZombie(_ pid: Int32) -> Bool {
        var bytes = [UInt8](repeating: 0, count: 512)
        let file = open("/proc/\(pid)/stat", O_RDONLY)
        defer { close(file) }
        let count = max(0, read(file, &bytes, bytes.count))
        return String(decoding: bytes[..<count], as: UTF8.self).contains(") Z ")
    }

    @Test("that cannot be run say why, and the next one runs")
    func missing() async {
        let found = await reports([command(["no-such-program-here"]), command(["true"])])
        guard case .failed(let message) = found[0].end else {
            Issue.record("\(found[0].end)")
            return
        }
        #expect(message.contains("no-such-program-here"))
        #expect(found[1].isSuccess)
    }

    @Test("may write any amount; its end is kept")
    func loud() async {
        let script = "i=0; while [ $i -lt 40000 ]; do echo 0123456789; i=$((i+1)); done; echo last"
        let report = await reports([command(["sh", "-c", script])])[0]
        #expect(report.isSuccess && report.output.utf8.count == 64 << 10)
        #expect(report.output.hasSuffix("0123456789\nlast\n"))
    }
}
