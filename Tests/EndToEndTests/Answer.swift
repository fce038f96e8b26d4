import Foundation
import TestSupport

/// What a command that ended left: both streams byte for byte, and its status.
struct Answer: Equatable {
    var output: String
    var errors: String
    var status: Int32

    /// Runs `midflight ARGUMENTS` to its end, at most a minute.
    static func of(
        _ arguments: [String], in directory: URL? = nil, prefix: [String] = [],
        environment: [String: String] = [:]
    ) async throws -> Answer {
        let clean = [
            "NO_COLOR": "", "FORCE_COLOR": "", "CLICOLOR_FORCE": "", "CI": "", "LC_ALL": "C.UTF-8",
            "TERM": "xterm",
        ]
        let files = try TemporaryTree()
        // The shell's redirections keep the bytes; its exec keeps the process and its status.
        let shell = #"out="$1"; shift; exec "$@" > "$out/output" 2> "$out/errors""#
        let tool = try Program(
            prefix + ["/bin/sh", "-c", shell, "sh", files.root.path, Checkout.binary.path] + arguments,
            in: directory, environment: clean.merging(environment) { _, new in new })
        let status = try await tool.status()
        return Answer(
            output: try files.read("output"), errors: try files.read("errors"), status: status)
    }

    static func of(_ arguments: String...) async throws -> Answer { try await of(arguments) }
}
