import Reconciler
import Reloader

/// The lines of `trace` for people.
struct TraceText {
    /// How it is painted.
    var style: Style
    /// Several processes: each trace says its pid.
    var namesProcess: Bool
    /// Milliseconds: rows below it are told together.
    var least: Double

    /// Most names of rows that are told together.
    private static let mostNames = 5

    /// One call and what it called.
    func text(_ call: CallRecord, _ trace: TraceRecord, pid: Int32) -> String {
        var text = "\(Timestamp.local(call.end)) \(call.name.sanitized)  "
        text += "\(Self.short(call.milliseconds)) ms (cpu \(Self.short(trace.processor)))"
        if !call.thread.isEmpty { text += "  \(call.thread.sanitized)" }
        if namesProcess { text += "  [\(pid)]" }
        if let raised = call.raised { text += "  \(style.mark(.failed)) \(raised.type.sanitized)" }
        text += "\n"
        if let tree = TraceTree(trace.rows, least: least) { text += lines(tree, indent: "") }
        if let cut = trace.cut { text += "\(style.mark(.warning)) \(Self.text(cut))\n" }
        return text
    }

    /// Why rows are missing, as a sentence.
    static func text(_ cut: TraceRecord.Cut) -> String {
        switch cut {
        case .profiled: "the program has a profile function of its own: only the call itself is timed"
        case .audited:
            "an audit hook of the program would hear of the trace: only the call itself is timed"
        case .rows: "more than 10,000 rows: the others are left out"
        case .events: "more than 500,000 calls and returns: what came after them is left out"
        case .lost:
            "the program set a profile function, or the call went on in another thread: the rest was not seen"
        case .lease: "midflight did not ask for three seconds: the rest was not seen"
        case .failed: "the recorder failed: the rest was not seen"
        }
    }

    /// Milliseconds with the digits that matter: two places below ten, else one.
    static func short(_ value: Double) -> String {
        let places = value < 0.095 ? 1000 : value < 9.95 ? 100 : 10
        let scaled = Int((value * Double(places)).rounded())
        let rest = String(String(places + scaled % places).dropFirst())
        return "\(scaled / places).\(rest)"
    }

    /// One row below another, as it is laid out.
    private struct Line {
        var time: String
        /// As `×3`; empty for a single call.
        var count = ""
        var text: String
        /// What stands below it; nil for a row that sums others up.
        var tree: TraceTree?
    }

    /// Times and counts of one level are as wide as its widest.
    private func lines(_ tree: TraceTree, indent: String) -> String {
        let lines = lines(below: tree)
        let times = lines.map(\.time.count).max() ?? 0
        let counts = lines.map(\.count.count).max() ?? 0
        var text = ""
        for (index, line) in lines.enumerated() {
            let isLast = index == lines.count - 1
            text += indent + (isLast ? "└─ " : "├─ ")
            text += String(repeating: " ", count: times - line.time.count) + line.time + " ms "
            text += line.count + String(repeating: " ", count: counts - line.count.count)
            text += (counts > 0 ? "  " : " ") + line.text + "\n"
            if let tree = line.tree { text += self.lines(tree, indent: indent + (isLast ? "   " : "│  ")) }
        }
        return text
    }

    /// The rows in the order of their calls, then the small ones together, then what the function took
    /// itself.
    private func lines(below tree: TraceTree) -> [Line] {
        var lines = tree.below.map { inner in
            Line(
                time: Self.short(inner.row.milliseconds),
                count: inner.row.count > 1 ? "×\(inner.row.count)" : "",
                text: text(inner.row, below: tree.row), tree: inner)
        }
        if !tree.small.isEmpty {
            var names = tree.small.prefix(Self.mostNames).map { row in
                (row.count > 1 ? "×\(row.count) " : "") + row.name.sanitized
            }
            if tree.small.count > names.count { names.append("\(tree.small.count - names.count) more") }
            let time = tree.small.map(\.milliseconds).reduce(0, +)
            lines.append(
                Line(
                    time: Self.short(time),
                    text: "below \(Self.short(least)) ms: " + names.joined(separator: ", ")))
        }
        if let rest = tree.rest, rest >= max(least, 0.001), !tree.below.isEmpty {
            lines.append(Line(time: Self.short(rest), text: "here"))
        }
        return lines
    }

    /// Where it is called from, and where it is.
    private func text(_ row: TraceRecord.Row, below parent: TraceRecord.Row) -> String {
        var text = row.name.sanitized
        let caller = row.callLine > 0 && !parent.file.isEmpty ? place(parent.file, row.callLine) : ""
        if !caller.isEmpty { text += "  \(caller)" }
        if !row.file.isEmpty {
            text += (caller.isEmpty ? "  " : " ") + "\(style.arrow) \(place(row.file, row.line))"
        }
        if !row.raised.isEmpty { text += "  \(style.mark(.failed)) \(row.raised.sanitized)" }
        return text
    }

    /// The file's last name and the line.
    private func place(_ file: String, _ line: Int) -> String {
        "\((file.split(separator: "/").last.map(String.init) ?? file).sanitized):\(line)"
    }
}
