import ArgumentParser
import Glibc
import Reloader
import SystemPackage

/// `midflight demo`: a small shop, edited four times while it serves.
struct DemoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Start a small shop, attach to it, edit it four times, and show its answers.",
        discussion: """
            The shop comes with midflight and runs in a temporary directory, which is removed at the end. Takes about ten \
            seconds. Exit status: 0 everything held, 1 something did not, and is named.
            """)

    @Option(
        help: ArgumentHelp("The interpreter of the shop; a name is looked for in PATH.", valueName: "path"))
    var python = "python3"

    /// Ends with the script's status. The folder is removed also if a signal ends the demo.
    func run() throws {
        guard let ourselves = ProcFS().link(getpid(), "exe") else {
            Terminal.standardError("the demo needs /proc: mount it (mount -t proc proc /proc)\n")
            throw ExitStatus.notApplied
        }
        Signals.block(except: [SIGTSTP, SIGCONT])
        let folder: DemoFolder
        do throws(DemoFolder.Failure) { folder = try DemoFolder() } catch {
            Terminal.standardError("\(error.description.sanitized)\n")
            throw ExitStatus.notApplied
        }
        let status = play([python, "-E", "-s", "-B", folder.script, ourselves.string, python])
        folder.remove()
        Glibc.exit(status)
    }

    /// The script's exit status. What the terminal sends reaches it too, and it ends the shop and the midflight that it
    /// started; other signals are handed on, so that the folder goes with it.
    private func play(_ command: [String]) -> Int32 {
        do throws(LaunchedProgram.Failure) {
            let script = try LaunchedProgram(command)
            SignalRelay.start(for: script) {}
            return script.wait() ?? ExitStatus.internalError.rawValue
        } catch {
            let reason = String(cString: strerror(error.number))
            Terminal.standardError(
                "\(python.sanitized) cannot be started (\(reason)): install Python 3, or name one with --python\n"
            )
            return ExitStatus.notApplied.rawValue
        }
    }
}
