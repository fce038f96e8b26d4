import Glibc
import TestSupport
import Testing

@testable import SourceDiff

@Suite("Properties")
struct PropertyTests {
    private static let pieces: [String] = [
        "def f(a, b=1):\n    return a\n", "class A:\n    x = 1\n    def m(self): pass\n", "import os\n",
        "x = (1,\n  2)\n",
        "if x:\n    y = 1\nelse:\n    y = 2\n", "# comment\n", "\n",
        "@deco\ndef g():\n    '''doc'''\n    global h\n    def h(): pass\n",
        "s = \"\"\"\ndef no(): pass\n\"\"\"\n",
        "try:\n    import a\nexcept E as e:\n    pass\nfinally: z = 1\n",
        "t = f\"{x!r:>{w}}\" 'a'\n", "for i in x:\n    def f(): pass\n", "a; b = 1; c\n", "x = 'é' # ü\n",
        "\tx = 1\n", "else: pass\n", "@\n", "\"\"\"\n", "(\n", "\\\n",
    ]

    private func program(_ generator: inout SeededGenerator, count: Int) -> [String] {
        (0..<count).map { _ in Self.pieces[Int.random(in: 0..<14, using: &generator)] }
    }

    @Test("an update equals a scan from scratch", arguments: 0..<60)
    func updating(seed: Int) throws {
        var generator = SeededGenerator(seed: UInt64(seed))
        var parts = program(&generator, count: 12)
        var current = try outline("'''m'''\n\n" + parts.joined())
        for _ in 0..<20 {
            let index = Int.random(in: 0..<parts.count, using: &generator)
            switch Int.random(in: 0..<4, using: &generator) {
            case 0: parts[index] = Self.pieces.randomElement(using: &generator) ?? ""
            case 1: parts.insert(Self.pieces.randomElement(using: &generator) ?? "", at: index)
            case 2 where parts.count > 4: parts.remove(at: index)
            default: parts[index] = parts[index].replacing("x", with: "xx")
            }
            let text = Array(("'''m'''\n\n" + parts.joined()).utf8)
            guard let scanned = try? Outline(scanning: text) else {
                #expect(throws: ScanError.self) { try current.updating(to: text) }
                parts = program(&generator, count: 12)
                continue
            }
            let update = try current.changes(to: text)
            #expect(description(update.outline) == description(scanned))
            #expect(update.outline.storage.qualnameHashes == scanned.storage.qualnameHashes)
            let direct = ChangeSet(from: current, to: scanned)
            #expect(update.changes.definitions.map(\.aspects) == direct.definitions.map(\.aspects))
            current = update.outline
        }
    }

    @Test("an update after an edit of any byte equals a scan from scratch")
    func everyByte() throws {
        let text = Array(zoo.utf8)
        let old = try Outline(scanning: text)
        for position in stride(from: 0, to: text.count, by: 3) {
            for replacement: [UInt8] in [
                [], Array("\n".utf8), Array("'".utf8), Array(" (".utf8), Array("def z(): 1\n".utf8),
            ] {
                var edited = text
                edited.replaceSubrange(position...position, with: replacement)
                let scanned = try? Outline(scanning: edited)
                let updated = try? old.updating(to: edited)
                #expect(scanned.map { description($0) } == updated.map { description($0) })
            }
        }
    }

    @Test(
        "an update takes no line that the next item continues for a finished one",
        arguments: ["  \\\n", "\\\n", "\t\\\r\n", "  \\\n\\\n", "  \\\n\n", "\u{0C}\\\n", "# c\\\n", "@\\\n"])
    func continuedIndentation(inserted: String) throws {
        let head = "import os\nx = 1\ny = 2\n"
        let tail = "def f(): pass\n\ndef g(): pass\n"
        let old = try outline(head + tail)
        let text = Array((head + inserted + tail).utf8)
        let scanned = try? Outline(scanning: text)
        let updated = try? old.updating(to: text)
        #expect(scanned.map { description($0) } == updated.map { description($0) })
    }

    @Test("a program that is cut anywhere has an outline or an error")
    func truncation() {
        let text = Array(zoo.utf8)
        var scanned = 0
        for length in 0...text.count where (try? Outline(scanning: Array(text[..<length]))) != nil {
            scanned += 1
        }
        #expect(scanned > text.count / 10)
    }

