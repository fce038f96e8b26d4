import Reconciler
import Reloader
import SystemPackage
import Watcher

/// Events as docs/events.schema.json describes them, one object a line.
enum EventJSON {
    /// One line, or one a process. `service`: its name in watch.yaml; nil where there is none.
    static func lines(_ event: SessionEvent, of service: String? = nil, at time: String) -> String {
        contents(event).map { name, members in
            var head: [(String, JSON)] = [
                ("v", .integer(1)), ("t", .string(time)), ("event", .string(name)),
            ]
            if let service { head.append(("service", .string(service))) }
            let rest = service == nil ? members : members.filter { $0.0 != "service" }
            return JSON.object(head + rest).line + "\n"
        }.joined()
    }

    /// Several for an event that concerns several processes.
    private static func contents(_ event: SessionEvent) -> [(String, [(String, JSON)])] {
        switch event {
        case .attached(let attached): attached.map { ("attached", members($0)) }
        case .joined(let attached): [("attached", members(attached))]
        case .burst(let outcome): outcome.events
        case .ready, .change, .notice, .overflow, .failed, .refused, .unattached, .lost, .left, .waiting,
            .back, .otherFiles, .command, .signalled, .ended, .staleMount, .reconfigured, .detached, .paused,
            .resumed:
            content(event).map { [$0] } ?? []
        }
    }

    /// nil for what `contents` writes itself.
    private static func content(_ event: SessionEvent) -> (String, [(String, JSON)])? {
        switch event {
        case .attached, .joined, .burst: nil
        case .ready(let processes, let watches, let polls):
            (
                "ready",
                [
                    ("processes", .integer(processes)), ("watches", .integer(watches)),
                    ("watcher", .string(polls ? "poll" : "inotify")),
                ]
            )
        case .change(let files, let reason, let message):
            (
                "change",
                [
                    ("files", .array(files.map { .string($0) })), ("reason", .string(reason.rawValue)),
                    ("message", .string(message)),
                ]
            )
        case .notice(let notice):
            ("error", problem("watch", notice.description, notice.hint ?? "nothing"))
        case .overflow(let files): ("overflow", [("files", .integer(files))])
        case .failed(let error): ("error", members(error))
        case .refused(let error):
            ("error", members(error) + [("status", .integer(Int(ExitStatus(error).rawValue)))])
        case .unattached(let error): ("error", members(error))
        case .waiting(let selector): ("waiting", [("selector", .string(selector))])
        case .reconfigured(let file): ("config_reloaded", [("file", .string(file))])
        case .back(let pid, let old):
            ("target_back", [("pid", .integer(Int(pid))), ("old_pid", .integer(Int(old)))])
        case .otherFiles(let files): ("files", [("files", .array(files.map { .string($0.string) }))])
        case .left(let error, let remaining):
            (
                "target_lost",
                [
                    ("pid", .integer(Int(error.pid))), ("message", .string(error.message)),
                    ("processes", .integer(remaining)),
                ]
            )
        case .lost(let error):
            ("target_lost", [("pid", .integer(Int(error.pid))), ("message", .string(error.message))])
        case .command, .signalled, .ended, .staleMount: reaction(event)
        case .detached(let pid): ("detached", [("pid", .integer(Int(pid)))])
        case .paused: ("paused", [])
        case .resumed: ("resumed", [])
        }
    }

    /// What is wrong with no process in particular.
    static func problem(_ reason: String, _ message: String, _ action: String) -> [(String, JSON)] {
        [("reason", .string(reason)), ("message", .string(message)), ("action", .string(action))]
    }

    /// `service` gives way to the name in watch.yaml where there is one.
    private static func members(_ attached: SessionEvent.Attached) -> [(String, JSON)] {
        let parent: [(String, JSON)] = attached.parent.map { [("parent", .integer(Int($0)))] } ?? []
        return [
            ("service", .string(attached.program)), ("pid", .integer(Int(attached.pid))),
            ("program", .string(attached.program)), ("python", .string(attached.python)),
            ("modules", .integer(attached.modules)), ("left_out", .integer(attached.leftOut)),
            ("checked", .integer(attached.files)), ("equal", .integer(attached.equal)),
            ("saved_since", .integer(attached.compared)),
            (
                "drifted",
                .array(
                    attached.drifted.map {
                        .string(
                            $0.names.isEmpty ? $0.file : "\($0.file): \($0.names.joined(separator: ", "))")
                    })
            ),
        ] + parent
    }

    /// An error as members of an event.
    static func members(_ error: SessionError) -> [(String, JSON)] {
        [
            ("pid", .integer(Int(error.pid))), ("reason", .string(error.id)),
            ("message", .string(error.message)),
            ("action", .string(error.actions.joined(separator: "; "))),
        ]
    }

    /// An event about a process, now.
    static func line(_ name: String, _ members: [(String, JSON)], pid: Int32) -> String {
        let head: [(String, JSON)] = [
            ("v", .integer(1)), ("t", .string(Timestamp.universal())), ("event", .string(name)),
            ("pid", .integer(Int(pid))),
        ]
        return JSON.object(head + members).line + "\n"
    }

