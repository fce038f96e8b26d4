import Glibc
import Reconciler
import Reloader

/// One look at the asyncio tasks of a process, and of the Python processes below it, through the agent.
struct TaskRun {
    /// The process.
    var pid: Int32
    /// In which format.
    var form: OutputFormat
    /// Whether text has colours.
    var color: ColorOptions

    /// What is shown, and whether any of the processes has, or may have, an event loop.
    struct Result {
        /// Of all processes, in the order in which they were found.
        var text: String
        /// False ends the command with status 1.
        var hasLoop: Bool
    }

    /// The chosen process must be had; one below it that cannot be had is named.
    func result(workers: Workers) throws -> Result {
        let run = InsideRun(pid: pid, isJSON: form == .json, color: color) {
            (source) throws(CallSource.Failure) in try source.tasks()
        }
        let found = try run.answers(workers: workers)
        let texts = found.map { text($0.answer, pid: $0.pid) }
        return Result(
            text: texts.joined(separator: form == .text ? "\n" : ""),
            hasLoop: found.contains { $0.answer.hasLoop })
    }

    /// One process in the wanted form.
    private func text(_ tasks: TaskStacks, pid: Int32) -> String {
        switch form {
        case .text: TaskText(style: color.style(for: STDOUT_FILENO)).text(tasks, pid: pid)
        case .flight: FlightTaskText.text(tasks)
        case .json: EventJSON.line("tasks", TaskWire.members(tasks), pid: pid)
        }
    }
}
