import Reloader
package import SystemPackage

/// How a session attaches, watches and patches.
package struct SessionOptions: Sendable {
    /// In watch.yaml; nil where a process was attached to directly.
    package var name: String?
    /// Replace the project root; absolute.
    package var directories: [FilePath] = []
    /// Further gitignore patterns of what is not watched.
    package var ignore: [String] = []
    package var keepCaches = false
    package var force = false
    package var strict = false
    /// Milliseconds that the agent stays in the target after an answer: the next save is faster.
    package var quietPeriod: Int64 = 2000

    package var workers = Workers.descendants

    package init() {}
}

/// Which processes below the chosen one belong to its service.
package enum Workers: String, Sendable, Hashable, CaseIterable {
    case none, children, descendants

    var depth: ProcessFamily.Depth? {
        switch self {
        case .none: nil
        case .children: .children
        case .descendants: .descendants
        }
    }
}
