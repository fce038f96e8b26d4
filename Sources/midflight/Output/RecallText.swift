import Reconciler
import Reloader

/// Calls that are kept, for people.
struct RecallText {
    /// How it is painted.
    var style: Style

    /// A line for each, the newest last.
    func list(_ recalled: Recalled) -> String {
        guard recalled.kept > 0 else {
            return "no call is kept: nothing was watched with calls or trace since midflight came\n"
        }
        let width = String(recalled.entries.last?.number ?? 0).count
        var text = recalled.entries.map { entry in
            let number = String(entry.number)
            var call = entry.call
            call.callers = []
            let line =
                call.trace.map { traced(call, $0, least: .infinity).prefix { !$0.isNewline } }
                ?? CallText(style: style, namesProcess: false).call(call, pid: 0)[...]
            return String(repeating: " ", count: width - number.count) + number + "  "
                + line.split(separator: "\n").joined(separator: " ") + "\n"
        }.joined()
        text += "\(recalled.entries.count) of \(TaskText.counted(recalled.kept, "call"))"
        if recalled.dropped > 0 {
            text += " \(style.separator) \(TaskText.counted(recalled.dropped, "older one")) not kept any more"
        }
        return text + "\n"
    }

    /// All that is known of one call.
    func whole(_ recalled: Recalled) -> String {
        guard let entry = recalled.entries.first else {
            return "no such call; \(TaskText.counted(recalled.kept, "call")) kept\n"
        }
        let call = entry.call
        if let trace = call.trace { return traced(call, trace, least: 0) }
        return CallText(style: style, namesProcess: false).call(call, pid: 0)
    }

    /// `least`: milliseconds from which a row has a line of its own.
    private func traced(_ call: CallRecord, _ trace: TraceRecord, least: Double) -> String {
        TraceText(style: style, namesProcess: false, least: least).text(call, trace, pid: 0)
    }
}
