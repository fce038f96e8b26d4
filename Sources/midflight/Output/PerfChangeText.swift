import Profiles
import Reconciler
import Reloader

/// What a save changed in the times of functions, for people.
struct PerfChangeText {
    /// How it is painted.
    var style: Style

    /// Functions that the table names; the others that changed are counted.
    private static let mostRows = 15

    /// The table, and below it how it was made.
    func text(_ outcome: PerfSaveRun.Outcome, _ change: ProfileChange, _ request: PerfRun.Request) -> String {
        var text = heading(outcome, change, request)
        let (rows, alike) = ChangedFunction.rows(of: change)
        if rows.isEmpty {
            text += "  \(style.arrow) no function takes more or less time than chance explains\n"
        } else {
            text += style.paint("     self              total\n", .dim)
            text += style.paint("  before    after   before    after          function\n", .dim)
            text += rows.prefix(Self.mostRows).map { line($0, change) }.joined()
            let more = rows.count - Self.mostRows
            if more > 0 { text += "\(Self.count(more, "more function")) changed, by less than these\n" }
        }
        text += "percent of one thread's time \(style.separator) "
        text += alike == 1 ? "1 other function is as before\n" : "\(alike) other functions are as before\n"
        return text + notes(outcome, change)
    }

    /// What is waited for. `isOwn`: we have attached ourselves.
    func ready(_ pid: Int32, isOwn: Bool) -> String {
        let own =
            isOwn ? "attached to process \(pid) for as long as this runs: no midflight controls it\n" : ""
        return own + "looking at process \(pid); save a file of it, Ctrl-C ends\n"
    }

    /// What was saved, and how long it is looked at; `window` in seconds.
    func saved(_ save: SaveMark, window: Double) -> String {
        "\(style.mark(.done)) \(Self.files([save])) is live, \(Self.count(save.names.count, "definition")) "
            + "\(style.separator) looking for \(Self.seconds(Int64(window * 1e9))) more\n"
    }

    /// Why there is nothing to compare. `seconds`: how long a save was waited for.
    func nothing(_ end: PerfSaveRun.End, _ pid: Int32, seconds: Double?) -> String {
        let why =
            switch end {
            case .nothingSaved:
                "no save changed the code of process \(pid) in \(Self.seconds(Int64((seconds ?? 0) * 1e9)))"
            case .ended: "process \(pid) ended before a save changed its code"
            case .unheard: "midflight let process \(pid) go before a save changed its code"
            case .interrupted, .complete, .nextSave: "ended before a save changed the code of process \(pid)"
            }
        return "\(style.mark(.failed)) \(why)\n"
    }

    /// What stands above a flame graph.
    static func title(_ outcome: PerfSaveRun.Outcome) -> String {
        "midflight perf --save: \(files(outcome.saves)); red takes more time than before, blue less"
    }

    /// The processes, the threads, and how long each side was looked at.
    private func heading(
        _ outcome: PerfSaveRun.Outcome, _ change: ProfileChange, _ request: PerfRun.Request
    ) -> String {
        let who = PerfText.who(outcome.processes, style)
        let what = PerfText.what(request.choice)
        let (before, after) = (
            Self.seconds(change.before.nanoseconds), Self.seconds(change.after.nanoseconds)
        )
        return "\(who) \(style.separator) \(what) \(style.separator) \(before) before and \(after) after "
            + "\(Self.files(outcome.saves)) was saved\n"
    }

    /// Percents of one thread's time: own before and after, total before and after.
    private func line(_ row: ChangedFunction, _ change: ProfileChange) -> String {
        func percent(_ pair: ProfileChange.Pair) -> String {
            Percent.text(change.share(pair.before, of: change.before), width: 6) + " "
                + Percent.text(change.share(pair.after, of: change.after), width: 6)
        }
        let paint: Style.Paint = row.kind == .slower || row.kind == .new ? .bad : .good
        let word = row.kind.rawValue + String(repeating: " ", count: 6 - row.kind.rawValue.count)
        let place = "\(row.frame.file.sanitized):\(row.frame.line)"
        return "\(percent(row.own)) \(percent(row.total))  \(style.paint(word, paint))  "
            + "\(style.paint(row.frame.name.sanitized, .bold))  \(style.paint(place, .dim))\n"
    }

    /// What makes the comparison weaker than it looks.
    private func notes(_ outcome: PerfSaveRun.Outcome, _ change: ProfileChange) -> String {
        var text = ""
        if outcome.end == .nextSave {
            text += "\(style.mark(.warning)) another save ended the time after this one\n"
        }
        if outcome.end == .ended {
            text += "\(style.mark(.warning)) the process ended in the time after the save\n"
        }
        let samples = change.before.profile.total + change.after.profile.total
        return text + PerfText.dropped(outcome.counts, samples: samples, style)
    }

    /// Three at most, each once.
    private static func files(_ saves: [SaveMark]) -> String {
        var files: [String] = []
        for file in saves.flatMap(\.files) where !files.contains(file) { files.append(file) }
        let shown = files.prefix(3).map(\.sanitized).joined(separator: ", ")
        return files.count > 3 ? "\(shown) and \(files.count - 3) more" : shown
    }

    /// `1 definition`, `2 definitions`.
    private static func count(_ number: Int, _ word: String) -> String {
        number == 1 ? "1 \(word)" : "\(number) \(word)s"
    }

    /// With one decimal.
    private static func seconds(_ nanoseconds: Int64) -> String {
        let tenths = (nanoseconds + 50_000_000) / 100_000_000
        return "\(tenths / 10).\(tenths % 10) s"
    }
}
