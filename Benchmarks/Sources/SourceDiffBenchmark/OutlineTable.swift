import Foundation
import SourceDiff

/// Full outlines of a corpus against `ruff` and `ast.parse`, each on one thread, CPU time.
struct OutlineTable {
    let corpus: Corpus
    let ruff: String?
    let python: String?

    private static let parser = """
        import ast, sys, time, warnings
        warnings.simplefilter("ignore")
        sys.setrecursionlimit(100000)
        files = [open(p, "rb").read() for p in open(sys.argv[1]).read().split("\\n") if p]
        if len(sys.argv) > 2: sys.exit()
        for text in files:
            try: ast.parse(text)
            except Exception: pass
        """

    func show() {
        var definitions = 0
        let ours = best(of: 7) {
            definitions = 0
            for text in corpus.texts {
                if let outline = try? Outline(scanning: text) { definitions += outline.definitions.count }
            }
        }
        let megabytes = Double(corpus.byteCount) / 1e6
        print(String(format: "%d files, %.1f MB, %d definitions", corpus.texts.count, megabytes, definitions))
        row("SourceDiff", seconds: ours, ours: ours, megabytes)
        // The best of three: a busy machine must not flatter us.
        if let ruff, let seconds = (0..<3).compactMap({ _ in ruffSeconds(ruff) }).min() {
            row("ruff check --select E9", seconds: seconds, ours: ours, megabytes)
        }
        if let python, let seconds = parseSeconds(python) {
            row("ast.parse", seconds: seconds, ours: ours, megabytes)
        }
    }

    private func row(_ name: String, seconds: Double, ours: Double, _ megabytes: Double) {
        let padded = name.padding(toLength: 24, withPad: " ", startingAt: 0)
        print(
            padded
                + String(format: "%8.3f s %9.1f MB/s %8.1f x", seconds, megabytes / seconds, seconds / ours))
    }

    private func list(_ paths: [String]) -> String {
        let path = NSTemporaryDirectory() + "sourcediff-bench-\(getpid()).txt"
        _ = FileManager.default.createFile(atPath: path, contents: Data(paths.joined(separator: "\n").utf8))
        return path
    }

    /// Files are given in groups: the kernel limits the length of a command line. The start of the program is measured
    /// on an empty file and taken off.
    private func ruffSeconds(_ ruff: String) -> Double? {
        let options = ["check", "--select", "E9", "--no-cache", "--isolated", "--quiet"]
        let single = ["RAYON_NUM_THREADS": "1"]
        let empty = list([])
        let start = (0..<5).compactMap { _ in childSeconds(ruff, options + [empty], environment: single) }
            .min()
        guard let start else { return nil }
        var total = 0.0
        for first in stride(from: 0, to: corpus.paths.count, by: 500) {
            let group = Array(corpus.paths[first..<min(first + 500, corpus.paths.count)])
            guard let seconds = childSeconds(ruff, options + group, environment: single) else { return nil }
            total += seconds - start
        }
        return total
    }

    private func parseSeconds(_ python: String) -> Double? {
        let files = list(corpus.paths)
        guard let all = childSeconds(python, ["-c", Self.parser, files]),
            let reading = childSeconds(python, ["-c", Self.parser, files, "read"])
        else { return nil }
        return all - reading
    }
}
