import Foundation
import TestSupport
import Testing

extension EndToEnd {
    /// uWSGI, NGINX Unit and mod_wsgi are such programs; here it is an interpreter under another name.
    @Suite("A program that embeds Python")
    struct EmbeddingTests {
        private static func source(_ value: Int) -> String {
            "import mmap\n\ndef answer():\n    return \(value)\n"
        }

        @Test(
            "is patched with its processes: the interpreter of its installation compiles",
            arguments: Interpreter.relocatableEnds)
        func patched(interpreter: Interpreter) async throws {
            let tree = try TemporaryTree()
            let host = tree.file("host")
            try FileManager.default.copyItem(
                at: URL(filePath: interpreter.path).resolvingSymlinksInPath(), to: host)
            let flock = try await Flock(
                Interpreter(path: host.path, version: interpreter.version), children: 1,
                library: Self.source(1))
            try await flock.waitForAnswer("1", from: 2)
            let tool = try Midflight.start("attach", String(flock.pid), "--json")
            _ = try await tool.output.line("ready") { $0.contains(#""event":"ready""#) }
            try flock.save(Self.source(2))
            try await flock.waitForAnswer("2", from: 2)
            let twins = Server.descendants(tool.pid)
            #expect(twins.count == 1)
            let program = try FileManager.default.destinationOfSymbolicLink(
                atPath: "/proc/\(try #require(twins.first))/exe")
            #expect(program.contains("/bin/python"))
            let list = try await Answer.of("ps")
            let version = interpreter.version.split(separator: ".").prefix(2).joined(separator: ".")
            #expect(
                list.output.split(separator: "\n").contains {
                    $0.hasPrefix("\(flock.pid) ") && $0.contains(" \(version) ")
                }, "\(list)")
        }
    }
}
