import Reconciler
import Reloader
import Watcher

/// Events as docs/events.schema.json describes them, one object a line.
enum EventJSON {
    static func line(_ event: SessionEvent, at time: String) -> String {
        let (name, members) = content(event)
        let head: [(String, JSON)] = [("v", .integer(1)), ("t", .string(time)), ("event", .string(name))]
        return JSON.object(head + members).line + "\n"
    }

    private static func content(_ event: SessionEvent) -> (String, [(String, JSON)]) {
        switch event {
        case .attached(let attached): ("attached", members(attached))
        case .ready(let watches):
            (
                "ready",
                [("processes", .integer(1)), ("watches", .integer(watches)), ("watcher", .string("inotify"))]
            )
        case .reload(let report): ("reload", members(report))
        case .rejected(let report): ("rejected", rejection(report))
        case .change(let files, let reason, let message):
            (
                "change",
                [
                    ("files", .array(files.map { .string($0) })), ("reason", .string(reason.rawValue)),
                    ("message", .string(message)),
                ]
            )
        case .notice(let notice):
            (
                "error",
                [
                    ("reason", .string("watch")), ("message", .string(notice.description)),
                    ("action", .string(notice.hint ?? "nothing")),
                ]
            )
        case .overflow(let files): ("overflow", [("files", .integer(files))])
        case .failed(let error): ("error", members(error))
        case .refused(let error):
            ("error", members(error) + [("status", .integer(Int(ExitStatus(error).rawValue)))])
        case .lost(let error):
            ("target_lost", [("pid", .integer(Int(error.pid))), ("message", .string(error.message))])
        case .detached(let pid): ("detached", [("pid", .integer(Int(pid)))])
        case .paused: ("paused", [])
        case .resumed: ("resumed", [])
        }
    }

    private static func members(_ attached: SessionEvent.Attached) -> [(String, JSON)] {
        [
            ("service", .string(attached.program)), ("pid", .integer(Int(attached.pid))),
            ("program", .string(attached.program)), ("python", .string(attached.python)),
            ("modules", .integer(attached.modules)), ("left_out", .integer(attached.leftOut)),
            ("checked", .integer(attached.files)), ("equal", .integer(attached.equal)),
            (
                "drifted",
                .array(
                    attached.drifted.map {
                        .string(
                            $0.names.isEmpty ? $0.file : "\($0.file): \($0.names.joined(separator: ", "))")
                    })
            ),
        ]
    }

    private static func members(_ error: SessionError) -> [(String, JSON)] {
        [
            ("pid", .integer(Int(error.pid))), ("reason", .string(error.id)),
            ("message", .string(error.message)),
            ("action", .string(error.actions.joined(separator: "; "))),
        ]
    }

    private static func members(_ report: BurstReport) -> [(String, JSON)] {
        var times: [(String, JSON)] = [
            ("compile", milliseconds(report.timing.compile)),
            ("pause", milliseconds(Int64(report.patch.pause))),
        ]
        if report.timing.attach > 0 { times.insert(("attach", milliseconds(report.timing.attach)), at: 0) }
        times.append(("total", milliseconds(report.timing.total)))
        return head(report) + [
            ("ms", .object(times)), ("applied", .array(report.patch.applied.map(object))),
            ("kept", .array(report.patch.kept.map(kept))), ("notes", .array(report.patch.notes.map(note))),
        ]
    }

    private static func head(_ report: BurstReport) -> [(String, JSON)] {
        [
            ("pid", .integer(Int(report.pid))), ("id", .integer(report.id)),
            ("files", .array(report.patch.files.map { .string($0) })),
        ]
    }

    private static func rejection(_ report: BurstReport) -> [(String, JSON)] {
        guard let rejected = report.patch.rejected.first else { return head(report) }
        var members: [(String, JSON)] = [
            ("reason", .string(rejected.reason.rawValue)), ("file", .string(rejected.file)),
        ]
        if rejected.line > 0 { members.append(("line", .integer(rejected.line))) }
        if rejected.column > 0 { members.append(("column", .integer(rejected.column))) }
        if !rejected.text.isEmpty { members.append(("text", .string(rejected.text))) }
        return head(report) + members + [
            ("message", .string(rejected.message)), ("action", .string(rejected.action)),
        ]
    }

    private static func object(_ change: PatchReport.Applied) -> JSON {
        .object([
            ("name", .string(change.name)), ("file", .string(change.file)),
            ("line", .integer(max(1, change.line))),
            ("kind", .string(change.kind.rawValue)), ("change", .string(change.change.rawValue)),
            ("active_frames", .integer(change.activeFrames)),
        ])
    }

    private static func kept(_ remark: PatchReport.Remark) -> JSON {
        .object([
            ("name", .string(remark.name)), ("file", .string(remark.file)),
            ("line", .integer(max(1, remark.line))),
            ("reason", .string(remark.reason.rawValue)), ("message", .string(remark.message)),
            ("action", .string(remark.action)),
        ])
    }

    private static func note(_ remark: PatchReport.Remark) -> JSON {
        .object([
            ("name", .string(remark.name)), ("reason", .string(remark.reason.rawValue)),
            ("message", .string(remark.message)), ("count", .integer(remark.count)),
        ])
    }

    /// With at most three decimals.
    static func milliseconds(_ nanoseconds: Int64) -> JSON { .number(Double(nanoseconds / 1000) / 1000) }
}
