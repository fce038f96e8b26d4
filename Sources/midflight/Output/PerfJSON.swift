import Profiles
import Reconciler
import Reloader

/// Profiles as events of docs/events.schema.json.
enum PerfJSON {
    /// Functions that one event names at most.
    private static let mostFunctions = 100

    /// The `profile` event of a run.
    static func line(_ outcome: PerfRun.Outcome, _ request: PerfRun.Request, pid: Int32, at time: String)
        -> String
    {
        let functions = HotFunction.hottest(of: outcome.profile, most: mostFunctions).map { row in
            JSON.object(
                place(row.frame) + [("self", .integer(row.own)), ("total", .integer(row.total))])
        }
        let counts = outcome.counts
        let saves = outcome.saves.map { save in
            JSON.object(
                [("ms", EventJSON.milliseconds(save.live - outcome.start))] + members(save))
        }
        return event(
            "profile", pid, outcome.processes, request, at: time,
            [
                ("ms", EventJSON.milliseconds(outcome.nanoseconds)),
                ("samples", .integer(outcome.profile.total)), ("dropped", .integer(counts.torn)),
                ("late", .integer(counts.late)), ("looks", .integer(counts.looks)),
                ("gil_held", .integer(counts.held)), ("functions", .array(functions)),
                ("saves", .array(saves)),
            ])
    }

    /// The `profile_change` event of a run in which nothing was saved: both sides are empty.
    static func line(
        nothing outcome: PerfSaveRun.Outcome, _ request: PerfRun.Request, pid: Int32, at time: String
    ) -> String {
        let side = ProfileChange.Side(profile: Profile(), looks: 0, nanoseconds: 0)
        return line(outcome, ProfileChange(before: side, after: side), request, pid: pid, at: time)
    }

    /// The `profile_change` event of a save.
    static func line(
        _ outcome: PerfSaveRun.Outcome, _ change: ProfileChange, _ request: PerfRun.Request, pid: Int32,
        at time: String
    ) -> String {
        let (rows, alike) = ChangedFunction.rows(of: change)
        let functions = rows.prefix(mostFunctions).map { row in
            JSON.object(
                place(row.frame) + [
                    ("change", .string(row.kind.rawValue)), ("self", pair(row.own, change)),
                    ("total", pair(row.total, change)),
                ])
        }
        return event(
            "profile_change", pid, outcome.processes, request, at: time,
            [
                ("before", side(change.before)), ("after", side(change.after)),
                ("dropped", .integer(outcome.counts.torn)), ("late", .integer(outcome.counts.late)),
                ("end", .string(outcome.end.rawValue)), ("functions", .array(functions)),
                ("left_out", .integer(rows.count - functions.count)), ("alike", .integer(alike)),
                ("saves", .array(outcome.saves.map { .object(members($0)) })),
            ])
    }

    /// The head that both events share. `pid`: the process that was named.
    private static func event(
        _ name: String, _ pid: Int32, _ processes: [(pid: Int32, version: String)],
        _ request: PerfRun.Request, at time: String, _ members: [(String, JSON)]
    ) -> String {
        let threads =
            switch request.choice {
            case .onProcessor: "on-processor"
            case .all: "all"
            case .gil: "gil"
            }
        let found = processes.map { process in
            JSON.object([
                ("pid", .integer(Int(process.pid))), ("python", .string(process.version)),
            ])
        }
        let head: [(String, JSON)] = [
            ("v", .integer(1)), ("t", .string(time)), ("event", .string(name)), ("pid", .integer(Int(pid))),
            ("processes", .array(found)), ("threads", .string(threads)), ("rate", .number(request.rate)),
        ]
        return JSON.object(head + members).line + "\n"
    }

    /// `line`: the function's first one.
    private static func place(_ frame: ProfileFrame) -> [(String, JSON)] {
        [("name", .string(frame.name)), ("file", .string(frame.file)), ("line", .integer(frame.line))]
    }

    /// What was saved: files, and definitions that went in.
    private static func members(_ save: SaveMark) -> [(String, JSON)] {
        [
            ("files", .array(save.files.map { .string($0) })),
            ("names", .array(save.names.map { .string($0) })),
        ]
    }

    /// One side of a comparison, and how well it was seen.
    private static func side(_ side: ProfileChange.Side) -> JSON {
        .object([
            ("ms", EventJSON.milliseconds(side.nanoseconds)), ("looks", .integer(side.looks)),
            ("samples", .integer(side.profile.total)),
        ])
    }

    /// Parts of one thread's time, with four decimals.
    private static func pair(_ pair: ProfileChange.Pair, _ change: ProfileChange) -> JSON {
        func part(_ samples: Int, _ side: ProfileChange.Side) -> JSON {
            .number((change.share(samples, of: side) * 10_000).rounded() / 10_000)
        }
        return .object([
            ("before", part(pair.before, change.before)), ("after", part(pair.after, change.after)),
        ])
    }
}
