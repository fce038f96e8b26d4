import Foundation
import SourceDiff

/// Hostile shapes at two sizes: the time must grow as the size does. Peak memory is that of a process of its own.
enum ShapeTable {
    private struct Shape {
        var name: String
        var unit: String
        var close: String

        /// Without temporaries, so that nothing freed hides what a scan takes.
        func text(_ size: Int) -> [UInt8] {
            let unit = Array(unit.utf8)
            let count = size / unit.count
            var text: [UInt8] = []
            text.reserveCapacity(count * unit.count + close.utf8.count)
            for _ in 0..<count { text.append(contentsOf: unit) }
            text.append(contentsOf: close.utf8)
            return text
        }
    }

    private static let shapes = [
        Shape(name: "one line", unit: "x1 + ", close: "1\n"),
        Shape(name: "quotes", unit: "\"\"\"", close: "\n"),
        Shape(name: "escaped quotes", unit: "\\\"", close: ""),
        Shape(name: "open brackets", unit: "[", close: ""),
        Shape(name: "brackets", unit: "[()]{},", close: "\n"),
        Shape(name: "NULs", unit: "\0", close: ""),
        Shape(name: "continued lines", unit: "\\\n", close: ""),
        Shape(name: "comments", unit: "# '\"(\n", close: ""),
        Shape(name: "f-string fields", unit: "f'{x}' ", close: "\n"),
        Shape(name: "decorators", unit: "@a\n", close: "def f(): pass\n"),
        Shape(name: "definitions", unit: "def f(): pass\n", close: ""),
        Shape(name: "semicolons", unit: "a;", close: "\n"),
        Shape(name: "CR lines", unit: "x\r", close: ""),
        Shape(name: "assignments", unit: "NAME = 1\n", close: ""),
        Shape(name: "blocks", unit: "if a: b\n", close: ""),
    ]

    static func show() {
        print("shape                     1 MB        10 MB   growth   peak memory")
        for shape in shapes {
            let times = [1_000_000, 10_000_000].map { size in
                let text = shape.text(size)
                return best(of: 3) { _ = try? Outline(scanning: text) }
            }
            let name = shape.name.padding(toLength: 18, withPad: " ", startingAt: 0)
            let peak = output("/proc/self/exe", ["peak", shape.name])
            print(
                name
                    + String(
                        format: "%9.2f ms %9.2f ms %6.1f x   ", times[0] * 1e3, times[1] * 1e3,
                        times[1] / times[0])
                    + "\(peak) x")
        }
        var generator = SystemRandomNumberGenerator()
        let noise = (0..<10_000_000).map { _ in UInt8.random(in: 1...255, using: &generator) }
        let times = [1_000_000, 10_000_000].map { size in
            let text = Array(noise.prefix(size))
            return best(of: 3) { _ = try? Outline(scanning: text) }
        }
        print(
            String(
                format: "random bytes      %9.2f ms %9.2f ms %6.1f x", times[0] * 1e3, times[1] * 1e3,
                times[1] / times[0]))
    }

    /// Peak memory of 10 MB of a shape, as a multiple of the source's size.
    static func showPeak(_ name: String) {
        guard let shape = shapes.first(where: { $0.name == name }) else { return }
        print(String(format: "%5.2f", factor(of: shape.text(10_000_000)).factor))
    }

    /// Peak memory of an outline, as a multiple of the source's size: the file at `path` repeated to 32 MB, so that what
    /// the program itself needs does not count.
    static func showMemory(_ path: String) {
        let unit = Corpus.read(path) + [0x0A]
        let copies = max(1, 32_000_000 / unit.count)
        var text: [UInt8] = []
        text.reserveCapacity(copies * unit.count)
        for _ in 0..<copies { text += unit }
        let (factor, definitions) = factor(of: text)
        print(
            String(
                format: "%@: %d bytes, %d definitions, peak %.2f x with the source itself", path,
                text.count,
                definitions, factor))
    }

    /// The source itself included.
    private static func factor(of text: [UInt8]) -> (factor: Double, definitions: Int) {
        let before = peak()
        let outline = try? Outline(scanning: text)
        return (1 + Double(peak() - before) / Double(text.count), outline?.definitions.count ?? 0)
    }

    /// Bytes. `getrusage` would give what the parent had before it started this program.
    private static func peak() -> Int {
        let status = String(decoding: Corpus.read("/proc/self/status"), as: UTF8.self)
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        return (line?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) * 1024
    }
}
