import ArgumentParser
import Glibc
import Reconciler
import Reloader

/// Asks the midflight that controls a process, and says what came of it.
enum Control {
    /// Longer than one burst in a busy process takes.
    static let patience: Int64 = 15_000

    /// Milliseconds: `timeout` for the answer, `attaching` for a midflight that still attaches to the process.
    static func ask(
        _ pid: Int32, _ action: ControlRequest.Action, timeout: Int64 = patience, attaching: Int64 = 5000,
        _ color: ColorOptions
    ) throws -> JSON {
        let style = color.style(for: STDERR_FILENO)
        let answer: JSON
        do throws(ControlClient.Failure) {
            let client = try client(pid, within: attaching)
            answer = try client.ask(ControlRequest(pid: pid, action: action), timeout: timeout)
        } catch {
            Terminal.standardError("\(style.mark(.failed)) \(error.message(pid: pid))\n")
            switch error {
            case .notControlled:
                Terminal.standardError("  \(style.arrow) begin with: midflight attach \(pid)\n")
            case .suspended(let holder):
                Terminal.standardError("  \(style.arrow) \(SuspendedHolder.action(holder))\n")
            case .noSuchProcess, .unreachable, .tooSlow: break
            }
            throw error.status
        }
        guard answer["answer"]?.text == "refused" else { return answer }
        Terminal.standardError("\(style.mark(.failed)) \((answer["message"]?.text ?? "").sentence)\n")
        throw ExitStatus.noSuchProcess
    }

    /// A midflight that is still attaching has the process, and takes requests in a moment.
    private static func client(_ pid: Int32, within milliseconds: Int64) throws(ControlClient.Failure)
        -> ControlClient
    {
        let end = ContinuousClock.now + .milliseconds(milliseconds)
        while true {
            do throws(ControlClient.Failure) { return try ControlClient(pid: pid) } catch {
                guard case .unreachable = error, ContinuousClock.now < end else { throw error }
                usleep(20_000)
            }
        }
    }
}

/// The process of a command to the midflight that controls it.
struct ControlledOptions: ParsableArguments {
    @OptionGroup var options: TargetOptions
    @OptionGroup var color: ColorOptions

    /// For requests whose answer says nothing but that it was done.
    func ask(_ action: ControlRequest.Action) throws {
        _ = try Control.ask(try options.target.pid(color), action, color)
    }
}

/// `midflight pause`
struct PauseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pause", abstract: "Hold the saves of a controlled process back.",
        discussion: "What is saved meanwhile goes in with midflight resume.")

    @OptionGroup var controlled: ControlledOptions

    func run() throws { try controlled.ask(.pause) }
}

/// `midflight resume`
struct ResumeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume", abstract: "Apply what was saved since midflight pause, and go on.")

    @OptionGroup var controlled: ControlledOptions

    func run() throws { try controlled.ask(.resume) }
}

/// `midflight detach`
struct DetachCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "detach", abstract: "Leave a controlled process; it goes on with the code it has.",
        discussion: """
            With --restore it goes on with the code that it had when midflight attached. What cannot be restored is \
            named, with exit status 1; midflight leaves nevertheless.
            """)

    @Flag(help: "Take back everything that was patched, first.") var restore = false
    @OptionGroup var controlled: ControlledOptions

    func run() throws {
        guard restore else { return try controlled.ask(.detach(restoring: false)) }
        let pid = try controlled.options.target.pid(controlled.color)
        let answer = try Control.ask(pid, .detach(restoring: true), controlled.color)
        let text = UndoText(style: controlled.color.style(for: STDERR_FILENO))
        Terminal.standardError(text.lines(answer))
        if answer["state"]?.text == "partly" { throw ExitStatus.notApplied }
    }
}
