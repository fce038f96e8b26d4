import Glibc
import Reconciler

/// Where events go: lines for people on standard error, or JSON on standard output.
final class EventRenderer {
    private let isJSON: Bool
    private let isQuiet: Bool
    private let text: EventText
    private var summary = RunSummary()

    init(output: OutputOptions) {
        isJSON = output.json
        isQuiet = output.quiet
        text = EventText(style: output.color.style(for: STDERR_FILENO), isVerbose: output.verbose)
    }

    func show(_ event: SessionEvent) {
        summary.count(event)
        if isJSON, !Terminal.standardOutput(EventJSON.line(event, at: Timestamp.universal())) {
            Signals.endSelf()
        }
        // A refusal is also for the person who reads the terminal of a program that reads the events.
        if !isJSON || event.isRefusal, !isQuiet || event.isComplaint {
            Terminal.standardError(text.lines(event))
        }
    }

    func finish() {
        if isJSON { Terminal.standardOutput(summary.line(at: Timestamp.universal())) }
    }
}

extension SessionEvent {
    var isRefusal: Bool { if case .refused = self { true } else { false } }

    /// Worth a line even when nothing else is.
    var isComplaint: Bool {
        switch self {
        case .rejected, .failed, .refused, .lost, .notice: true
        case .reload(let report): !report.patch.kept.isEmpty
        case .attached, .ready, .change, .overflow, .detached, .paused, .resumed: false
        }
    }
}

/// What a run did, for its last event.
struct RunSummary {
    private var reloads = 0
    private var rejected = 0
    private var kept = 0
    private var totals: [Int64] = []

    mutating func count(_ event: SessionEvent) {
        switch event {
        case .reload(let report):
            reloads += report.patch.applied.isEmpty ? 0 : 1
            kept += report.patch.kept.count
            totals.append(report.timing.total)
        case .rejected: rejected += 1
        case .attached, .ready, .change, .notice, .overflow, .failed, .refused, .lost, .detached, .paused,
            .resumed:
            break
        }
    }

    func line(at time: String) -> String {
        let sorted = totals.sorted()
        func percentile(_ part: Double) -> JSON {
            sorted.isEmpty
                ? .null
                : EventJSON.milliseconds(sorted[min(sorted.count - 1, Int(Double(sorted.count) * part))])
        }
        var members: [(String, JSON)] = [
            ("v", .integer(1)), ("t", .string(time)), ("event", .string("summary")),
            (
                "counts",
                .object([
                    ("reloads", .integer(reloads)), ("rejected", .integer(rejected)),
                    ("kept", .integer(kept)),
                ])
            ),
        ]
        if !sorted.isEmpty {
            members.append(("ms", .object([("p50", percentile(0.5)), ("p95", percentile(0.95))])))
        }
        return JSON.object(members).line + "\n"
    }
}
