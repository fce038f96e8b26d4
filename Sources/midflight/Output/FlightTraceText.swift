import Reconciler
import Reloader

/// The lines of PyFlightProfiler's `trace`, word for word.
struct FlightTraceText {
    /// How it is painted.
    var style: Style
    /// Milliseconds: rows that took less are left out.
    var least: Double

    /// One call and what it called; each call has a row of its own.
    func text(_ call: CallRecord, _ trace: TraceRecord) -> String {
        var text = "🔍 \(Timestamp.dated(call.end)) thread=\(call.thread.sanitized) tid=\(trace.thread) "
        text += "daemon=\(trace.isDaemon ? "True" : "False") "
        text += "cost=\(CallText.milliseconds(call.milliseconds))ms\n"
        guard let tree = TraceTree(trace.rows, least: least) else { return text }
        text += line(tree.row) + lines(tree, indent: "")
        if let cut = trace.cut { text += "\(style.mark(.warning)) \(TraceText.text(cut))\n" }
        return text
    }

    /// Everything below the row; `indent` stands before its branches.
    private func lines(_ tree: TraceTree, indent: String) -> String {
        var text = ""
        for (index, inner) in tree.below.enumerated() {
            let isLast = index == tree.below.count - 1
            text += indent + (isLast ? "└─ " : "├─ ") + line(inner.row)
            text += lines(inner, indent: indent + (isLast ? "   " : "│  "))
        }
        return text
    }

    /// A waiting of a coroutine has no name, a function of C no place.
    private func line(_ row: TraceRecord.Row) -> String {
        let time = "[\(row.milliseconds)ms] "
        let name = (row.name.split(separator: ".").last.map(String.init) ?? row.name).sanitized
        switch row.kind {
        case .await, .yield: return "\(time) [\(row.kind.rawValue)]\n"
        case .c: return "\(time) \(name)    <built-in>\n"
        case .python:
            let file = row.file.split(separator: "/").last.map(String.init) ?? row.file
            return "\(time)\(name)    \(file.sanitized):\(row.line)\n"
        }
    }
}
