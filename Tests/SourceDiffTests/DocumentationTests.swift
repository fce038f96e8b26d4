import Foundation
import SourceDiff
import Testing

/// The pages about the library show code that is compiled here, and runs.
@Suite("The pages of SourceDiff")
struct DocumentationTests {
    @Test("show this code, and it says what they say")
    func example() throws {
        let changes = try differences(
            """
            def total(prices, discount=0):
                return sum(prices) - discount
            """,
            """
            def total(prices, discount=5):
                return sum(prices) - discount

            def mean(prices):
                return sum(prices) / len(prices)
            """)
        #expect(changes == ["total: defaults", "mean: added"])
    }

    // What stands between these two lines stands on the pages too.
    // <example>
    func differences(_ before: String, _ after: String) throws -> [String] {
        let changes = ChangeSet(from: try Outline(scanning: before), to: try Outline(scanning: after))
        return changes.definitions
            .filter { !$0.aspects.isDisjoint(with: .semantic) }
            .map { "\($0.qualname): \($0.aspects)" }
    }
    // </example>

    @Test(
        "hold the lines between the marks",
        arguments: ["Sources/SourceDiff/SourceDiff.docc/SourceDiff.md", "docs/sourcediff.md"])
    func page(path: String) throws {
        let here = try String(contentsOfFile: #filePath, encoding: .utf8)
        let between = try #require(here.components(separatedBy: "    // <example>\n").dropFirst().first)
        let code = try #require(between.components(separatedBy: "    // </example>").first)
        let lines = code.split(separator: "\n").map { String($0.hasPrefix("    ") ? $0.dropFirst(4) : $0) }
        #expect(lines.count > 5)
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let page = try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
        #expect(page.contains(lines.joined(separator: "\n")))
    }

    @Test("name every aspect, and a name leads back to it")
    func aspects() throws {
        let all = (0..<18).map { Aspects(rawValue: 1 << $0) }
        #expect(Set(all.map(\.description)).count == all.count)
        for aspect in all { #expect(aspect.names.count == 1 && Aspects(name: aspect.names[0]) == aspect) }
        #expect(Aspects([.body, .parameters]).description == "parameters, body")
        #expect(Aspects(name: "nothing") == nil && Aspects().description.isEmpty)
    }

    @Test("say that text declares no encoding: bytes do")
    func text() throws {
        let source = "# -*- coding: latin-1 -*-\nname = 'é'\ndef é(): pass\n"
        #expect(try Outline(scanning: source).definitions.first?.name == "é")
        #expect(try Outline(scanning: Array(source.utf8)).definitions.first?.name != "é")
    }
}
