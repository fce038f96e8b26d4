import Foundation

/// A CPython of this machine.
package struct Interpreter: Sendable, Hashable, CustomStringConvertible {
    package let path: String
    /// As `3.11.2`.
    package let version: String

    package init(path: String, version: String) {
        self.path = path
        self.version = version
    }

    package var description: String { "Python \(version)" }

    /// Every CPython from 3.8 on that `scripts/interpreters` finds, oldest first.
    package static let all: [Interpreter] = {
        let list = try? ProgramOutput.of(
            "/usr/bin/env", "python3", Checkout.file("scripts/interpreters").path)
        return (list ?? "").split(separator: "\n").compactMap { line in
            let parts = line.split(separator: " ", maxSplits: 1).map(String.init)
            return parts.count == 2 ? Interpreter(path: parts[1], version: parts[0]) : nil
        }
    }()

    /// The oldest and the newest: enough for what does not differ between versions.
    package static let ends: [Interpreter] = all.count > 1 ? [all[0], all[all.count - 1]] : all

    /// The oldest and the newest whose program finds its library wherever it is copied to: not those that
    /// scripts/fetch-pythons has unpacked.
    package static var relocatableEnds: [Interpreter] {
        let found = all.filter { !$0.path.contains("/.pythons/") }
        return found.count > 1 ? [found[0], found[found.count - 1]] : found
    }

    /// Debian's own where it is there, else the newest.
    package static var usual: Interpreter {
        get throws {
            guard let found = all.first(where: { $0.path.hasPrefix("/usr/bin/") }) ?? all.last else {
                throw TestSupportError.noInterpreter
            }
            return found
        }
    }
}
