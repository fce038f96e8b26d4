import Foundation
import SourceDiff

/// Hostile shapes at two sizes: the time must grow as the size does.
enum ShapeTable {
    static func show() {
        let shapes: [(name: String, unit: String, close: String)] = [
            ("one line", "x1 + ", "1\n"), ("quotes", "\"\"\"", "\n"), ("escaped quotes", "\\\"", ""),
            ("open brackets", "[", ""),
            ("brackets", "[()]{},", "\n"), ("NULs", "\0", ""), ("semicolons", "a;", "\n"),
            ("continued lines", "\\\n", ""),
            ("decorators", "@a\n", "def f(): pass\n"), ("definitions", "def f(): pass\n", ""),
            ("CR lines", "x\r", ""),
            ("f-string fields", "f'{x}' ", "\n"), ("comments", "# '\"(\n", ""),
        ]
        print("shape                     1 MB        10 MB")
        for shape in shapes {
            let times = [1_000_000, 10_000_000].map { size in
                let text = Array(
                    (String(repeating: shape.unit, count: size / shape.unit.utf8.count) + shape.close).utf8)
                return best(of: 2) { _ = try? Outline(scanning: text) }
            }
            let name = shape.name.padding(toLength: 18, withPad: " ", startingAt: 0)
            print(name + String(format: "%9.2f ms %9.2f ms", times[0] * 1e3, times[1] * 1e3))
        }
        var generator = SystemRandomNumberGenerator()
        let noise = (0..<10_000_000).map { _ in UInt8.random(in: 1...255, using: &generator) }
        print(
            String(
                format: "random bytes                  %9.2f ms",
                best(of: 2) { _ = try? Outline(scanning: noise) } * 1e3))
    }

    /// Peak memory of an outline, as a multiple of the source's size: the file at `path` repeated to 32 MB, so that what
    /// the program itself needs does not count.
    static func showMemory(_ path: String) {
        let unit = Corpus.read(path) + [0x0A]
        let copies = max(1, 32_000_000 / unit.count)
        var text: [UInt8] = []
        text.reserveCapacity(copies * unit.count)
        for _ in 0..<copies { text += unit }
        let before = peak()
        let outline = try? Outline(scanning: text)
        let factor = 1 + Double(peak() - before) / Double(text.count)
        let count = outline?.definitions.count ?? 0
        print(
            String(
                format: "%@: %d bytes, %d definitions, peak %.2f x with the source itself", path, text.count,
                count, factor))
    }

    private static func peak() -> Int {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return usage.ru_maxrss * 1024
    }
}
