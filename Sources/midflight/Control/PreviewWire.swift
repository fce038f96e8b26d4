import Reconciler

/// The answer of `diff` on the control socket: whole, so that the client can word it as its own.
enum PreviewWire {
    /// What is answered to `diff`.
    static func answer(_ report: PatchReport) -> JSON {
        .object([
            ("v", .integer(1)), ("answer", "diff"), ("files", .array(report.files.map { .string($0) })),
            (
                "applied",
                .array(
                    report.applied.map { change in
                        .object(
                            place(change.name, change.file, change.line) + [
                                ("kind", .string(change.kind.rawValue)),
                                ("change", .string(change.change.rawValue)),
                                ("count", .integer(change.activeFrames)),
                            ])
                    })
            ),
            ("kept", .array(report.kept.map(remark))), ("notes", .array(report.notes.map(remark))),
            (
                "rejected",
                .array(
                    report.rejected.map { rejected in
                        .object(
                            place("", rejected.file, rejected.line) + [
                                ("reason", .string(rejected.reason.rawValue)),
                                ("column", .integer(rejected.column)),
                                ("end_column", .integer(rejected.endColumn)),
                                ("message", .string(rejected.message)), ("text", .string(rejected.text)),
                                ("action", .string(rejected.action)),
                            ])
                    })
            ),
        ])
    }

    /// What all entries of a report have in common.
    private static func place(_ name: String, _ file: String, _ line: Int) -> [(String, JSON)] {
        [("name", .string(name)), ("file", .string(file)), ("line", .integer(line))]
    }

    /// With its count: the client words it as its own.
    private static func remark(_ remark: PatchReport.Remark) -> JSON {
        .object(
            place(remark.name, remark.file, remark.line) + [
                ("reason", .string(remark.reason.rawValue)), ("message", .string(remark.message)),
                ("action", .string(remark.action)), ("count", .integer(remark.count)),
            ])
    }

    /// Nil if it is no such answer.
    static func report(_ answer: JSON) -> PatchReport? {
        guard answer["answer"]?.text == "diff", let files = answer["files"]?.elements else { return nil }
        var report = PatchReport(files: files.compactMap(\.text))
        report.applied = list(answer["applied"], applied)
        report.kept = list(answer["kept"], remark)
        report.notes = list(answer["notes"], remark)
        report.rejected = list(answer["rejected"], rejected)
        return report
    }

    /// Elements that cannot be read are left out, as those of a newer midflight.
    private static func list<Value>(_ value: JSON?, _ read: (JSON) -> Value?) -> [Value] {
        (value?.elements ?? []).compactMap(read)
    }

    /// nil for a kind or a change that we do not know.
    private static func applied(_ value: JSON) -> PatchReport.Applied? {
        guard let kind = value["kind"]?.text.flatMap(PatchReport.Kind.init(rawValue:)),
            let change = value["change"]?.text.flatMap(PatchReport.Change.init(rawValue:))
        else { return nil }
        return PatchReport.Applied(
            name: value["name"]?.text ?? "", file: value["file"]?.text ?? "",
            line: value["line"]?.integer ?? 1, kind: kind, change: change,
            activeFrames: value["count"]?.integer ?? 0)
    }

    /// nil for a reason that we do not know.
    private static func remark(_ value: JSON) -> PatchReport.Remark? {
        guard let reason = value["reason"]?.text.flatMap(ReasonID.init(rawValue:)) else { return nil }
        return PatchReport.Remark(
            name: value["name"]?.text ?? "", file: value["file"]?.text ?? "",
            line: value["line"]?.integer ?? 1, reason: reason, message: value["message"]?.text ?? "",
            action: value["action"]?.text ?? "", count: value["count"]?.integer ?? 1)
    }

    /// nil for a reason that we do not know.
    private static func rejected(_ value: JSON) -> PatchReport.Rejected? {
        guard let reason = value["reason"]?.text.flatMap(ReasonID.init(rawValue:)) else { return nil }
        return PatchReport.Rejected(
            reason: reason, file: value["file"]?.text ?? "", line: value["line"]?.integer ?? 0,
            column: value["column"]?.integer ?? 0, endColumn: value["end_column"]?.integer ?? 0,
            message: value["message"]?.text ?? "", text: value["text"]?.text ?? "",
            action: value["action"]?.text ?? "")
    }
}
