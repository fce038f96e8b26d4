import Foundation
import Glibc
import TestSupport
import Testing

extension EndToEnd {
    @Suite("On the terminal")
    struct TerminalTests {
        @Test("colour is for terminals, unless it is asked for")
        func color() async throws {
            for (arguments, environment, isColored) in [
                ([], [:], false),
                (["--color", "always"], ["NO_COLOR": "1"], true),
                ([], ["FORCE_COLOR": "1"], true),
                ([], ["FORCE_COLOR": "1", "NO_COLOR": "1"], false),
            ] as [([String], [String: String], Bool)] {
                let shop = try await Shop(.usual)
                let clean = ["NO_COLOR": "", "FORCE_COLOR": "", "CLICOLOR_FORCE": "", "LC_ALL": "C.UTF-8"]
                let tool = try Program(
                    [Checkout.binary.path, "attach", String(shop.pid), shop.sources.path] + arguments,
                    environment: clean.merging(environment) { _, new in new })
                _ = try await tool.errors.line("attached") { $0.contains("attached") }
                try shop.change("shop/cart.py", "(subtotal)", to: "(subtotal")
                _ = try await tool.errors.line("the error") { $0.contains("SyntaxError") }
                #expect(tool.errors.text.contains("\u{1b}[") == isColored, "\(arguments) \(environment)")
            }
        }

        @Test("--version and --help answer on standard output", arguments: ["--version", "-V", "--help"])
        func answers(option: String) async throws {
            let tool = try Program([Checkout.binary.path, option])
            #expect(try await tool.status() == 0)
            #expect(!tool.output.lines.isEmpty)
            #expect(tool.errors.lines.isEmpty)
        }
    }
}
