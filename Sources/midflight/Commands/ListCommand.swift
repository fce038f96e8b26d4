import ArgumentParser
import Glibc
import Reloader

/// `midflight ps`: the Python processes of this machine.
struct ListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ps", abstract: "List the Python processes, and why one cannot be attached to.")

    @Flag(help: "Print a JSON object for each process.") var json = false
    @OptionGroup var color: ColorOptions

    func run() throws {
        let processes = ProcessTable.all()
        if json {
            for process in processes { Terminal.standardOutput(ProcessTable.object(process).line + "\n") }
        } else if processes.isEmpty {
            Terminal.standardError(
                "no Python process is visible here: only those of this pid namespace are listed\n")
        } else {
            Terminal.standardOutput(ProcessTable.text(processes, style: color.style(for: STDOUT_FILENO)))
        }
    }
}
