package import Foundation
import Glibc

/// A child process with its two streams; killed when the last reference goes.
package final class Program: Sendable {
    package let output: LineLog
    package let errors: LineLog
    private let process: Process

    package var pid: Int32 { process.processIdentifier }
    package var isRunning: Bool { process.isRunning }

    /// Variables of `environment` replace those of this process.
    /// A program inherits the signal mask, and the threads that tests run on block nearly all: a server would never see
    /// the end of a worker.
    private static func unmasked(_ launch: () throws -> Void) rethrows {
        var (none, own) = (sigset_t(), sigset_t())
        sigemptyset(&none)
        pthread_sigmask(SIG_SETMASK, &none, &own)
        defer { pthread_sigmask(SIG_SETMASK, &own, nil) }
        try launch()
    }

    package init(
        _ command: [String], in directory: URL? = nil, environment: [String: String] = [:]
    ) throws {
        let process = Process()
        process.executableURL = URL(filePath: command[0])
        process.arguments = Array(command.dropFirst())
        process.currentDirectoryURL = directory
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { _, new in new }
        process.standardInput = FileHandle.nullDevice
        let (output, errors) = (Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = errors
        try Self.unmasked { try process.run() }
        self.process = process
        self.output = LineLog(reading: dup(output.fileHandleForReading.fileDescriptor))
        self.errors = LineLog(reading: dup(errors.fileHandleForReading.fileDescriptor))
    }

    deinit {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    }

    package func send(_ signal: Int32) { kill(pid, signal) }

    /// The exit status, or 128 + the signal's number, once both streams have ended too.
    package func status(within limit: Duration = .seconds(10)) async throws -> Int32 {
        try await eventually("the end of process \(pid)", within: limit, seen: { self.errors.text }) {
            !self.process.isRunning && self.output.isAtEnd && self.errors.isAtEnd
        }
        return process.terminationReason == .exit
            ? process.terminationStatus : 128 + process.terminationStatus
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