    @Test("a concatenation has the definitions of both parts")
    func concatenation() throws {
        let one = try outline(zoo)
        let two = try outline(zoo + "\n" + zoo.replacing("from __future__ import annotations", with: ""))
        #expect(two.definitions.count == 2 * one.definitions.count)
        let lines = one.definitions.map(\.firstLine)
        #expect(two.definitions.prefix(lines.count).map(\.firstLine) == lines)
        #expect(
            two.definitions.suffix(lines.count).map {
                $0.firstLine - zoo.split(separator: "\n", omittingEmptySubsequences: false).count
            } == lines)
    }

    @Test("comments, blank lines and trailing blanks are no change")
    func layout() throws {
        let noisy = zoo.replacing("\n\n", with: "\n# noise 'quote (\n\n").replacing(
            "import fast\n", with: "import fast  \n")
        let changes = ChangeSet(from: try outline(zoo), to: try outline(noisy))
        #expect(changes.summary == .comments)
        #expect(changes.definitions.allSatisfy { $0.aspects.isDisjoint(with: .semantic) })
    }

    @Test("every change set reverses")
    func reversal() throws {
        let old = try outline(zoo)
        let new = try outline(
            zoo.replacing("total = 0", with: "total = 5").replacing("return await", with: "return  "))
        let there = ChangeSet(from: old, to: new)
        let back = ChangeSet(from: new, to: old)
        #expect(there.definitions.map(\.qualname) == ["fetch"])
        #expect(back.definitions.map(\.qualname) == ["fetch"])
        #expect(there.statements.count == 1 && back.statements.count == 1)
    }

    @Test("random bytes and random edits never trap", arguments: 0..<40)
    func fuzz(seed: Int) {
        var generator = SeededGenerator(seed: UInt64(seed) &* 7919 &+ 1)
        let alphabet = Array("\"'{}()[]:#\\\n\r\t fFrRtbBdefclass@;=,.N!0é\u{0}\u{0C}".utf8)
        let base = Array(zoo.utf8)
        let previous = try? Outline(scanning: base)
        for round in 0..<60 {
            var text = round % 2 == 0 ? base : []
            if text.isEmpty {
                let length = Int.random(in: 0..<300, using: &generator)
                text = (0..<length).map { _ in alphabet.randomElement(using: &generator) ?? 0 }
            }
            for _ in 0..<Int.random(in: 1..<5, using: &generator) where !text.isEmpty {
                text[Int.random(in: 0..<text.count, using: &generator)] =
                    alphabet.randomElement(using: &generator) ?? 0
            }
            guard let outline = try? Outline(scanning: text) else { continue }
            #expect(
                outline.definitions.allSatisfy {
                    $0.span.upperBound <= text.count && $0.endLine >= $0.firstLine
                })
            for definition in outline.definitions {
                #expect(!outline.slice(of: definition.index).source.isEmpty)
            }
            _ = outline.statements.map(\.names)
            if let previous { _ = ChangeSet(from: previous, to: outline).statements.map(\.names) }
        }
    }

    /// A piece, how often it stands in a row, and what stands around it.
    struct Shape: Sendable, CustomTestStringConvertible {
        var piece: String
        var count: Int
        var before = ""
        var after = ""

        var text: String { before + String(repeating: piece, count: count) + after }
        var testDescription: String { "\(count) × \(piece.debugDescription)" }
    }

    /// Seconds that this thread has run: other programs do not make them more.
    private static var processorTime: Int {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return time.tv_sec
    }

    @Test(
        "hostile shapes are read in linear time",
        arguments: [
            Shape(piece: "(", count: 1_000), Shape(piece: "f\"{", count: 1_000),
            Shape(piece: "x = 1;", count: 100_000), Shape(piece: "\"\"\"", count: 100_001),
            Shape(piece: " ", count: 300_000), Shape(piece: "\\\n", count: 100_000),
            Shape(piece: "x, ", count: 100_000, after: "= 1\n"), Shape(piece: "if x:\n", count: 200),
            Shape(piece: "\\\"", count: 200_000, before: "x = \""),
        ])
    func hostile(shape: Shape) {
        let start = Self.processorTime
        _ = try? Outline(scanning: Array(shape.text.utf8))
        // A second at most on a slow machine; quadratic time would be minutes.
        #expect(Self.processorTime - start < 10)
    }
}