    /// What another midflight said instead of an answer, as a line.
    static func line(_ refusal: CallSource.Refusal, pid: Int32, at time: String) -> String {
        let members: [(String, JSON)] = [
            ("v", .integer(1)), ("t", .string(time)), ("event", "error"), ("pid", .integer(Int(pid))),
            ("reason", .string(refusal.reason)), ("message", .string(refusal.message)),
            ("action", .string(refusal.action)), ("status", .integer(Int(refusal.status.rawValue))),
        ]
        return JSON.object(members).line + "\n"
    }

    /// A burst in one process as members of an event.
    static func members(_ report: BurstReport) -> [(String, JSON)] {
        var times: [(String, JSON)] = [
            ("compile", milliseconds(report.timing.compile)),
            ("pause", milliseconds(Int64(report.patch.pause))),
        ]
        if report.timing.attach > 0 { times.insert(("attach", milliseconds(report.timing.attach)), at: 0) }
        times.append(("total", milliseconds(report.timing.total)))
        return head(report) + [
            ("ms", .object(times)), ("stages", stages(report.timing)),
            ("applied", .array(report.patch.applied.map(object))),
            ("kept", .array(report.patch.kept.map(kept))), ("notes", .array(report.patch.notes.map(note))),
        ]
    }

    /// Of a process in which patches were taken back; what could not be is among `kept`.
    static func undone(_ report: BurstReport) -> [(String, JSON)] {
        let refused = report.patch.rejected.map { rejected in
            PatchReport.Remark(
                name: "", file: rejected.file, line: max(1, rejected.line), reason: rejected.reason,
                message: rejected.message, action: rejected.action)
        }
        return head(report) + [
            ("applied", .array(report.patch.applied.map(object))),
            ("kept", .array((report.patch.kept + refused).map(kept))),
        ]
    }

    /// The milliseconds of every stage.
    static func stages(_ timing: BurstReport.Timing) -> JSON {
        .object(timing.stages.map { ($0.name, milliseconds($0.nanoseconds)) })
    }

    /// Which burst it was, and in which process.
    private static func head(_ report: BurstReport) -> [(String, JSON)] {
        [
            ("pid", .integer(Int(report.pid))), ("id", .integer(report.id)),
            ("files", .array(report.patch.files.map { .string($0) })),
        ]
    }

    /// Why it was rejected, as members of an event.
    static func rejection(_ report: BurstReport) -> [(String, JSON)] {
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

    /// What `diff --json` prints.
    static func preview(_ report: PatchReport, pid: Int32) -> JSON {
        let rejected = report.rejected.map { rejected in
            JSON.object([
                ("reason", .string(rejected.reason.rawValue)), ("file", .string(rejected.file)),
                ("line", .integer(rejected.line)), ("message", .string(rejected.message)),
            ])
        }
        return .object([
            ("v", .integer(1)), ("event", .string("diff")), ("pid", .integer(Int(pid))),
            ("files", .array(report.files.map { .string($0) })),
            ("applied", .array(report.applied.map(object))), ("kept", .array(report.kept.map(kept))),
            ("notes", .array(report.notes.map(note))), ("rejected", .array(rejected)),
        ])
    }

    /// The line is at least 1, as the schema wants it.
    private static func object(_ change: PatchReport.Applied) -> JSON {
        .object([
            ("name", .string(change.name)), ("file", .string(change.file)),
            ("line", .integer(max(1, change.line))),
            ("kind", .string(change.kind.rawValue)), ("change", .string(change.change.rawValue)),
            ("active_frames", .integer(change.activeFrames)),
        ])
    }

    /// What was kept, as an object.
    static func kept(_ remark: PatchReport.Remark) -> JSON {
        .object([
            ("name", .string(remark.name)), ("file", .string(remark.file)),
            ("line", .integer(max(1, remark.line))),
            ("reason", .string(remark.reason.rawValue)), ("message", .string(remark.message)),
            ("action", .string(remark.action)),
        ])
    }

    /// Has no place: it belongs to a change that went in.
    private static func note(_ remark: PatchReport.Remark) -> JSON {
        .object([
            ("name", .string(remark.name)), ("reason", .string(remark.reason.rawValue)),
            ("message", .string(remark.message)), ("count", .integer(remark.count)),
        ])
    }

    /// With at most three decimals.
    static func milliseconds(_ nanoseconds: Int64) -> JSON { .number(Double(nanoseconds / 1000) / 1000) }
}

extension BurstOutcome {
    /// One `reload` or `rejected` a process, one `error` for each that could not be patched; and where several are
    /// concerned a `burst` that sums them up.
    fileprivate var events: [(String, [(String, JSON)])] {
        var events = reports.map { report in
            if isUndo { return ("undo", EventJSON.undone(report)) }
            return report.patch.rejected.isEmpty
                ? ("reload", EventJSON.members(report)) : ("rejected", EventJSON.rejection(report))
        }
        events += failures.map { ("error", EventJSON.members($0) + [("id", .integer(id))]) }
        guard processes > 1 else { return events }
        let times: [(String, JSON)] = [
            ("total", EventJSON.milliseconds(total)), ("skew", EventJSON.milliseconds(skew)),
        ]
        events.append(
            (
                "burst",
                [
                    ("id", .integer(id)), ("files", .array(files.map { .string($0) })),
                    ("processes", .integer(processes)), ("patched", .integer(patched)),
                    ("ms", .object(times)),
                ]
            ))
        return events
    }
}
