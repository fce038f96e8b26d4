import Foundation
import Glibc
import TestSupport
import Testing

extension EndToEnd {
    @Suite("docs/editors.md")
    struct EditorPageTests {
        private struct Tasks: Decodable {
            var tasks: [Task]

            struct Task: Decodable {
                var command: String
                var problemMatcher: [Matcher]
            }

            struct Matcher: Decodable {
                var pattern: Pattern
            }

            struct Pattern: Decodable {
                var regexp: String
                var file: Int
                var line: Int
                var column: Int?
                var message: Int
                var code: Int
            }

            /// The first `json` block of the page.
            static func onPage() throws -> Tasks {
                let page = try String(contentsOf: Checkout.file("docs/editors.md"), encoding: .utf8)
                let block = try #require(page.firstMatch(of: /`{3}json\n((?s:.*?))\n`{3}/)?.1)
                return try JSONDecoder().decode(Tasks.self, from: Data(block.utf8))
            }
        }

        /// File, line, column, message and code of every line of `text` that one of the patterns matches.
        private func problems(in text: [String]) throws -> [[String]] {
            let patterns = try Tasks.onPage().tasks.flatMap(\.problemMatcher).map(\.pattern)
            return try patterns.flatMap { pattern -> [[String]] in
                let expression = try NSRegularExpression(pattern: pattern.regexp)
                return text.compactMap { line in
                    let whole = NSRange(line.startIndex..., in: line)
                    guard let match = expression.firstMatch(in: line, range: whole) else { return nil }
                    return [pattern.file, pattern.line, pattern.column ?? 0, pattern.message, pattern.code]
                        .map {
                            guard $0 > 0, let range = Range(match.range(at: $0), in: line) else { return "" }
                            return String(line[range])
                        }
                }
            }
        }

        @Test("its patterns find file, line and column in what midflight prints, and nothing in the rest")
        func patterns() async throws {
            let shop = try await Shop(.usual)
            let tool = try await Midflight.attach(to: shop)
            try shop.change("shop/prices.py", "return 490", to: "return 491")
            _ = try await tool.errors.line("the patch") { $0.contains("shop.prices.shipping") }
            #expect(try problems(in: tool.errors.lines).isEmpty)
            try shop.change("shop/cart.py", "(subtotal)", to: "(subtotal")
            _ = try await tool.errors.line("the error") { $0.contains("SyntaxError") }
            let syntax = try problems(in: tool.errors.lines)
            #expect(syntax.count == 1)
            #expect(syntax.first.map { [$0[0], $0[1], $0[4]] } == ["shop/cart.py", "21", "syntax"])
            #expect(syntax.first.map { Int($0[2]) ?? 0 > 0 && $0[3].contains("SyntaxError") } == true)
            try shop.change("shop/cart.py", "(subtotal", to: "(subtotal)")
            try shop.change("shop/catalogue.py", "    stock: int", to: "    stock: int\n    weight: int = 0")
            _ = try await tool.errors.line("what is kept") { $0.contains("class-layout") }
            let all = try problems(in: tool.errors.lines)
            #expect(
                all.contains { $0[0] == "shop/catalogue.py" && $0[4] == "class-layout" },
                "\(tool.errors.text)")
        }
    }
}
