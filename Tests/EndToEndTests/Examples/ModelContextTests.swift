import Foundation
import TestSupport
import Testing

extension EndToEnd {
    @Suite("The example of an MCP server")
    struct ModelContextTests {
        /// The `mcp` package needs 3.10.
        private static let interpreter = Interpreter.all.first { interpreter in
            let parts = interpreter.version.split(separator: ".").compactMap { Int($0) }
            return parts.count == 3 && parts[1] >= 10
        }

        @Test(
            "its tools change while its client stays connected",
            .enabled(if: interpreter != nil, "the mcp package needs Python 3.10"))
        func client() async throws {
            let list = try String(contentsOf: Checkout.file("examples/mcp/requirements.txt"), encoding: .utf8)
            let packages = list.split(separator: "\n").map(String.init)
            let environment = try VirtualEnvironment("mcp", packages: packages)
            let client = try Program(
                [
                    environment.python, "-B", Checkout.file("examples/mcp/client.py").path,
                    Checkout.binary.path,
                ])
            #expect(try await client.status(within: .seconds(120)) == 0, "\(client.errors.text)")
            #expect(client.output.text.contains("two saves, a new tool, and every note kept"))
        }
    }
}
