package import Foundation

/// A virtual environment with packages from PyPI, made once below `.build` and kept for later runs.
package struct VirtualEnvironment: Sendable {
    package let root: URL

    package func program(_ name: String) -> String { root.appending(path: "bin/" + name).path }
    package var python: String { program("python") }

    /// Of Debian's Python where it is there. `packages`: as pip takes them; another list makes another environment.
    package init(_ name: String, packages: [String]) throws {
        let wanted = packages.sorted().joined(separator: "\n")
        root = Checkout.file(".build/test-environments/" + name)
        let list = root.appending(path: "packages.txt")
        if (try? String(contentsOf: list, encoding: .utf8)) == wanted { return }
        let files = FileManager.default
        try? files.removeItem(at: root)  // half of an environment, or none
        try files.createDirectory(at: root.deletingLastPathComponent(), withIntermediateDirectories: true)
        _ = try ProgramOutput.of(try Interpreter.usual.path, "-m", "venv", root.path)
        let pip = [program("pip"), "install", "--quiet", "--disable-pip-version-check"] + packages
        _ = try ProgramOutput.of(pip)
        try Data(wanted.utf8).write(to: list)
    }
}
