import Glibc
import Reconciler
import Reloader

/// One look at the stacks of a process, and of the Python processes below it.
struct StackRun {
    /// The process.
    var pid: Int32
    /// In which format.
    var form: OutputFormat
    /// Whether text has colours.
    var color: ColorOptions

    /// The chosen process must be had; one below it that cannot be had is named.
    func text(workers: Workers) throws -> String {
        var texts: [String] = []
        do throws(AttachError) { texts.append(try text(of: pid)) } catch { throw failed(error) }
        if let depth = workers.depth {
            for relative in ProcessFamily().pythons(below: pid, depth: depth) {
                do throws(AttachError) { texts.append(try text(of: relative.pid)) } catch {
                    guard SessionError.attach(error).isWorthTelling else { continue }
                    let mark = color.style(for: STDERR_FILENO).mark(.warning)
                    Terminal.standardError("\(mark) \(error.message.sanitized)\n")
                }
            }
        }
        return texts.joined(separator: form == .text ? "\n" : "")
    }

    /// Reads the stacks from outside; the process takes no part in it.
    private func text(of pid: Int32) throws(AttachError) -> String {
        let stacks = try ProcessStacks(pid: pid, image: try LayoutCheck.image(pid: pid))
        return switch form {
        case .text: StackText(style: color.style(for: STDOUT_FILENO)).text(stacks)
        case .json: StackJSON.line(stacks, at: Timestamp.universal())
        case .flight: FlightStackText.text(stacks)
        }
    }

    /// Says why, in both forms if a program reads, and gives the status to end with.
    private func failed(_ error: AttachError) -> ExitStatus {
        let error = SessionError.attach(error)
        if form == .json {
            Terminal.standardOutput(EventJSON.lines(.refused(error), at: Timestamp.universal()))
        }
        let text = EventText(style: color.style(for: STDERR_FILENO), isVerbose: false)
        Terminal.standardError(text.lines(.refused(error)))
        return ExitStatus(error)
    }
}
