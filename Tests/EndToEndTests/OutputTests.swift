import Foundation
import Glibc
import TestSupport
import Testing

@testable import midflight

extension EndToEnd {
    @Suite("What is said, and how")
    struct OutputTests {
        private static let source = "def one():\n    return 1\n"

        @Test("with -q good news are no news; a rejected save is")
        func quiet() async throws {
            let shop = try await Shop(.usual)
            let tool = try Midflight.start("attach", String(shop.pid), shop.sources.path, "-q")
            let text = try shop.tree.read("shop/shop/prices.py")
            func save(_ text: String) throws {
                try SaveStyle.renamedOver.save(text, to: shop.tree.file("shop/shop/prices.py"))
            }
            // Quiet as it is, it does not tell when it is ready: saved until it is seen.
            try await eventually("the rejection") {
                try save(text.replacing("return 490", with: "return (490"))
                try await Task.sleep(for: .milliseconds(100))
                return !tool.errors.lines.isEmpty
            }
            #expect(tool.errors.lines.first?.contains("SyntaxError") == true)
            let lines = tool.errors.lines
            try save(text.replacing("return 490", with: "return 0"))
            _ = try await shop.waitForTotal("21.00 EUR")
            tool.send(SIGTERM)
            #expect(try await tool.status() == 0)
            #expect(tool.errors.lines == lines)
        }

        @Test("with -v each definition has its place, and the time its parts")
        func verbose() async throws {
            let script = try await Script(.usual, Self.source)
            let tool = try Midflight.start("attach", String(script.pid), "-v")
            _ = try await tool.errors.line("ready") { $0.contains("Ctrl-C ends") }
            try script.save("def one():\n    return 2\n")
            _ = try await tool.errors.line("the save") { $0.contains("✓") }
            let parts = try await tool.errors.line("the parts") { $0.contains("total") }
            #expect(parts.contains(/compile [0-9.]+ · total [0-9.]+ ms/))
            #expect(tool.errors.lines.contains { $0.contains(/app\.py:1  __main__\.one · function · body/) })
        }

        @Test("with --trace-timing every stage of a save has a line, and they add up")
        func traceTiming() async throws {
            let script = try await Script(.usual, Self.source)
            let tool = try Midflight.start("attach", String(script.pid), "--trace-timing")
            _ = try await tool.errors.line("ready") { $0.contains("Ctrl-C ends") }
            try script.save("def one():\n    return 2\n")
            _ = try await tool.errors.line("the last stage") { $0.contains("visible") }
            var stages: [String: Double] = [:]
            for line in tool.errors.lines {
                if let found = line.wholeMatch(of: /\s\s([a-z]+)\s+([0-9]+\.[0-9]{3}) ms/) {
                    stages[String(found.1)] = Double(found.2)
                }
            }
            let before = ["read", "scan", "plan", "compile", "pause"].compactMap { stages[$0] }
            #expect(before.count == 5 && stages["verify"] != nil && stages["reply"] != nil, "\(stages)")
            #expect(stages["attach"] != nil || stages["send"] != nil)
            let visible = try #require(stages["visible"])
            #expect(before.reduce(0, +) < visible + 0.005, "\(stages)")
        }

        @Test("colour of reload: only on a terminal, or where it is asked for")
        func color() async throws {
            let script = try await Script(.usual, Self.source)
            let arguments = ["reload", String(script.pid), "__main__", "one"]
            for (options, environment, isColored) in [
                ([], [:], false), (["--color", "always"], ["NO_COLOR": "1"], true),
                ([], ["CLICOLOR_FORCE": "1"], true), (["--no-color"], ["FORCE_COLOR": "1"], false),
            ] as [([String], [String: String], Bool)] {
                let answer = try await Answer.of(arguments + options, environment: environment)
                #expect(answer.output.contains("\u{1b}[") == isColored, "\(options) \(environment)")
            }
            let screen = try PseudoTerminal()
            let tool = try screen.start(
                [Checkout.binary.path] + arguments, in: script.tree.root,
                environment: ["NO_COLOR": "", "FORCE_COLOR": "", "CLICOLOR_FORCE": ""])
            try await screen.wait(for: "return 1")
            tool.waitUntilExit()
            #expect(screen.text.contains("\u{1b}[31mError\u{1b}[0m: Method source has not changed."))
        }

        @Test(
            "the order of what decides on colour",
            arguments: [
                (ColorChoice.always, ["NO_COLOR": "1"], true), (.never, ["FORCE_COLOR": "1"], false),
                (.auto, ["NO_COLOR": "1", "FORCE_COLOR": "1"], false),
                (.auto, ["NO_COLOR": "", "FORCE_COLOR": "1"], true),
                (.auto, ["CLICOLOR_FORCE": "1", "TERM": "dumb"], true), (.auto, [:], false),
            ] as [(ColorChoice, [String: String], Bool)])
        func order(choice: ColorChoice, environment: [String: String], isOn: Bool) {
            #expect(choice.isOn(for: -1) { environment[$0] } == isOn)
        }

        @Test(
            "observe names the file on standard output, and what is wrong with the watching on standard error"
        )
        func observe() async throws {
            let tree = try TemporaryTree()
            try tree.write("x = 1\n", to: "app/one.py")
            let tool = try Midflight.start("observe", tree.file("app").path, tree.file("later").path)
            _ = try await tool.errors.line("the start") { $0.hasPrefix("watching with") }
            _ = try await tool.errors.line("the notice") {
                $0 == "! \(tree.file("later").path) does not exist: it will be watched as soon as it appears"
            }
            try tree.write("x = 2\n", to: "app/one.py")
            _ = try await tool.output.line("the file") { $0 == tree.file("app/one.py").path }
            try tree.write("x = 2\n", to: "later/two.py")
            _ = try await tool.errors.line("its return") { $0.hasSuffix("exists again and is watched") }
            tool.send(SIGINT)
            #expect(try await tool.status(within: .seconds(5)) == 0)
        }
    }
}
