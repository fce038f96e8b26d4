package import Foundation

/// Where the tests find the project's own files and the binary under test.
package enum Checkout {
    /// The folder of Package.swift, from this file's own path.
    package static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// MIDFLIGHT_BINARY, or the `midflight` that was built beside the test bundle.
    package static let binary: URL = {
        if let given = ProcessInfo.processInfo.environment["MIDFLIGHT_BINARY"] { return URL(filePath: given) }
        let bundle = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
        return bundle.deletingLastPathComponent().appending(path: "midflight")
    }()

    package static func file(_ path: String) -> URL { root.appending(path: path) }
}
