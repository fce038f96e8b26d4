import Profiles
import Reconciler
import Reloader

/// The hottest functions of a profile for people, and what the profile is worth.
struct PerfText {
    /// How it is painted.
    var style: Style

    /// The table, and below it what was dropped.
    func text(_ outcome: PerfRun.Outcome, _ request: PerfRun.Request) -> String {
        let total = outcome.profile.total
        var text = heading(outcome, request)
        let rows = HotFunction.hottest(of: outcome.profile)
        if rows.isEmpty {
            let what =
                request.choice == .all ? "no thread ran Python" : "no thread did; --wall shows waiting too"
            return text + "  \(style.arrow) \(what)\n" + footing(outcome)
        }
        text += style.paint("   self   total  function", .dim) + "\n"
        for row in rows {
            let place = "\(row.frame.file.sanitized):\(row.frame.line)"
            let parts = [row.own, row.total].map { Percent.text($0, of: total, width: 5) }
            text += parts.joined(separator: " ") + "  "
            text += "\(style.paint(row.frame.name.sanitized, .bold))  \(style.paint(place, .dim))\n"
        }
        return text + footing(outcome)
    }

    /// Seconds are cut to one decimal, not rounded.
    private func heading(_ outcome: PerfRun.Outcome, _ request: PerfRun.Request) -> String {
        let tenths = outcome.nanoseconds / 100_000_000
        let samples = outcome.profile.total == 1 ? "1 sample" : "\(outcome.profile.total) samples"
        return "\(Self.who(outcome.processes, style)) \(style.separator) \(Self.what(request.choice)) "
            + "\(style.separator) \(samples) in \(tenths / 10).\(tenths % 10) s\n"
    }

    /// How much of the time the GIL was held, and what is missing in the profile.
    private func footing(_ outcome: PerfRun.Outcome) -> String {
        let held = Percent.text(outcome.counts.held, of: outcome.counts.looks)
        return "the GIL was held in \(held) of the looks \(style.separator) "
            + Self.dropped(outcome.counts, samples: outcome.profile.total, style) + saves(outcome)
    }

    /// One line for what went live meanwhile: the percentages are of old and new code together then.
    private func saves(_ outcome: PerfRun.Outcome) -> String {
        outcome.saves.map { save in
            let tenths = (save.live - outcome.start) / 100_000_000
            return "\(style.mark(.event)) at \(tenths / 10).\(tenths % 10) s a save of "
                + "\(save.files.map(\.sanitized).joined(separator: ", ")) went live; --save compares\n"
        }.joined()
    }

    /// The processes as a heading names them.
    static func who(_ processes: [(pid: Int32, version: String)], _ style: Style) -> String {
        processes.count == 1
            ? "process \(processes[0].pid) \(style.separator) Python \(processes[0].version)"
            : "\(processes.count) processes"
    }

    /// The threads as a heading names them.
    static func what(_ choice: ThreadSampler.Choice) -> String {
        switch choice {
        case .onProcessor: "threads on a processor"
        case .all: "all threads"
        case .gil: "threads that hold the GIL"
        }
    }

    /// What is missing in a profile of so many samples, as lines.
    static func dropped(_ counts: ProcessSampler.Counts, samples: Int, _ style: Style) -> String {
        let torn = Percent.text(counts.torn, of: samples + counts.torn)
        var text =
            "\(counts.torn) samples dropped (\(torn)): their threads changed while they were read\n"
        if counts.late > 0 {
            text +=
                "\(style.mark(.warning)) \(counts.late) looks came too late and were left out: a lower --rate fits\n"
        }
        return text
    }
}
