import Foundation
import SourceDiff

/// Edits Python files at random for some seconds: every text must give an outline or an error, an update must equal a
/// scan from scratch, and nothing may trap. Usage: SourceDiffFuzz SECONDS SEED DIRECTORY
struct Generator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

func facts(_ outline: Outline) -> [[Int]] {
    outline.definitions.map { definition in
        [
            definition.occurrence, definition.parent ?? -1, definition.firstLine, definition.defLine,
            definition.bodyLine,
            definition.endLine, definition.span.lowerBound, definition.span.upperBound,
            definition.bodySpan.lowerBound,
            definition.docstringSpan?.upperBound ?? -1, definition.decoratorSpans.count,
        ]
    }
        + outline.statements.map { statement in
            [
                statement.line, statement.endLine, statement.scope ?? -1, statement.container ?? -1,
                statement.span.lowerBound,
                statement.span.upperBound,
            ]
        }
}

/// Ends the run if two ways to one result differ, and leaves the two texts in the present directory.
func check(_ isEqual: Bool, _ complaint: String, _ old: [UInt8], _ new: [UInt8]) {
    if isEqual { return }
    for (name, text) in [("fuzz-old.py", old), ("fuzz-new.py", new)] {
        try? Data(text).write(to: URL(fileURLWithPath: name))
    }
    print(complaint, "see fuzz-old.py and fuzz-new.py", separator: "; ")
    exit(1)
}

let arguments = CommandLine.arguments
guard arguments.count == 4, let seconds = Double(arguments[1]), let seed = UInt64(arguments[2]) else {
    print("usage: SourceDiffFuzz SECONDS SEED DIRECTORY")
    exit(2)
}
let paths = (FileManager.default.enumerator(atPath: arguments[3])?.compactMap { $0 as? String } ?? [])
    .filter { $0.hasSuffix(".py") }.sorted().map { arguments[3] + "/" + $0 }
let tokens = [
    "\"", "'", "\"\"\"", "'''", "(", ")", "[", "]", "{", "}", ":", "#", "\\", "\n", "\r", "\r\n", "\t", " ",
    "    ", ";", "@", "f\"{", "}\"",
    "def f():", "class A:", "global x", "else:", "if x:", "async ", "match x:", "case _:", "\u{0C}", "é",
    "\u{0}", "=", ",", ".", "lambda:",
].map { Array($0.utf8) }

var generator = Generator(state: seed)
var rounds = 0
var valid = 0
let end = ContinuousClock.now + .seconds(seconds)
while ContinuousClock.now < end, let path = paths.randomElement(using: &generator) {
    guard let data = FileManager.default.contents(atPath: path), data.count < 60_000,
        var current = try? Outline(scanning: [UInt8](data))
    else { continue }
    for _ in 0..<20 {
        var text = current.bytes
        for _ in 0..<Int.random(in: 1...3, using: &generator) where !text.isEmpty {
            let start = Int.random(in: 0..<text.count, using: &generator)
            let length = min(Int.random(in: 0...8, using: &generator), text.count - start)
            text.replaceSubrange(start..<start + length, with: tokens.randomElement(using: &generator) ?? [])
        }
        rounds += 1
        let scanned = try? Outline(scanning: text)
        let update = try? current.changes(to: text)
        guard let scanned, let update else {
            check(scanned == nil && update == nil, "update and scan disagree on \(path)", current.bytes, text)
            continue
        }
        valid += 1
        check(
            facts(scanned) == facts(update.outline), "update differs from scan on \(path)", current.bytes,
            text)
        check(
            ChangeSet(from: current, to: scanned).definitions.map(\.aspects)
                == update.changes.definitions.map(\.aspects), "change sets differ on \(path)", current.bytes,
            text)
        _ = update.changes.statements.map(\.names)
        if let definition = scanned.definitions.randomElement(using: &generator) {
            _ = scanned.slice(of: definition.index)
        }
        current = scanned
    }
}
print("\(rounds) texts, \(valid) of them with an outline, seed \(seed)")
