import Reconciler
import SystemPackage

/// `undo` and its answer on the control socket.
enum UndoWire {
    /// What a request says of an undo.
    static func members(_ action: ControlRequest.Action) -> [(String, JSON)] {
        guard case .undo(let scope) = action else { return [("do", "history")] }
        return [("do", "undo")]
            + {
                switch scope {
                case .last(let count): [("last", .integer(count))]
                case .file(let path): [("file", .string(path.string))]
                case .all: [("all", .bool(true))]
                }
            }()
    }

    /// Nil if it names none, or no file that can be.
    static func scope(_ value: JSON, path: (JSON) -> FilePath?) -> UndoScope? {
        if value["all"]?.flag == true { return .all }
        if let file = value["file"] { return path(file).map { .file($0) } }
        return value["last"]?.integer.flatMap { $0 > 0 ? .last($0) : nil }
    }

    /// What is answered to `undo`.
    static func answer(_ report: UndoReport) -> JSON {
        .object([
            ("v", .integer(1)), ("answer", "undo"), ("state", .string(report.state.rawValue)),
            ("processes", .array(report.reports.map { .object(EventJSON.undone($0)) })),
            ("failures", .array(report.failures.map { .object(EventJSON.members($0)) })),
        ])
    }

    /// What is answered to `history`.
    static func answer(_ entries: [UndoReport.Entry]) -> JSON {
        .object([
            ("v", .integer(1)), ("answer", "history"),
            (
                "bursts",
                .array(
                    entries.map { entry in
                        .object([
                            ("id", .integer(entry.id)),
                            ("files", .array(entry.files.map { .string($0) })),
                            ("not_restorable", .array(entry.lost.map(EventJSON.kept))),
                        ])
                    })
            ),
        ])
    }
}
