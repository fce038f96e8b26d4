package import Foundation
import Glibc

/// The binary under test.
package enum Midflight {
    /// Starts `midflight ARGUMENTS`: no colour, a UTF-8 locale, no status line.
    package static func start(
        _ arguments: String..., flags: [String] = [], prefix: [String] = [],
        environment: [String: String] = [:], in directory: URL? = nil
    ) throws
        -> Program
    {
        let base = ["NO_COLOR": "1", "LC_ALL": "C.UTF-8", "TERM": "dumb"]
        return try Program(
            prefix + [Checkout.binary.path] + arguments + flags, in: directory,
            environment: base.merging(environment) { _, new in new })
    }

    /// `attach` to a shop, returned once its first line is there and its watches are placed.
    package static func attach(to shop: Shop, prefix: [String] = []) async throws -> Program {
        let tool = try start("attach", String(shop.pid), shop.sources.path, prefix: prefix)
        _ = try await tool.errors.line("attached \(shop.pid)") { $0.hasPrefix("attached \(shop.pid)") }
        return tool
    }
}
