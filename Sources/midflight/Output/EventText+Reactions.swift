import Reconciler

extension EventText {
    /// What a service's configuration asked for.
    func reactionLines(_ event: SessionEvent) -> String {
        switch event {
        case .command(let report): commandLines(report)
        case .signalled(let signal, let pids, let occasion):
            line(
                .event,
                "\(occasion.rawValue): SIG\(signal.name) to \(pids.isEmpty ? "nobody" : self.pids(pids))")
        case .ended(.ended(let pid, let status)):
            line(.event, "pid \(pid) ended (\(status)); it is launched again")
        case .ended(.failed(let number)):
            line(.failed, "cannot be launched: \(SystemError(number)); it is tried again")
        case .attached, .ready, .joined, .burst, .change, .notice, .overflow, .failed, .refused, .lost, .left,
            .unattached, .waiting, .back, .otherFiles, .staleMount, .detached, .reconfigured, .paused,
            .resumed:
            ""
        }
    }

    /// One line with the time of day and the service in front.
    private func line(_ mark: Style.Mark, _ text: String) -> String {
        "\(clock)\(style.mark(mark)) \(place)\(text.sanitized)\n"
    }

    /// What the command wrote stands below, each line behind a bar.
    private func commandLines(_ report: CommandReport) -> String {
        let what = "\(report.occasion.rawValue): \(report.words.joined(separator: " "))"
        let output = report.output.split(separator: "\n").map { "  | \(String($0).sanitized)\n" }.joined()
        return line(
            report.isSuccess ? .done : .failed,
            "\(what)  \(report.end.words) (\(milliseconds(report.duration)) ms)")
            + output
    }
}

extension CommandReport.End {
    /// Continues a sentence about the command.
    var words: String {
        switch self {
        case .exited(0): "ok"
        case .exited(let status): "ended with status \(status)"
        case .signaled(let number): "was ended by signal \(number)"
        case .timedOut: "was ended because its time was over (hook_timeout)"
        case .failed(let message): "could not be run: \(message)"
        }
    }
}
