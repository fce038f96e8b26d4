package import Foundation
import Glibc

/// A folder of its own, removed when the last reference goes.
package final class TemporaryTree: Sendable {
    package let root: URL

    package init() throws {
        root = FileManager.default.temporaryDirectory.resolvingSymlinksInPath()
            .appending(path: "midflight-test-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(at: root, withIntermediateDirectories: true)
        chmod(root.path, 0o755)  // other accounts read the sources in the tests of permissions
    }

    deinit {
        try? FileManager.default.removeItem(at: root)  // a leftover in /tmp fails no test
    }

    package func file(_ path: String) -> URL { root.appending(path: path) }

    package func read(_ path: String) throws -> String {
        try String(contentsOf: file(path), encoding: .utf8)
    }

    package func write(_ text: String, to path: String) throws {
        let file = file(path)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
    }
}
