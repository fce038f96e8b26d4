import Glibc
import Reconciler
import Reloader

/// One look into one process, by ourselves or through the midflight that controls it.
struct LookRun {
    /// The process.
    var pid: Int32
    /// What is asked.
    var look: Look
    /// How it is shown.
    var options: LookOptions

    /// Asks once and shows the answer. Ends with the status that docs/exit-codes.md names.
    func run() throws {
        try finish(
            OneShot.run(
                pid: pid, json: options.json, color: options.color,
                else: OneShot.Delegation(action: .look(look), value: LookWire.answer)
            ) { (connection) throws(SessionError) in try look.run(in: connection) })
    }

    /// A run of the collector.
    func collect() throws {
        try finish(
            OneShot.run(
                pid: pid, json: options.json, color: options.color,
                else: OneShot.Delegation(action: .collect, value: LookWire.answer)
            ) { (connection) throws(SessionError) in try Look.collect(in: connection) })
    }

    /// Prints the answer; one that shows nothing ends with status 1.
    private func finish(_ answer: LookAnswer) throws {
        if options.json {
            let head: [(String, JSON)] = [
                ("v", .integer(1)), ("t", .string(Timestamp.universal())), ("event", "value"),
                ("pid", .integer(Int(pid))), ("expression", .string(look.expression)),
            ]
            Terminal.standardOutput(JSON.object(head + LookWire.members(answer)).line + "\n")
        } else {
            let style = options.color.style(for: STDOUT_FILENO)
            Terminal.standardOutput(LookText(look: look, style: style).text(answer))
        }
        switch answer {
        case .value, .collected: try OneShot.finish(isDone: true)
        case .absent, .failed: try OneShot.finish(isDone: false)
        }
    }
}
