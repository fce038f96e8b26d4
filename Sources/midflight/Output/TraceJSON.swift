import Reloader

/// A trace as members of its event, and on the control socket.
enum TraceJSON {
    /// `least`: milliseconds; rows that took less, with what is below them, are left out.
    static func members(_ trace: TraceRecord, least: Double) -> [(String, JSON)] {
        [
            ("tid", .integer(trace.thread)), ("daemon", .bool(trace.isDaemon)),
            ("cpu_ms", .number(trace.processor)), ("cut", .optional(trace.cut?.rawValue)),
            ("rows", .array(trace.rows.filter { $0.depth == 1 || $0.milliseconds >= least }.map(row))),
        ]
    }

    /// `called_at`: the line of the call in the caller, 0 if it is not known. `file` and `raised` are null
    /// where they are empty.
    private static func row(_ row: TraceRecord.Row) -> JSON {
        .object([
            ("depth", .integer(row.depth)), ("name", .string(row.name)),
            ("file", .optional(row.file.isEmpty ? nil : row.file)), ("line", .integer(row.line)),
            ("called_at", .integer(row.callLine)), ("ms", .number(row.milliseconds)),
            ("count", .integer(row.count)), ("kind", .string(row.kind.rawValue)),
            ("raised", .optional(row.raised.isEmpty ? nil : row.raised)),
        ])
    }

    /// Nil if it is no trace.
    static func trace(_ value: JSON) -> TraceRecord? {
        guard let rows = value["rows"]?.elements else { return nil }
        var trace = TraceRecord(rows: rows.compactMap(row))
        trace.thread = value["tid"]?.integer ?? 0
        trace.isDaemon = value["daemon"]?.flag ?? false
        trace.processor = value["cpu_ms"]?.decimal ?? 0
        trace.cut = value["cut"]?.text.flatMap(TraceRecord.Cut.init)
        return trace
    }

    /// nil without a depth, a name or a kind that we know.
    private static func row(_ value: JSON) -> TraceRecord.Row? {
        guard let depth = value["depth"]?.integer, let name = value["name"]?.text,
            let kind = value["kind"]?.text.flatMap(TraceRecord.Kind.init)
        else { return nil }
        return TraceRecord.Row(
            depth: depth, name: name, file: value["file"]?.text ?? "", line: value["line"]?.integer ?? 0,
            callLine: value["called_at"]?.integer ?? 0, kind: kind,
            milliseconds: value["ms"]?.decimal ?? 0,
            count: value["count"]?.integer ?? 0, raised: value["raised"]?.text ?? "")
    }
}
