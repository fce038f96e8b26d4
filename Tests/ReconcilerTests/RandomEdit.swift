import SourceDiff
import TestSupport

/// Edits of functions of a source, right and wrong ones, from a seed.
struct RandomEdit: RandomNumberGenerator {
    private var generator: SeededGenerator

    init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

    mutating func next() -> UInt64 { generator.next() }

    private static let lines = [
        "pass", "nonlocal zz", "global zz", "zz = [i for i in (1, 2) if i]", "return", "yield 1", "await zz",
        "import os", "def inner(): return zz", "class Local: n = 12", "zz = lambda: super", "break",
        "from os import *", "print('é', f'{1 + 1!r:>{2}}')", "return __class__", "__debug__ = 1", "None = 1",
        "zz: int = 1", "del (zz)", "async with zz: pass", "'\\d'", "super().zz()", "zz = 1; zz += 2",
        "if 1:", "else:", "x = (", ")", "'''", "\\", "@zz", "os.path.join(zz)", "return (yield)",
        "a, *b = zz",
        "zz(1, zz=2, zz=3)", "def zz(a, a): pass", "continue", "assert (zz, 'x')", "zz = zz.zz",
    ]
    private static let pieces = [
        "(", ")", "[", "'", "\"\"\"", "#", ":", " ", "\t", "\\", ",", "1", "x", "*", "=", "f'", "\n", ";",
        "\u{0C}", "é",
        "async ", "lambda: ", "\n    ", "-> int", "@x\n",
    ]

    /// `source` with one or two edits inside of functions.
    mutating func edited(_ source: [UInt8]) -> [UInt8] {
        var text = source
        for _ in 0..<(Int.random(in: 0..<3, using: &self) == 0 ? 2 : 1) {
            guard let outline = try? Outline(scanning: text) else { return text }
            let functions = outline.definitions.filter { $0.kind != .class }
            guard let chosen = functions.randomElement(using: &self) else { return text }
            edit(&text, in: chosen.span)
        }
        return text
    }

    private mutating func edit(_ text: inout [UInt8], in span: Range<Int>) {
        let place = Int.random(in: span, using: &self)
        switch Int.random(in: 0..<10, using: &self) {
        case 0: text.remove(at: place)
        case 1:
            text.insert(contentsOf: Array((Self.pieces.randomElement(using: &self) ?? "").utf8), at: place)
        case 2: duplicateLine(&text, at: place, span)
        case 3, 4: changeDigit(&text, in: span)
        default: insertLine(&text, at: place, span)
        }
    }

    private func line(of text: [UInt8], at place: Int) -> Range<Int> {
        let start = text[..<place].lastIndex(of: 10).map { $0 + 1 } ?? 0
        let end = text[place...].firstIndex(of: 10).map { $0 + 1 } ?? text.count
        return start..<end
    }

    private func duplicateLine(_ text: inout [UInt8], at place: Int, _ span: Range<Int>) {
        let line = line(of: text, at: place)
        text.insert(contentsOf: text[line], at: line.lowerBound)
    }

    private mutating func changeDigit(_ text: inout [UInt8], in span: Range<Int>) {
        let digits = span.filter { (48...57).contains(text[$0]) }
        guard let place = digits.randomElement(using: &self) else { return }
        text[place] = UInt8.random(in: 49...57, using: &self)
    }

    /// Before the line at `place`, with its indentation.
    private mutating func insertLine(_ text: inout [UInt8], at place: Int, _ span: Range<Int>) {
        let line = line(of: text, at: place)
        let indentation = text[line].prefix { $0 == 32 || $0 == 9 }
        let added = Array((Self.lines.randomElement(using: &self) ?? "").utf8)
        text.insert(contentsOf: indentation + added + [10], at: line.lowerBound)
    }
}
