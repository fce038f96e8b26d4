import Glibc
import Reconciler

/// Where events go: lines for people on standard error, or JSON on standard output.
final class EventRenderer {
    /// Events go to standard output, and only refusals to standard error too.
    private let isJSON: Bool
    /// Only complaints are told to people.
    private let isQuiet: Bool
    /// Asked once: the stream does not change while we run.
    private let isJournal = Journal.isBehind(STDERR_FILENO)
    /// Without a service; each event gets a copy with its own.
    private let text: EventText
    /// nil unless one was asked for. It gets all events, whatever `--quiet` says.
    private let log: LogFile?
    /// nil where no line can stay at the end of the terminal.
    private var status: StatusLine?
    /// Written at the end, for programs only.
    private var summary = RunSummary()

    /// `isAlone`: nobody else writes to the terminal, so that a line may stay at its end. Ends with status 2 if the
    /// log file cannot be written.
    init(output: OutputOptions, isAlone: Bool = true) throws {
        isJSON = output.json
        isQuiet = output.quiet
        let style = output.color.style(for: STDERR_FILENO)
        text = EventText(style: style, isVerbose: output.verbose, tracesTiming: output.traceTiming)
        log = try output.log()
        let hasStatus = isAlone && !output.json && !output.quiet && Terminal.isInteractive
        status = hasStatus ? StatusLine(style: Style(isColored: false, isUnicode: style.isUnicode)) : nil
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
            text.hasClock = !isJournal
            let lines = text.lines(event)
            Terminal.standardError(isJournal ? Journal.lines(lines, event.priority) : lines)
        }
        append(event, service)
        status?.note(event, of: service)
        drawStatus()
    }

    /// Without colours and with date and time. A failure is told once, until a line can be written again.
    private func append(_ event: SessionEvent, _ service: String?) {
        guard let log else { return }
        var text = text
        text.style = Style(isColored: false, isUnicode: true)
        text.service = service
        text.hasClock = false
        let lines = text.lines(event)
        guard !lines.isEmpty, !log.append("\(Timestamp.universal()) \(lines)") else { return }
        Terminal.standardError("the log file cannot be written: \(SystemError(errno))\n")
    }

    /// The services of the configuration that is in force now.
    func keep(only names: Set<String>) {
        status?.keep(only: names)
        drawStatus()
    }

    /// As wide as the terminal is now.
    private func drawStatus() {
        if let status { Terminal.setStatus(status.text(columns: Terminal.columns)) }
    }

    /// Nothing stays on the terminal.
    func end() { Terminal.endStatus() }

    /// Call once, after the last event.
    func finish() {
        end()
        if isJSON { Terminal.standardOutput(summary.line(at: Timestamp.universal())) }
    }
}

extension SessionEvent {
    /// The session could not be started.
    var isRefusal: Bool { if case .refused = self { true } else { false } }

    /// Worth a line even when nothing else is.
    var isComplaint: Bool {
        switch self {
        case .failed, .refused, .unattached, .lost, .notice, .ended, .staleMount: true
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
