import ArgumentParser
import Glibc
import Reconciler

/// Asks the midflight that controls a process, and says what came of it.
enum Control {
    /// Longer than one burst in a busy process takes.
    static let patience: Int64 = 15_000

    static func ask(
        _ pid: Int32, _ action: ControlRequest.Action, timeout: Int64 = patience, _ color: ColorOptions
    )
        throws -> JSON
    {
        do throws(ControlClient.Failure) {
            let client = try ControlClient(pid: pid)
            return try client.ask(ControlRequest(pid: pid, action: action), timeout: timeout)
        } catch {
            let style = color.style(for: STDERR_FILENO)
            Terminal.standardError("\(style.mark(.failed)) \(error.message(pid: pid))\n")
            switch error {
            case .notControlled:
                Terminal.standardError("  \(style.arrow) begin with: midflight attach \(pid)\n")
            case .noSuchProcess, .unreachable, .tooSlow: break
            }
            throw error.status
        }
    }

    static func check(pid: Int32) throws {
        guard pid > 0 else { throw ValidationError("A pid is a positive number.") }
    }
}

/// `midflight pause`
struct PauseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pause", abstract: "Hold the saves of a controlled process back.",
        discussion: "What is saved meanwhile goes in with midflight resume.")

    @Argument(help: "A process that attach or watch controls.") var pid: Int32
    @OptionGroup var color: ColorOptions

    func validate() throws { try Control.check(pid: pid) }
    func run() throws { _ = try Control.ask(pid, .pause, color) }
}

/// `midflight resume`
struct ResumeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume", abstract: "Apply what was saved since midflight pause, and go on.")

    @Argument(help: "A process that attach or watch controls.") var pid: Int32
    @OptionGroup var color: ColorOptions

    func validate() throws { try Control.check(pid: pid) }
    func run() throws { _ = try Control.ask(pid, .resume, color) }
}

/// `midflight detach`
struct DetachCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "detach", abstract: "Leave a controlled process; it goes on with the code it has.")

    @Argument(help: "A process that attach or watch controls.") var pid: Int32
    @OptionGroup var color: ColorOptions

    func validate() throws { try Control.check(pid: pid) }
    func run() throws { _ = try Control.ask(pid, .detach, color) }
}
