import Glibc
import Reconciler
import Reloader

/// What `calls` says, in one of the formats.
struct CallsView {
    /// What a watch comes to at its end.
    struct Summary {
        /// Why it ended, as the `watch_ended` event names it.
        var end: String
        /// Calls, or periods of statistics.
        var shown: Int
        /// The last answer of each process; its counters count from the start of the watch.
        var counts: [DrainAnswer]
        /// Those that were watched to the end.
        var processes: Int
        /// Every function has its own code again; false where that waits for its next call.
        var isRestored: Bool
        /// Those that were watched.
        var functions: [String]
        /// How long they were.
        var seconds: Double
    }

    /// In which format.
    var form: OutputFormat
    /// What is watched.
    var watch: CallWatch
    /// The process that was named.
    var pid: Int32
    /// Whether text has colours.
    var color: ColorOptions
    /// Whether each call says its process, because there are several.
    var namesProcess = false

    /// Of standard output, where calls are told.
    private var style: Style { color.style(for: STDOUT_FILENO) }

    /// Tells that calls are seen from now on.
    func started(_ functions: [String], _ failed: [Unwatched], processes: Int) {
        switch form {
        case .text:
            say(CallText(style: style, namesProcess: processes > 1).started(functions, failed))
        case .flight: say(FlightCallText(style: style).started(watch.function))
        case .json:
            event(
                "watch_started",
                [
                    ("functions", .array(functions.map { .string($0) })), ("processes", .integer(processes)),
                    (
                        "failed",
                        .array(
                            failed.map { one in
                                .object([("name", .string(one.name)), ("reason", .string(one.reason))])
                            })
                    ),
                ])
        }
    }

    /// Tells of one call. `save`: how often a save had ended the watch of its process before, so that it was begun
    /// again.
    func call(_ call: CallRecord, pid: Int32, save: Int) {
        if let facts = watch.trace { return trace(call, facts, pid: pid, save: save) }
        switch form {
        case .text: say(CallText(style: style, namesProcess: namesProcess).call(call, pid: pid))
        case .flight: say(FlightCallText(style: style).call(call, filter: watch.filter))
        case .json:
            event(call.isPoint ? "line" : "call", CallJSON.members(call) + counted(save), pid: pid)
        }
    }

    /// Tells what the calls of one function came to.
    func statistics(_ row: CallStatistics.Row) {
        if form == .json { return event("stats", CallJSON.statistics(row), pid: row.pid) }
        say(CallText(style: style, namesProcess: namesProcess).statistics(row, at: Timestamp.local()))
    }

    /// Which code ran: that of the first, second, … save. Both names mean the same.
    private func counted(_ save: Int) -> [(String, JSON)] {
        [("save", .integer(save)), ("patch", .integer(save))]
    }

    /// A call without a trace (a failed filter, a call that was cut) is told as a plain call.
    private func trace(_ call: CallRecord, _ facts: TraceFacts, pid: Int32, save: Int) {
        switch form {
        case .json:
            event("trace", CallJSON.trace(call, least: facts.least) + counted(save), pid: pid)
        case .text:
            guard let trace = call.trace else {
                return say(CallText(style: style, namesProcess: namesProcess).call(call, pid: pid))
            }
            let text = TraceText(style: style, namesProcess: namesProcess, least: facts.least)
            say(text.text(call, trace, pid: pid))
        case .flight:
            guard let trace = call.trace else {
                return say(FlightCallText(style: style).call(call, filter: watch.filter))
            }
            say(FlightTraceText(style: style, least: facts.least).text(call, trace))
        }
    }

