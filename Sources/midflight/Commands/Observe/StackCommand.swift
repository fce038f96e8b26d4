import ArgumentParser
import Glibc
import Reconciler
import Reloader

/// `midflight stack`: what every thread of a process is doing.
struct StackCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stack",
        abstract: "Show what every thread of a running process is doing, without stopping it.",
        discussion: """
            The process takes no part in it: its memory is read from outside, also while C code holds the GIL.
            Exit status: 0 shown, 4-7 as with attach.
            """)

    @OptionGroup var target: TargetOptions
    @Option(
        name: [.customShort("f"), .customLong("output")],
        help: ArgumentHelp("Write into this file instead.", valueName: "file"))
    var file: String?
    @Flag(help: "Print a JSON object for each process instead of text.") var json = false
    @Flag(help: "Show C functions too: runs py-spy, which must be on PATH and stops the process for it.")
    var native = false
    @Flag(help: .hidden) var flightText = false
    @OptionGroup var workers: WorkerOptions
    @OptionGroup var color: ColorOptions

    func run() throws {
        let pid = try target.target.pid(color)
        if native { try NativeStacks.show(pid: pid, json: json, color: color) }
        let run = StackRun(pid: pid, form: json ? .json : flightText ? .flight : .text, color: color)
        let text = try run.text(workers: flightText ? .none : workers.choice)
        guard let file else {
            Terminal.standardOutput(text)
            return
        }
        do throws(OutputFile.Failure) { try OutputFile(file).write(text) } catch {
            throw ValidationError(
                "The file '\(file.sanitized)' cannot be written: \(SystemError(error.number)).")
        }
        let style = color.style(for: STDOUT_FILENO)
        Terminal.standardOutput("\(style.mark(.done)) Write stack to \(file.sanitized) successfully!\n")
    }
}
