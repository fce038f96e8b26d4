import Glibc
import TestSupport
import Testing

extension EndToEnd {
    @Suite("A save")
    struct SaveTests {
        @Test(
            "reaches the running shop, an error does not, and leaving leaves nothing",
            arguments: Interpreter.all)
        func wholeWay(interpreter: Interpreter) async throws {
            let shop = try await Shop(interpreter)
            let first = try await shop.waitForTotal("25.90 EUR")
            let before = try await shop.quietFacts()
            let tool = try await Midflight.attach(to: shop)

            try shop.change("shop/prices.py", "return 490", to: "return 0 if subtotal >= 2000 else 490")
            let patched = try await shop.waitForTotal("21.00 EUR")
            #expect(patched.pid == first.pid)
            #expect(patched.hits > first.hits)

            try shop.change("shop/cart.py", "return subtotal +", to: "return subtotal * 9 // 10 +")
            _ = try await shop.waitForTotal("18.90 EUR")

            try shop.change("shop/cart.py", "(subtotal)", to: "(subtotal")
            let complaint = try await tool.errors.line("the syntax error") { $0.contains("SyntaxError") }
            #expect(complaint.contains(/shop\/cart\.py:\d+:\d+/))
            #expect(try shop.cart().total == "18.90 EUR")

            try shop.change(
                "shop/cart.py", "* 9 // 10 + prices.shipping(subtotal",
                to: "* 8 // 10 + prices.shipping(subtotal)")
            let mended = try await shop.waitForTotal("16.80 EUR")
            #expect(mended.pid == first.pid)
            #expect(mended.hits > patched.hits)

            tool.send(SIGTERM)
            #expect(try await tool.status() == 0)
            #expect(tool.output.lines.isEmpty, "without --json nothing belongs on standard output")
            let after = try await shop.settledFacts(expecting: before)
            #expect(after == before)
            #expect(try shop.cart().total == "16.80 EUR", "what was applied stays")
            #expect(shop.program.output.lines.count == 1)
            #expect(shop.program.errors.lines.isEmpty)
        }

        @Test("is seen however it is written", arguments: SaveStyle.allCases)
        func style(_ style: SaveStyle) async throws {
            let shop = try await Shop(.usual)
            let tool = try await Midflight.attach(to: shop)
            try shop.change(
                "shop/prices.py", "return 490", to: "return 0 if subtotal >= 2000 else 490", style: style)
            _ = try await shop.waitForTotal("21.00 EUR")
            try shop.change("shop/prices.py", "return 0 if", to: "return 100 if", style: style)
            _ = try await shop.waitForTotal("22.00 EUR")
            // The session reads after the watcher's look, between two writers: the next event withdraws the complaint.
            withKnownIssue("a second writer between two reads", isIntermittent: true) {
                #expect(!tool.errors.text.contains("SyntaxError"), "half a file is no file")
            } when: {
                style == .truncatedBefore
            }
        }

        @Test(
            "outlives a tool that is killed: the shop serves, and the agent is gone",
            arguments: Interpreter.ends)
        func killed(interpreter: Interpreter) async throws {
            let shop = try await Shop(interpreter)
            let before = try await shop.quietFacts()
            let tool = try await Midflight.attach(to: shop)
            try shop.change("shop/prices.py", "return 490", to: "return 0 if subtotal >= 2000 else 490")
            _ = try await shop.waitForTotal("21.00 EUR")
            tool.send(SIGKILL)
            #expect(try await tool.status() == 128 + SIGKILL)
            let after = try await shop.settledFacts(expecting: before)
            #expect(after == before)
            #expect(try shop.cart().total == "21.00 EUR")

            let second = try await Midflight.attach(to: shop)
            try shop.change("shop/prices.py", "return 0 if", to: "return 100 if")
            _ = try await shop.waitForTotal("22.00 EUR")
            #expect(second.isRunning)
        }
    }
}
