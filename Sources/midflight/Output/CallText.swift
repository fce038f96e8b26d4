import Glibc
import Reconciler
import Reloader

/// The lines of `calls` for people.
struct CallText {
    /// How it is painted.
    var style: Style
    /// Several processes: each line says its pid.
    var namesProcess: Bool

    /// What is watched now, and what could not be.
    func started(_ functions: [String], _ failed: [Unwatched]) -> String {
        var text = "watching \(functions.joined(separator: ", ").sanitized) · Ctrl-C ends\n"
        for one in failed {
            text +=
                "  \(style.mark(.warning)) \(one.name.sanitized) is not watched: \(one.reason.sanitized)\n"
        }
        return text
    }

    /// One call, in a line or in as many as it needs.
    func call(_ call: CallRecord, pid: Int32) -> String {
        if let failure = call.filterFailure {
            return "\(style.mark(.failed)) \(call.name.sanitized): the filter failed: \(failure.sanitized)\n"
        }
        if call.isPoint { return point(call, pid: pid) }
        var text = "\(Timestamp.local(call.end)) \(style.mark(call.raised == nil ? .done : .failed)) "
        text += call.name.sanitized
        if call.values.isEmpty {
            let arguments = call.arguments.map { "\($0.expression)=\($0.text)" }.joined(separator: ", ")
            text += "(\(arguments.oneLine))"
            if call.raised == nil { text += " \(style.arrow) \(call.result.oneLine)" }
        }
        if let raised = call.raised {
            let file = raised.file.split(separator: "/").last.map(String.init) ?? raised.file
            let message = raised.text.isEmpty ? raised.type : "\(raised.type): \(raised.text)"
            text += " \(style.mark(.failed)) \(message.oneLine) \(file.sanitized):\(raised.line)"
        }
        text += "  \(Self.milliseconds(call.milliseconds)) ms"
        if call.yielded > 0 { text += "  \(call.yielded) yielded" }
        if !call.thread.isEmpty { text += "  \(call.thread.sanitized)" }
        if namesProcess { text += "  [\(pid)]" }
        return text + "\n" + details(call)
    }

    /// A statement that was about to run, with the variables that have a value.
    private func point(_ call: CallRecord, pid: Int32) -> String {
        let file = call.file.split(separator: "/").last.map(String.init) ?? call.file
        var text = "\(Timestamp.local(call.end)) · \(file.sanitized):\(call.line)"
        for value in call.arguments { text += "  \(value.expression.sanitized)=\(value.text.oneLine)" }
        if !call.thread.isEmpty { text += "  \(call.thread.sanitized)" }
        if namesProcess { text += "  [\(pid)]" }
        return text + "\n" + details(call)
    }

    /// What was asked for, and what led there, each on a line of its own.
    private func details(_ call: CallRecord) -> String {
        var text = ""
        for value in call.values {
            text += "  \(value.expression.sanitized) = \(value.type.isEmpty ? "✗ " : "")\(value.text.lines)\n"
        }
        for caller in call.callers {
            text += "  \(caller.file.sanitized):\(caller.line) \(caller.function.sanitized)\n"
        }
        return text
    }

    /// What the calls of one function came to in a period that ended at `time`.
    func statistics(_ row: CallStatistics.Row, at time: String) -> String {
        var text = "\(time)  \(row.name.sanitized)  \(row.calls) \(row.calls == 1 ? "call" : "calls")"
        if row.errors > 0 { text += "  \(style.mark(.failed)) \(row.errors) raised" }
        if let median = row.median, let high = row.percentile95, let longest = row.longest {
            text += "  p50 \(Self.milliseconds(median))  p95 \(Self.milliseconds(high))"
            text += "  max \(Self.milliseconds(longest)) ms"
        }
        if !row.isComplete { text += "  \(style.mark(.warning)) not every call: over the budget" }
        if let pid = row.pid { text += "  [\(pid)]" }
        return text + "\n"
    }

    /// Whole ones, of a short time also tenths that have passed.
    static func seconds(_ value: Double) -> String {
        let tenths = Int(value * 10)
        return tenths < 100 && tenths % 10 > 0 ? "\(tenths / 10).\(tenths % 10) s" : "\(tenths / 10) s"
    }

    /// With the digits that matter.
    static func milliseconds(_ value: Double) -> String {
        let thousandths = Int((value * 1000).rounded())
        let rest = String(String(1000 + thousandths % 1000).dropFirst())
        return "\(thousandths / 1000).\(rest)"
    }
}

extension String {
    /// Safe for a terminal, on one line.
    var oneLine: String { split(separator: "\n").joined(separator: " ").sanitized }

    /// Safe for a terminal, with its line ends.
    fileprivate var lines: String {
        split(separator: "\n", omittingEmptySubsequences: false).map { String($0).sanitized }
            .joined(separator: "\n")
    }
}
