import Reconciler
import Reloader
import SystemPackage
import Watcher

/// Events as lines for people.
struct EventText {
    /// How it is painted.
    var style: Style
    /// Whether every definition is named.
    var isVerbose: Bool
    /// Whether a burst is followed by its stages.
    var tracesTiming = false
    /// Its name in watch.yaml; nil where there is none.
    var service: String?
    /// Whether lines begin with the time of day.
    var hasClock = true

    /// The time of day in front of a line; empty where it has none.
    var clock: String { hasClock ? "\(Timestamp.local()) " : "" }
    /// The service in front of a line; empty where there is one only.
    var place: String { service.map { "\(style.paint($0, .bold))  " } ?? "" }

    /// An event in as many lines as it needs; empty if it is not told to people.
    func lines(_ event: SessionEvent) -> String {
        switch event {
        case .attached(let attached): attachedLines(attached)
        case .ready: "\(place)save a file to patch it \(style.separator) Ctrl-C ends\n"
        case .joined(let attached):
            "\(clock)\(style.mark(.event)) \(place)process \(attached.pid) joined"
                + (attached.parent.map { ", a child of \($0)" } ?? "") + "\n" + driftLines(attached)
        case .burst(let outcome): burstLines(outcome) + (tracesTiming ? TimingText.lines(outcome) : "")
        case .change(let files, let reason, let message):
            head(.nothing, files) + "\(message.sentence)  [\(reason.rawValue)]\n"
        case .notice(let notice):
            "\(clock)" + notice.lines(style: style)
        case .overflow(let files):
            "\(clock)\(style.mark(.warning)) the kernel dropped file events; \(files) changed files were found by looking\n"
        case .failed(let error):
            "\(clock)\(problem(error.id, error.message, error.actions))  the save is tried again with the next one\n"
        case .refused(let error): problem(error.id, error.message, Diagnosis.advice(on: error))
        case .unattached(let error): problem(error.id, error.message, error.actions)
        case .waiting(let selector):
            "\(clock)\(style.mark(.event)) \(place)waiting for \(selector.sanitized)\n"
        case .back(let pid, _): "\(clock)\(style.mark(.done)) \(place)back as pid \(pid)\n"
        case .otherFiles(let files): head(.nothing, files.map(\.string)) + "changed\n"
        case .left(let error, let remaining):
            "\(clock)\(style.mark(.event)) \(place)\(error.message); \(count(remaining, "process", "processes")) left\n"
        case .lost(let error): "\(clock)\(style.mark(.event)) \(place)\(error.message)\n"
        case .command, .signalled, .ended: reactionLines(event)
        case .staleMount(let file, let mounted):
            "\(clock)\(style.mark(.warning)) \(place)\(StaleMount(file: file, mounted: mounted).message.sentence)\n"
                + "  \(style.arrow) \(StaleMount.action)\n"
        case .detached: "\(place)detached; the process goes on with the code it has\n"
        case .reconfigured(let file):
            "\(clock)\(style.mark(.event)) \(place)\(file.sanitized) is in force\n"
        case .paused:
            "\(clock)\(style.mark(.event)) \(place)paused: saves are held back until the next SIGUSR1\n"
        case .resumed: "\(clock)\(style.mark(.event)) \(place)resumed\n"
        }
    }

    /// The chosen process stands for all; the counts are those of the process with most files.
    private func attachedLines(_ members: [SessionEvent.Attached]) -> String {
        guard let attached = members.first else { return "" }
        // The chosen process may only keep its workers running, and load nothing itself.
        let fullest = members.max { $0.files < $1.files } ?? attached
        let workers = members.count > 1 ? " + \(count(members.count - 1, "worker"))" : ""
        let dot = " \(style.separator) "
        let facts = [
            "Python \(attached.python)", count(fullest.modules, "module"),
            "\(fullest.equal) of \(count(fullest.files, "file")) equal\(fullest.files == 1 ? "s" : "") the running code",
        ]
        let head =
            "\(place)attached \(attached.pid)  \(style.paint(attached.program.sanitized, .bold))\(workers)\(dot)\(facts.joined(separator: dot))\n"
        let left = fullest.leftOut > 0 ? " (\(count(fullest.leftOut, "library module")) left out)" : ""
        let watching = attached.roots.map(\.sanitized).joined(separator: ", ")
        let second =
            "  watching \(watching)\(left)\(dot)\(attached.polls ? "polled" : "inotify")\(dot)up \(ProcessTable.duration(attached.uptime))\n"
        let drift = driftLines(attached) + members.dropFirst().map(driftLines).joined()
        let nothing =
            members.allSatisfy { $0.files == 0 }
            ? "  \(style.mark(.warning)) no module of the process lies there: name the directory of your code\n"
            : ""
        return head + second + drift + comparedLine(attached) + nothing
    }

