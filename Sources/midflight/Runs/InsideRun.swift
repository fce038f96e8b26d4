import Glibc
import Reconciler
import Reloader

/// One look into a process by the agent, and into the Python processes below it.
struct InsideRun<Answer> {
    /// The process.
    var pid: Int32
    /// Whether a refusal is an event too.
    var isJSON: Bool
    /// Whether text has colours.
    var color: ColorOptions
    /// Asks one process.
    var ask: (CallSource) throws(CallSource.Failure) -> Answer

    /// Reading takes milliseconds once the agent has the GIL.
    private static var grace: Signals.Grace {
        Signals.Grace(
            milliseconds: 250, status: .interrupted,
            farewell: "interrupted before the process answered; it goes on\n")
    }

    /// The chosen process must be had; one below it that cannot be had is named.
    func answers(workers: Workers) throws -> [(pid: Int32, answer: Answer)] {
        Signals.forward(grace: Self.grace) { _ in }  // too short to be stopped or paused
        var found: [(pid: Int32, answer: Answer)] = []
        let first: CallSource
        do throws(CallSource.Failure) {
            first = try CallSource(pid: pid, beside: [])
            found.append((pid, try ask(first)))
        } catch {
            throw failed(error)
        }
        guard let depth = workers.depth else { return found }
        for relative in ProcessFamily().pythons(below: pid, depth: depth) {
            do throws(CallSource.Failure) {
                found.append((relative.pid, try ask(try CallSource(pid: relative.pid, beside: [first]))))
            } catch {
                skipped(relative.pid, error)
            }
        }
        return found
    }

    /// Says why the chosen process cannot be read, and gives the status to end with.
    private func failed(_ failure: CallSource.Failure) -> ExitStatus {
        let style = color.style(for: STDERR_FILENO)
        switch failure {
        case .session(let error):
            if isJSON {
                Terminal.standardOutput(EventJSON.lines(.refused(error), at: Timestamp.universal()))
            }
            Terminal.standardError(EventText(style: style, isVerbose: false).lines(.refused(error)))
            return ExitStatus(error)
        case .control(let refusal):
            if isJSON {
                Terminal.standardOutput(EventJSON.line(refusal, pid: pid, at: Timestamp.universal()))
            }
            Terminal.standardError("\(style.mark(.failed)) \(refusal.message.sanitized)\n")
            return refusal.status
        }
    }

    /// Names a process below the chosen one that is left out, unless it has only ended.
    private func skipped(_ pid: Int32, _ failure: CallSource.Failure) {
        let message: String
        switch failure {
        case .session(let error):
            guard error.isWorthTelling else { return }
            message = error.message
        case .control(let refusal): message = refusal.message
        }
        let mark = color.style(for: STDERR_FILENO).mark(.warning)
        Terminal.standardError("\(mark) process \(pid) is not shown: \(message.sanitized)\n")
    }
}
