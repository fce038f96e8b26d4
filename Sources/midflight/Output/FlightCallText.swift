import Glibc
import Reconciler
import Reloader

/// The lines of PyFlightProfiler's `watch`, word for word.
struct FlightCallText {
    /// How it is painted.
    var style: Style

    /// What is watched now.
    func started(_ function: FunctionName) -> String {
        var place = "[MODULE] \(function.module ?? "")"
        if let name = function.className { place += " [CLASS] \(name)" }
        place += " [METHOD] \(function.method)"
        return
            "\(style.mark(.done)) Spy was successfully added on \(place.sanitized), press Ctrl-C to stop.\n"
    }

    /// One call, as PyFlightProfiler writes it.
    func call(_ call: CallRecord, filter: String?) -> String {
        let ruler = String(repeating: "─", count: 60) + "\n"
        if let failure = call.filterFailure {
            return ruler
                + rows([("FILTER_EXPR:", filter ?? ""), ("FILTER_FAIL_INFO:", failure)], width: 20)
        }
        var text = ruler + "\(style.mark(call.raised == nil ? .done : .failed)) \(Timestamp.dated(call.end)) "
        text += "method=\(call.name.sanitized) cost=\(call.milliseconds)ms "
        text += "is_exp=\(call.raised == nil ? "False" : "True") result={\n"
        for value in call.values {
            if value.type.isEmpty {
                text += rows([("EXPR:", value.expression), ("WATCH_FAIL_INFO:", value.text)], width: 20)
            } else {
                let width = call.raised == nil ? 8 : 12
                text += rows(
                    [("EXPR:", value.expression), ("TYPE:", value.type), ("VALUE:", value.text)], width: width
                )
            }
        }
        if let raised = call.raised {
            let message = raised.text.isEmpty ? raised.type : "\(raised.type): \(raised.text)"
            text += rows([("EXCEPTION:", message)], width: 12)
        }
        return text + "}\n"
    }

    /// `width`: of the labels; a longer label has one blank behind it.
    private func rows(_ rows: [(String, String)], width: Int) -> String {
        rows.map { name, value in
            let lines = value.split(separator: "\n", omittingEmptySubsequences: false).map {
                String($0).sanitized
            }
            let label = name + String(repeating: " ", count: max(1, width - name.count))
            return "  \(label)\(lines.joined(separator: "\n"))\n"
        }.joined()
    }
}
