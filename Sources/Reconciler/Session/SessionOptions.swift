package import SystemPackage

/// How a session attaches, watches and patches.
package struct SessionOptions: Sendable {
    /// Replace the project root; absolute.
    package var directories: [FilePath] = []
    /// Further gitignore patterns of what is not watched.
    package var ignore: [String] = []
    package var keepCaches = false
    package var force = false
    package var strict = false
    /// Milliseconds that the agent stays in the target after an answer: the next save is faster.
    package var quietPeriod: Int64 = 2000

    package init() {}
}
