package import Foundation
import Glibc
import Synchronization

/// A child process with its two streams; killed when the last reference goes.
///
/// Not a `Foundation.Process`: that one keeps descriptors, and reads past its list of them once there are over a thousand.
package final class Program: Sendable {
    package let output: LineLog
    package let errors: LineLog
    package let pid: Int32
    private let ending: Ending

    /// Until its status has been taken.
    package var isRunning: Bool { ending.status.withLock { $0 == nil } }

    /// `command` begins with a path. Variables of `environment` replace those of this process. No signal is blocked in the
    /// program: the threads that tests run on block nearly all, and a server would never see the end of a worker.
    /// `PYTHONUNBUFFERED` of this process is not its children's: each `print` would be several writes, and lines of
    /// processes that share a stream would be torn.
    package init(
        _ command: [String], in directory: URL? = nil, environment: [String: String] = [:]
    ) throws {
        let (output, errors) = (try Self.pipe(), try Self.pipe())
        defer { for end in [output.write, errors.write] { close(end) } }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, output.write, STDOUT_FILENO)
        posix_spawn_file_actions_adddup2(&actions, errors.write, STDERR_FILENO)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK))
        // posix_spawn(3) has no working directory of its own before glibc 2.29, nor any that Swift sees.
        let change = directory.map { ["/bin/sh", "-c", #"cd "$0" && exec "$@""#, $0.path] } ?? []
        let words = (change + command).map { strdup($0) } + [nil]
        let merged = ProcessInfo.processInfo.environment
            .merging(["PYTHONUNBUFFERED": ""]) { _, new in new }
            .merging(environment) { _, new in new }
        let variables = merged.map { strdup("\($0)=\($1)") } + [nil]
        defer { (words + variables).forEach { free($0) } }
        Self.closeDescriptorsOnExecution()
        var pid: pid_t = 0
        let status = posix_spawn(&pid, (change + command)[0], &actions, &attributes, words, variables)
        guard status == 0 else {
            for end in [output.read, errors.read] { close(end) }
            throw TestSupportError.system(call: "posix_spawn", errno: status)
        }
        let (child, ending) = (pid, Ending())
        self.pid = child
        self.ending = ending
        self.output = LineLog(reading: output.read)
        self.errors = LineLog(reading: errors.read)
        Thread.detachNewThread { ending.wait(for: child) }
    }

    deinit {
        if isRunning { kill(pid, SIGKILL) }
    }

    package func send(_ signal: Int32) { if isRunning { kill(pid, signal) } }

    /// The exit status, or 128 + the signal's number, once both streams have ended too.
    package func status(within limit: Duration = .seconds(60)) async throws -> Int32 {
        try await eventually("the end of process \(pid)", within: limit, seen: { self.errors.text }) {
            !self.isRunning && self.output.isAtEnd && self.errors.isAtEnd
        }
        return ending.status.withLock { $0 ?? -1 }
    }

    /// Shared with the thread that waits for the end, which does not keep the program alive.
    private final class Ending: Sendable {
        let status = Mutex<Int32?>(nil)

        func wait(for pid: Int32) {
            var word: Int32 = 0
            while waitpid(pid, &word, 0) < 0, errno == EINTR {}
            status.withLock { $0 = word & 0x7f == 0 ? word >> 8 & 0xff : 128 + word & 0x7f }
        }
    }

    private static func pipe() throws -> (read: Int32, write: Int32) {
        var ends: [Int32] = [-1, -1]
        guard Glibc.pipe(&ends) == 0 else { throw TestSupportError.system(call: "pipe", errno: errno) }
        return (ends[0], ends[1])
    }

    /// A child has its three streams and nothing else of us: a pipe that it held open would never end.
    private static func closeDescriptorsOnExecution() {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
        for descriptor in names.compactMap({ Int32($0) }) where descriptor > STDERR_FILENO {
            _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        }
    }
}

/// A short command's standard output.
package enum ProgramOutput {
    package static func of(_ command: String...) throws -> String { try of(command) }

    package static func of(_ command: [String]) throws -> String {
        let process = Process()
        process.executableURL = URL(filePath: command[0])
        process.arguments = Array(command.dropFirst())
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw TestSupportError.programFailed(
                command.joined(separator: " "), status: process.terminationStatus)
        }
        return String(decoding: data, as: UTF8.self)
    }
}
