import Reconciler

extension EventJSON {
    /// What a service's configuration asked for, and what became of it; nil for other events.
    static func reaction(_ event: SessionEvent) -> (String, [(String, JSON)])? {
        switch event {
        case .command(let report): ("command", members(report))
        case .signalled(let signal, let pids, let occasion):
            (
                "signal",
                [
                    ("occasion", .string(occasion.rawValue)), ("signal", .string(signal.name)),
                    ("pids", .array(pids.map { .integer(Int($0)) })),
                ]
            )
        case .ended(.ended(let pid, let status)):
            ("program_ended", [("pid", .integer(Int(pid))), ("status", .integer(Int(status)))])
        case .ended(.failed(let number)):
            (
                "error",
                problem(
                    "launch", "cannot be launched: \(SystemError(number))",
                    "correct 'run' in watch.yaml, and save it")
            )
        case .staleMount(let file, let mounted):
            (
                "error",
                problem(
                    "stale-mount", StaleMount(file: file, mounted: mounted).message, StaleMount.action)
            )
        case .attached, .ready, .joined, .burst, .change, .notice, .overflow, .failed, .refused, .lost,
            .left, .unattached, .waiting, .back, .otherFiles, .detached, .reconfigured, .paused, .resumed:
            nil
        }
    }

    /// Has a status, a signal or a message, never two of them.
    private static func members(_ report: CommandReport) -> [(String, JSON)] {
        var members: [(String, JSON)] = [
            ("occasion", .string(report.occasion.rawValue)),
            ("command", .array(report.words.map { .string($0) })), ("ok", .bool(report.isSuccess)),
        ]
        switch report.end {
        case .exited(let status): members.append(("status", .integer(Int(status))))
        case .signaled(let number): members.append(("signal", .integer(Int(number))))
        case .timedOut, .failed: members.append(("message", .string(report.end.words)))
        }
        return members + [
            ("output", .string(report.output)), ("ms", .object([("total", milliseconds(report.duration))])),
        ]
    }
}