    /// What equals because it was compared, and not because the file is older than the process.
    private func comparedLine(_ attached: SessionEvent.Attached) -> String {
        guard attached.compared > 0 else { return "" }
        let files =
            "\(count(attached.compared, "file")) \(attached.compared == 1 ? "was" : "were") saved since the start"
        return
            "  \(style.mark(.nothing)) \(files): compared were code, literal values, defaults, imports and bases; "
            + "decorators, computed values and code that a tool has rewritten cannot be\n"
    }

    /// One line for each file that is not what runs; at most six names.
    private func driftLines(_ attached: SessionEvent.Attached) -> String {
        let place = attached.parent == nil ? "" : " (process \(attached.pid))"
        return attached.drifted.map { drift in
            "  \(style.mark(.warning)) \(drift.file.sanitized) on disk is not what runs\(place): "
                + "\((drift.message ?? drift.names.prefix(6).joined(separator: ", ")).sanitized)\n"
        }.joined()
    }

    /// Processes with the same outcome are told together, the largest group first.
    private func burstLines(_ outcome: BurstOutcome) -> String {
        var groups: [[BurstReport]] = []
        // A process that forked after the save, or imported it, has it already.
        let idle = outcome.reports.filter { $0.patch.isNothing }
        for report in idle.count == outcome.reports.count
            ? idle : outcome.reports.filter({ !$0.patch.isNothing })
        {
            if let index = groups.firstIndex(where: { $0[0].patch.isLike(report.patch) }) {
                groups[index].append(report)
            } else {
                groups.append([report])
            }
        }
        let sorted = groups.enumerated().sorted {
            ($1.element.count, $0.offset) < ($0.element.count, $1.offset)
        }
        var lines =
            outcome.isUndo && !groups.isEmpty
            ? "\(clock)\(style.mark(.event)) \(place)taking earlier patches back:\n" : ""
        for (index, group) in sorted.map(\.element).enumerated() {
            if index > 0 {
                lines += "  \(style.mark(.warning)) \(pids(group.map(\.pid))):\n"
            }
            let others = index == 0 && group.count + idle.count <= outcome.processes ? idle.count : 0
            let reach = outcome.processes > 1 ? Reach(outcome, group, others) : nil
            lines +=
                group[0].patch.rejected.isEmpty
                ? reloadLines(group[0], reach) : rejectedLines(group[0], reach)
        }
        for error in outcome.failures {
            lines +=
                "\(clock)\(problem(error.id, error.message, error.actions))  the save is tried again with the next one\n"
        }
        return lines
    }

    /// "process 4121", or several.
    func pids(_ pids: [Int32]) -> String {
        "process\(pids.count == 1 ? "" : "es") \(pids.map(String.init).joined(separator: ", "))"
    }

    /// How many processes a burst concerns, how many these lines speak of, and how far apart they were.
    private struct Reach {
        /// As `2/3 processes`.
        var part: String
        /// Nanoseconds; the longest of these processes.
        var pause: Int
        /// Nanoseconds between the first answer and the last one.
        var skew: Int64

        /// `others`: processes that needed nothing.
        init(_ outcome: BurstOutcome, _ group: [BurstReport], _ others: Int) {
            part = "\(group.count + others)/\(outcome.processes) processes"
            pause = group.map(\.patch.pause).max() ?? 0
            skew = outcome.skew
        }
    }

    /// `reach`: nil where only one process is concerned.
    private func reloadLines(_ report: BurstReport, _ reach: Reach?) -> String {
        let pause = milliseconds(Int64(reach?.pause ?? report.patch.pause))
        let part = reach.map { "\($0.part) \(style.separator) " } ?? ""
        let skew = reach.map { ", skew \(milliseconds($0.skew)) ms" } ?? ""
        let times = "\(style.arrow) \(part)\(milliseconds(report.timing.total)) ms (pause \(pause) ms\(skew))"
        var lines: String
        if report.patch.kept.isEmpty {
            lines = head(.done, report.patch.files) + "\(names(report.patch.applied))  \(times)\n"
        } else {
            lines =
                head(.warning, report.patch.files)
                + "\(report.patch.applied.count) applied, \(report.patch.kept.count) kept (they cannot go in without a restart)"
                + (report.patch.applied.isEmpty ? "\n" : "  \(times)\n")
            for change in report.patch.applied {
                lines += "  \(style.mark(.done)) \(change.name.sanitized)\n"
            }
            for change in report.patch.kept {
                lines +=
                    "  \(style.mark(.warning)) \(change.name.sanitized) (\(change.file.sanitized):\(change.line))  "
                    + "\(change.reason.rawValue): \(change.message.sentence) \(style.arrow) \(change.action)\n"
            }
        }
        if isVerbose { lines += details(report) }
        for note in report.patch.notes {
            let subject = note.name.isEmpty ? "" : "\(note.name.sanitized) "
            lines +=
                "  \(style.mark(.warning)) \(subject)\(note.reason.rawValue): \(note.reason.isCounted ? "\(note.count) " : "")\(note.message.sentence)\n"
        }
        return lines
    }

