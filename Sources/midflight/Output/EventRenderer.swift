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

    /// `service`: its name in watch.yaml; nil where there is none.
    func show(_ event: SessionEvent, of service: String? = nil) {
        summary.count(event)
        if isJSON, !Terminal.standardOutput(EventJSON.lines(event, of: service, at: Timestamp.universal())) {
            Signals.endSelf()
        }
        // A refusal is also for the person who reads the terminal of a program that reads the events.
        if !isJSON || event.isRefusal, !isQuiet || event.isComplaint {
            var text = text
            text.service = service
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
        case .failed, .refused, .unattached, .lost, .notice, .ended: true
        case .command(let report): !report.isSuccess
        case .burst(let outcome):
            !outcome.failures.isEmpty
                || outcome.reports.contains { !$0.patch.kept.isEmpty || !$0.patch.rejected.isEmpty }
        case .attached, .joined, .ready, .change, .overflow, .left, .waiting, .back, .otherFiles,
            .signalled, .reconfigured, .detached, .paused, .resumed:
            false
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
        case .burst(let outcome):
            // One burst counts once, however many processes it reached.
            guard let report = outcome.reports.first(where: { $0.patch.rejected.isEmpty }) else {
                rejected += outcome.reports.isEmpty ? 0 : 1
                return
            }
            reloads += outcome.reports.contains { !$0.patch.applied.isEmpty } ? 1 : 0
            kept += report.patch.kept.count
            totals.append(outcome.total)
        case .attached, .joined, .ready, .change, .notice, .overflow, .failed, .refused, .unattached, .lost,
            .left, .waiting, .back, .otherFiles, .command, .signalled, .ended, .reconfigured, .detached,
            .paused, .resumed:
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
