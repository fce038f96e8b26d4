import Foundation
import Glibc
import Synchronization

/// The lines that arrive on a pipe, collected by a thread of its own until the pipe ends.
package final class LineLog: Sendable {
    private struct State {
        var lines: [String] = []
        var isAtEnd = false
    }

    private let state = Mutex(State())

    package var lines: [String] { state.withLock { $0.lines } }
    package var text: String { lines.joined(separator: "\n") }
    package var isAtEnd: Bool { state.withLock { $0.isAtEnd } }

    /// Takes over `descriptor` and closes it at its end.
    package init(reading descriptor: Int32) {
        Thread.detachNewThread { [self] in
            var rest: [UInt8] = []
            var chunk = [UInt8](repeating: 0, count: 65_536)
            while true {
                let count = read(descriptor, &chunk, chunk.count)
                if count < 0 && errno == EINTR { continue }
                if count <= 0 { break }
                rest += chunk[..<count]
                while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                    append(rest[..<end])
                    rest.removeFirst(end + 1)
                }
            }
            if !rest.isEmpty { append(rest[...]) }
            state.withLock { $0.isAtEnd = true }
            close(descriptor)
        }
    }

    /// The first line for which `matches` holds, seen or to come.
    package func line(
        _ what: String, within limit: Duration = .seconds(60), where matches: (String) -> Bool
    ) async throws -> String {
        var found: String?
        try await eventually(what, within: limit, seen: { self.text }) {
            found = self.lines.first(where: matches)
            return found != nil || self.isAtEnd
        }
        guard let found else {
            throw TestSupportError.notInTime(what + " before the stream ended", seen: text)
        }
        return found
    }

    private func append(_ bytes: ArraySlice<UInt8>) {
        let line = String(decoding: bytes, as: UTF8.self)
        state.withLock { $0.lines.append(line) }
    }
}
