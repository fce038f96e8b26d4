import Foundation
import Glibc
import TestSupport
import Testing

extension EndToEnd {
    @Suite("The event stream")
    struct EventTests {
        @Test(
            "tells the whole story on standard output, one valid object a line", arguments: Interpreter.ends)
        func story(interpreter: Interpreter) async throws {
            let shop = try await Shop(interpreter)
            let tool = try Midflight.start("attach", String(shop.pid), shop.sources.path, "--json")
            _ = try await tool.output.line("ready") { $0.contains(#""event":"ready""#) }

            try shop.change("shop/prices.py", "return 490", to: "return 0 if subtotal >= 2000 else 490")
            _ = try await tool.output.line("reload") { $0.contains(#""event":"reload""#) }
            _ = try await shop.waitForTotal("21.00 EUR")
            try shop.change("shop/cart.py", "(subtotal)", to: "(subtotal")
            _ = try await tool.output.line("rejected") { $0.contains(#""event":"rejected""#) }
            tool.send(SIGTERM)
            #expect(try await tool.status() == 0)

            let events = try tool.output.lines.map(Event.init(parsing:))
            #expect(
                events.map(\.event).filter { $0 != "change" && $0 != "summary" }
                    == ["attached", "ready", "reload", "rejected", "detached"])
            #expect(events.allSatisfy { $0.v == 1 && ($0.pid ?? shop.pid) == shop.pid })
            let reload = try #require(events.first { $0.event == "reload" })
            #expect(reload.applied?.map(\.name) == ["shop.prices.shipping"])
            #expect(reload.kept?.isEmpty == true)
            let rejected = try #require(events.first { $0.event == "rejected" })
            #expect(rejected.reason == "syntax")
            #expect(rejected.file?.hasSuffix("shop/cart.py") == true)
            #expect(rejected.line == 21 && rejected.column != nil)
            try Self.validate(tool.output.text)
        }

        @Test("the examples in docs/events.md are valid against the schema")
        func examples() throws {
            let page = try String(contentsOf: Checkout.file("docs/events.md"), encoding: .utf8)
            let examples = page.split(separator: "\n").filter { $0.hasPrefix("{") }
            #expect(examples.count >= 15, "one for every event")
            try Self.validate(examples.joined(separator: "\n"))
        }

        /// Runs scripts/check-events with the Python of .venv-test, which has jsonschema.
        static func validate(_ lines: String) throws {
            let python = Checkout.file(".venv-test/bin/python").path
            guard FileManager.default.isExecutableFile(atPath: python) else {
                Issue.record("no .venv-test: run scripts/test once, it makes the environment with jsonschema")
                return
            }
            let tree = try TemporaryTree()
            try tree.write(lines + "\n", to: "events.jsonl")
            let script = Checkout.file("scripts/check-events").path
            #expect(throws: Never.self) {
                try ProgramOutput.of(python, script, tree.file("events.jsonl").path)
            }
        }
    }
}
