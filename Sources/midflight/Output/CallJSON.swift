import Reconciler
import Reloader

/// One call as members of its event.
enum CallJSON {
    /// What the calls of one function came to, as members of an event.
    static func statistics(_ row: CallStatistics.Row) -> [(String, JSON)] {
        [
            ("name", .string(row.name)), ("all", .bool(row.pid == nil)), ("calls", .integer(row.calls)),
            ("errors", .integer(row.errors)), ("p50", row.median.map(JSON.number) ?? .null),
            ("p95", row.percentile95.map(JSON.number) ?? .null),
            ("max", row.longest.map(JSON.number) ?? .null), ("complete", .bool(row.isComplete)),
        ]
    }

    /// One call as members of an event.
    static func members(_ call: CallRecord) -> [(String, JSON)] {
        var members: [(String, JSON)] = [("name", .string(call.name))]
        if let failure = call.filterFailure { return members + [("filter_failed", .string(failure))] }
        members += [
            ("file", .string(call.file)), ("line", .integer(call.line)), ("thread", .string(call.thread)),
            ("end", .number(call.end)),
        ]
        if call.isPoint {
            members.append(("point", .bool(true)))
        } else {
            members += [
                ("start", .number(call.end - call.milliseconds / 1000)), ("ms", .number(call.milliseconds)),
                ("ok", .bool(call.raised == nil)),
            ]
        }
        if !call.arguments.isEmpty {
            let rows = call.arguments.map { row in
                JSON.object([("name", .string(row.expression)), ("text", .string(row.text))])
            }
            members.append(("arguments", .array(rows)))
        }
        if let trace = call.trace {
            members.append(("trace", .object(TraceJSON.members(trace, least: 0))))
        }
        if call.values.isEmpty, call.raised == nil, call.trace == nil, !call.isPoint {
            members.append(("result", .string(call.result)))
        }
        if !call.values.isEmpty {
            let rows = call.values.map { row in
                JSON.object([
                    ("expr", .string(row.expression)), ("type", .string(row.type)),
                    ("text", .string(row.text)),
                ])
            }
            members.append(("values", .array(rows)))
        }
        if let raised = call.raised {
            members.append(
                (
                    "exception",
                    .object([
                        ("type", .string(raised.type)), ("text", .string(raised.text)),
                        ("file", .string(raised.file)), ("line", .integer(raised.line)),
                    ])
                ))
        }
        if call.yielded > 0 { members.append(("yielded", .integer(call.yielded))) }
        if !call.callers.isEmpty {
            let rows = call.callers.map { row in
                JSON.object([
                    ("function", .string(row.function)), ("file", .string(row.file)),
                    ("line", .integer(row.line)),
                ])
            }
            members.append(("callers", .array(rows)))
        }
        return members
    }

    /// One trace as members of its event.
    static func trace(_ call: CallRecord, least: Double) -> [(String, JSON)] {
        let own = members(call).filter { !["name", "trace"].contains($0.0) }
        let rows = call.trace.map { TraceJSON.members($0, least: least) } ?? []
        return [("root", .string(call.name))] + own + rows
    }

    /// Nil if it is no call.
    static func call(_ value: JSON) -> CallRecord? {
        guard let name = value["name"]?.text else { return nil }
        var call = CallRecord(name: name)
        call.filterFailure = value["filter_failed"]?.text
        call.file = value["file"]?.text ?? ""
        call.line = value["line"]?.integer ?? 0
        call.isPoint = value["point"]?.flag ?? false
        call.thread = value["thread"]?.text ?? ""
        call.end = value["end"]?.decimal ?? 0
        call.milliseconds = value["ms"]?.decimal ?? 0
        call.result = value["result"]?.text ?? ""
        call.yielded = value["yielded"]?.integer ?? 0
        call.arguments = (value["arguments"]?.elements ?? []).map { row in
            CallRecord.Value(expression: row["name"]?.text ?? "", type: "", text: row["text"]?.text ?? "")
        }
        call.values = (value["values"]?.elements ?? []).map { row in
            CallRecord.Value(
                expression: row["expr"]?.text ?? "", type: row["type"]?.text ?? "",
                text: row["text"]?.text ?? "")
        }
        call.callers = (value["callers"]?.elements ?? []).map { row in
            CallRecord.Caller(
                function: row["function"]?.text ?? "", file: row["file"]?.text ?? "",
                line: row["line"]?.integer ?? 0)
        }
        call.trace = value["trace"].flatMap(TraceJSON.trace)
        if let raised = value["exception"] {
            call.raised = CallRecord.Raised(
                type: raised["type"]?.text ?? "", text: raised["text"]?.text ?? "",
                file: raised["file"]?.text ?? "", line: raised["line"]?.integer ?? 0)
        }
        return call
    }
}

extension JSON {
    /// Of an integer too: a number without a fraction is written as one. nil if it is no number.
    var decimal: Double? {
        switch self {
        case .number(let value): value
        case .integer(let value): Double(value)
        case .null, .bool, .string, .array, .object: nil
        }
    }
}