    /// Tells what it came to.
    func ended(_ summary: Summary) {
        let calls = summary.counts.map(\.counted).reduce(0, +)
        let dropped = summary.counts.map(\.dropped).reduce(0, +)
        let unwatched = summary.counts.map(\.unwatched).reduce(0, +)
        let hooks = summary.counts.map(\.hookTime).reduce(0, +)
        switch form {
        case .flight: break
        case .json:
            event(
                "watch_ended",
                [
                    ("reason", .string(summary.end)), ("shown", .integer(summary.shown)),
                    ("calls", .integer(calls)), ("dropped", .integer(dropped)),
                    ("unwatched", .integer(unwatched)), ("hook_ns", .integer(hooks)),
                    ("restored", .bool(summary.isRestored)),
                ])
        case .text:
            var parts = ["\(summary.shown) shown", "\(calls) \(calls == 1 ? "call" : "calls")"]
            if calls == 0 {
                let names = summary.functions.joined(separator: ", ").sanitized
                let verb = summary.functions.count == 1 ? "the function is live" : "the functions are live"
                parts = ["no call in \(CallText.seconds(summary.seconds)); \(verb): \(names)"]
            } else if dropped == 0, unwatched == 0, watch.trace == nil {
                parts.append("every call was seen")
            }
            if dropped > 0 { parts.append("\(dropped) results found no room") }
            if unwatched > 0 { parts.append("over the budget: \(unwatched) times not watched for a while") }
            parts.append("\(CallText.milliseconds(Double(hooks) / 1e6)) ms in hooks")
            if summary.processes == 0 {
                parts.append("the process has gone")
            } else if summary.isRestored {
                let places = summary.processes > 1 ? " in \(summary.processes) processes" : ""
                parts.append("the first code is back\(places)")
            } else {
                parts.append("the first code comes back at the next call")
            }
            say(parts.joined(separator: " \(style.separator) ") + "\n")
        }
    }

    /// Nothing is watched.
    func refused(_ refusal: WatchRefusal) {
        if form == .json {
            return event("watch_refused", CallWire.members(.refused(refusal)))
        }
        say(text(refusal) + "\n")
    }

    /// PyFlightProfiler's sentences, word for word where it has one.
    private func text(_ refusal: WatchRefusal) -> String {
        switch refusal {
        case .noModule(let name):
            return "Error in locating module named \(name.sanitized). Type: <class 'ModuleNotFoundError'>, "
                + "details: No module named '\(name.sanitized)'!"
        case .noFunction(let function, let module):
            if let nested = function.nested {
                return "No method named \(nested.sanitized) is found in method \(function.method.sanitized)!"
            }
            let place = function.className.map { "class \($0)" } ?? "module \(module)"
            return "No method named \(function.method.sanitized) is found in \(place.sanitized)!"
        case .noFile(let name): return "Error: no loaded module has the file \(name.sanitized)."
        case .tooMany(let count):
            return "Error: \(count) functions fit; at most 50 are watched at a time."
        case .expression(let text, let reason, let message):
            return "Error: \(reason): \(text.sanitized): \(message.sanitized)."
        case .functions(let failed):
            return failed.map { one in
                let why =
                    one.reason == "drifted"
                    ? "the process does not run what its file says: save it first, or attach with --sync"
                    : one.reason
                return "Error: \(one.name.sanitized) cannot be watched: \(why.sanitized)."
            }.joined(separator: "\n")
        }
    }

    /// The status to end with.
    func failed(_ failure: CallSource.Failure) -> ExitStatus {
        switch failure {
        case .session(let error):
            if form == .json { say(EventJSON.lines(.refused(error), at: Timestamp.universal())) }
            let text = EventText(style: color.style(for: STDERR_FILENO), isVerbose: false)
            Terminal.standardError(text.lines(.refused(error)))
            return ExitStatus(error)
        case .control(let refusal):
            if form == .json { say(EventJSON.line(refusal, pid: pid, at: Timestamp.universal())) }
            let mark = color.style(for: STDERR_FILENO).mark(.failed)
            Terminal.standardError("\(mark) \(refusal.message.sanitized)\n")
            return refusal.status
        }
    }

    /// One process of several is left out, or has gone.
    func skipped(_ pid: Int32, _ failure: CallSource.Failure) {
        let message: String
        switch failure {
        case .session(let error): message = error.message
        case .control(let refusal): message = refusal.message
        }
        let mark = color.style(for: STDERR_FILENO).mark(.warning)
        Terminal.standardError("\(mark) process \(pid) is not watched: \(message.sanitized)\n")
    }

    /// Whether the reader has left is not looked at: a run ends by its limit, its time or a signal.
    private func say(_ text: String) { Terminal.standardOutput(text) }

    /// `pid`: nil for the process that was named.
    private func event(_ name: String, _ members: [(String, JSON)], pid: Int32? = nil) {
        let head: [(String, JSON)] = [
            ("v", .integer(1)), ("t", .string(Timestamp.universal())), ("event", .string(name)),
            ("watch", .integer(watch.identifier)), ("pid", .integer(Int(pid ?? self.pid))),
        ]
        say(JSON.object(head + members).line + "\n")
    }
}