    /// Where each definition is, what changed of it, and where the time went.
    private func details(_ report: BurstReport) -> String {
        let dot = " \(style.separator) "
        let definitions = report.patch.applied.map { change in
            "  \(style.mark(.done)) \(change.file.sanitized):\(max(1, change.line))  \(change.name.sanitized)"
                + "\(dot)\(change.kind.rawValue)\(dot)\(change.change.rawValue)\n"
        }
        let attach =
            report.timing.attach > 0 ? "attach \(milliseconds(report.timing.attach))" : "agent still there"
        let times = [
            attach, "compile \(milliseconds(report.timing.compile))",
            "total \(milliseconds(report.timing.total)) ms",
        ]
        return definitions.joined() + "  \(times.joined(separator: dot))\n"
    }

    /// The reasons, then the files that wait with the rejected ones.
    private func rejectedLines(_ report: BurstReport, _ reach: Reach?) -> String {
        var lines = report.patch.rejected.map(rejectionLines).joined()
        let others = report.patch.files.filter { file in !report.patch.rejected.contains { $0.file == file } }
        if !others.isEmpty { lines += "  with it wait: \(others.map(\.sanitized).joined(separator: ", "))\n" }
        let part = reach.map { " (\($0.part))" } ?? ""
        // A decorator or an import that failed has been run: what it did to the program is not taken back.
        let what = report.patch.isKeptByChange ? "nothing went in" : "nothing was changed"
        return lines + "  \(what)\(part); \(report.patch.rejected.first?.action ?? "")\n"
    }

    /// The place, the message, and the line of source if it is known.
    private func rejectionLines(_ rejected: PatchReport.Rejected) -> String {
        let position = [rejected.line, rejected.column].prefix { $0 > 0 }.map { ":\($0)" }.joined()
        let head =
            "\(clock)\(style.mark(.failed)) \(place)\(rejected.file.sanitized)\(position)  "
        return head + "\(rejected.message.sentence)  [\(rejected.reason.rawValue)]\n" + excerpt(rejected)
    }

    /// The line of source with a caret under the column.
    private func excerpt(_ rejected: PatchReport.Rejected) -> String {
        guard !rejected.text.isEmpty, rejected.line > 0 else { return "" }
        let text = rejected.text.replacing("\t", with: " ")
        let number = "   \(rejected.line) | "
        let caret =
            rejected.column == 0
            ? ""
            : String(repeating: " ", count: number.count - 2) + "| "
                + String(repeating: " ", count: min(rejected.column - 1, text.count)) + style.paint("^", .bad)
                + "\n"
        return "\(number)\(text.sanitized)\n" + caret
    }

    /// With the reason's id, and a line for each thing that mends it.
    private func problem(_ id: String, _ message: String, _ actions: [String]) -> String {
        "\(style.mark(.failed)) \(place)\(message.sentence)  [\(id)]\n"
            + actions.map { "  \(style.arrow) \($0.sanitized)\n" }.joined()
    }

    /// Names three files at most.
    private func head(_ mark: Style.Mark, _ files: [String]) -> String {
        let shown = files.prefix(3).map(\.sanitized).joined(separator: ", ")
        let more = files.count > 3 ? " and \(files.count - 3) more" : ""
        return "\(clock)\(style.mark(mark)) \(place)\(style.paint(shown + more, .bold))  "
    }

    /// Names five definitions at most.
    private func names(_ changes: [PatchReport.Applied]) -> String {
        let shown = changes.prefix(5).map { $0.name.sanitized }.joined(separator: ", ")
        return changes.count > 5 ? "\(shown) and \(changes.count - 5) more" : shown
    }

    /// "1 file", "2 files".
    func count(_ number: Int, _ noun: String, _ plural: String? = nil) -> String {
        "\(number) \(number == 1 ? noun : plural ?? noun + "s")"
    }

    /// One decimal below 10, none above.
    func milliseconds(_ nanoseconds: Int64) -> String {
        let tenths = (nanoseconds + 50_000) / 100_000
        return tenths < 100 ? "\(tenths / 10).\(tenths % 10)" : "\((tenths + 5) / 10)"
    }
}
