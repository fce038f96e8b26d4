import Foundation
import Glibc
import TestSupport

/// A terminal with a program on it instead of a person's window: what it shows, and keys for it.
final class PseudoTerminal: Sendable {
    /// TIOCSPTLCK and TIOCGPTN of ioctl_tty(2), function-like macros that Swift does not import.
    private static let setLock: UInt = 0x4004_5431
    private static let getNumber: UInt = 0x8004_5430

    private let master: Int32
    private let slave: Int32
    private let screen: ByteLog

    init() throws {
        master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
        var number: UInt32 = 0
        var unlocked: Int32 = 0
        guard master >= 0, ioctl(master, Self.setLock, &unlocked) == 0,
            ioctl(master, Self.getNumber, &number) == 0
        else { throw TestSupportError.system(call: "ioctl", errno: errno) }
        let name = "/dev/pts/\(number)"
        slave = open(name, O_RDWR | O_NOCTTY | O_CLOEXEC)
        guard slave >= 0 else { throw TestSupportError.system(call: "open", errno: errno) }
        screen = ByteLog(reading: dup(master))
    }

    deinit {
        close(slave)
        close(master)
    }

    var text: String { screen.text }

    /// Starts a command with all three streams on this terminal.
    func start(_ command: [String], in directory: URL, environment: [String: String] = [:]) throws -> Process
    {
        let process = Process()
        process.executableURL = URL(filePath: command[0])
        process.arguments = Array(command.dropFirst())
        process.currentDirectoryURL = directory
        let clean = ["CI": "", "LC_ALL": "C.UTF-8", "TERM": "xterm"].merging(environment) { _, new in new }
        process.environment = ProcessInfo.processInfo.environment.merging(clean) { _, new in new }
        let stream = FileHandle(fileDescriptor: slave, closeOnDealloc: false)
        process.standardInput = stream
        process.standardOutput = stream
        process.standardError = stream
        try process.run()
        return process
    }

    func type(_ keys: String) throws {
        let bytes = Array(keys.utf8)
        guard write(master, bytes, bytes.count) == bytes.count else {
            throw TestSupportError.system(call: "write", errno: errno)
        }
    }

    func wait(for text: String) async throws {
        try await eventually("'\(text)' on the terminal", seen: { self.text }) { self.text.contains(text) }
    }
}
