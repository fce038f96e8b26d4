import Glibc
import Reconciler
import Reloader

/// One look at the calls of a process with their variables, and of the Python processes below it, through the agent.
struct LocalsRun {
    /// The process.
    var pid: Int32
    /// In which format.
    var form: OutputFormat
    /// Whether text has colours.
    var color: ColorOptions
    /// How values are shown.
    var facts: LocalsFacts

    /// The chosen process must be had; one below it that cannot be had is named. `isRead`: whether any was read.
    func result(workers: Workers) throws -> (text: String, isRead: Bool) {
        let facts = facts
        let run = InsideRun(pid: pid, isJSON: form == .json, color: color) {
            (source) throws(CallSource.Failure) in try source.locals(facts)
        }
        let found = try run.answers(workers: workers)
        let texts = found.map { text($0.answer, pid: $0.pid) }
        return (
            texts.joined(separator: form == .json ? "" : "\n"),
            found.contains { !$0.answer.isAudited }
        )
    }

    /// One process in the wanted form; PyFlightProfiler has none of its own.
    private func text(_ stacks: LocalStacks, pid: Int32) -> String {
        switch form {
        case .text, .flight: LocalsText(style: color.style(for: STDOUT_FILENO)).text(stacks, pid: pid)
        case .json: EventJSON.line("locals", LocalsWire.members(stacks), pid: pid)
        }
    }
}
