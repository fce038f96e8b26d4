package import Foundation

/// A running Python program of one file, in a folder of its own.
package final class Script: Sendable {
    package let tree: TemporaryTree
    package let program: Program

    package var pid: Int32 { program.pid }
    package var file: URL { tree.file("app.py") }

    /// `source` defines things; a line that prints `ready` and a wait for ever are put after it.
    /// It runs in `directory`, or else beside its file.
    package init(_ interpreter: Interpreter, _ source: String, in directory: URL? = nil) async throws {
        tree = try TemporaryTree()
        try tree.write(source + Self.end, to: "app.py")
        program = try Program(
            [interpreter.path, tree.file("app.py").path], in: directory ?? tree.root,
            environment: ["PYTHONUNBUFFERED": "1", "PYTHONDONTWRITEBYTECODE": "1"])
        _ = try await program.output.line("the program's start") { $0 == "ready" }
    }

    package func save(_ source: String, style: SaveStyle = .inPlace) throws {
        try style.save(source + Self.end, to: file)
    }

    /// `__main__` waits in select, as a server does.
    private static let end = "\n\nimport select\nprint(\"ready\")\nselect.select([], [], [])\n"
}
