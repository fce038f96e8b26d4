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

    /// Reading takes milliseconds once the agent has the GIL.
    private static let grace = Signals.Grace(
        milliseconds: 250, status: .interrupted,
        farewell: "interrupted before the process answered; it goes on\n")

    /// The chosen process must be had; one below it that cannot be had is named.
    func result(workers: Workers) throws -> Result {
        Signals.forward(grace: Self.grace) { _ in }  // too short to be stopped or paused
        var found: [(pid: Int32, tasks: TaskStacks)] = []
        let first: CallSource
        do throws(CallSource.Failure) {
            first = try CallSource(pid: pid, beside: [])
            found.append((pid, try first.tasks()))
        } catch {
            throw failed(error)
        }
        if let depth = workers.depth {
            for relative in ProcessFamily().pythons(below: pid, depth: depth) {
                do throws(CallSource.Failure) {
                    found.append((relative.pid, try CallSource(pid: relative.pid, beside: [first]).tasks()))
                } catch {
                    skipped(relative.pid, error)
                }
            }
        }
        let texts = found.map { text($0.tasks, pid: $0.pid) }
        return Result(
            text: texts.joined(separator: form == .text ? "\n" : ""),
            hasLoop: found.contains { $0.tasks.hasLoop })
    }

    /// One process in the wanted form.
    private func text(_ tasks: TaskStacks, pid: Int32) -> String {
        switch form {
        case .text: return TaskText(style: color.style(for: STDOUT_FILENO)).text(tasks, pid: pid)
        case .flight: return FlightTaskText.text(tasks)
        case .json:
            let head: [(String, JSON)] = [
                ("v", .integer(1)), ("t", .string(Timestamp.universal())), ("event", "tasks"),
                ("pid", .integer(Int(pid))),
            ]
            return JSON.object(head + TaskWire.members(tasks)).line + "\n"
        }
    }

    /// Says why the chosen process cannot be read, and gives the status to end with.
    private func failed(_ failure: CallSource.Failure) -> ExitStatus {
        let style = color.style(for: STDERR_FILENO)
        switch failure {
        case .session(let error):
            if form == .json {
                Terminal.standardOutput(EventJSON.lines(.refused(error), at: Timestamp.universal()))
            }
            Terminal.standardError(EventText(style: style, isVerbose: false).lines(.refused(error)))
            return ExitStatus(error)
        case .control(let message, let status):
            Terminal.standardError("\(style.mark(.failed)) \(message.sanitized)\n")
            return status
        }
    }

    /// Names a process below the chosen one that is left out, unless it has only ended.
    private func skipped(_ pid: Int32, _ failure: CallSource.Failure) {
        let message: String
        switch failure {
        case .session(let error):
            guard error.isWorthTelling else { return }
            message = error.message
        case .control(let text, _): message = text
        }
        let mark = color.style(for: STDERR_FILENO).mark(.warning)
        Terminal.standardError("\(mark) process \(pid) is not shown: \(message.sanitized)\n")
    }
}
