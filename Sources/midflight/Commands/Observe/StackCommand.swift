import ArgumentParser
import Glibc
import Reconciler
import Reloader

/// `midflight stack`: what every thread of a process is doing, or every asyncio task.
struct StackCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stack",
        abstract: "Show what every thread of a running process is doing, without stopping it.",
        discussion: """
            The process takes no part in it: its memory is read from outside, also while C code holds the GIL.
            With --async the process does take part: its asyncio tasks are read by an agent, a thread of ours that is in it \
            for some milliseconds, as for getglobal. It needs the GIL, runs no code of the program and leaves nothing.
            --locals needs the agent too, and shows the local variables of every call. Where they cannot be read without \
            changing the call, it says so instead.
            Exit status: 0 shown, 1 no event loop, or nothing could be read, 4-8 as with attach.
            """)

    @OptionGroup var target: TargetOptions
    @Option(
        name: [.customShort("f"), .customLong("output")],
        help: ArgumentHelp("Write into this file instead.", valueName: "file"))
    var file: String?
    @Flag(
        name: [.customShort("a"), .customLong("async")],
        help: "Show asyncio tasks and what each awaits, instead of threads; needs an agent in the process.")
    var tasks = false
    @Flag(
        name: .shortAndLong,
        help: "Show the local variables of every call; needs an agent in the process.")
    var locals = false
    @Flag(name: .shortAndLong, help: "With --locals: cut values later.") var verbose = false
    @Flag(help: "With --locals: show the values of names like password and token.") var noRedact = false
    @Flag(help: "Print a JSON object for each process instead of text.") var json = false
    @Flag(help: "Show C functions too: runs py-spy, which must be on PATH and stops the process for it.")
    var native = false
    @Flag(help: .hidden) var flightText = false
    @OptionGroup var workers: WorkerOptions
    @OptionGroup var color: ColorOptions

    func validate() throws {
        guard [tasks, native, locals].filter({ $0 }).count < 2 else {
            throw ValidationError("Give one of --async, --locals and --native.")
        }
        guard locals || !(verbose || noRedact) else {
            throw ValidationError("--verbose and --no-redact go with --locals.")
        }
    }

    func run() throws {
        let pid = try target.target.pid(color)
        if native { try NativeStacks.show(pid: pid, json: json, color: color) }
        let form = OutputFormat(json: json, flight: flightText)
        let choice = flightText ? Workers.none : workers.choice
        if locals {
            var facts = LocalsFacts()
            facts.isVerbose = verbose
            facts.redacts = !noRedact
            let result = try LocalsRun(pid: pid, form: form, color: color, facts: facts)
                .result(workers: choice)
            try show(result.text)
            return try OneShot.finish(isDone: result.isRead)
        }
        guard tasks else {
            return try show(StackRun(pid: pid, form: form, color: color).text(workers: choice))
        }
        let result = try TaskRun(pid: pid, form: form, color: color).result(workers: choice)
        try show(result.text)
        try OneShot.finish(isDone: result.hasLoop)
    }

    /// To standard output, or into the file, whose name is told then.
    private func show(_ text: String) throws {
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
