import ArgumentParser
import Glibc
import Profiles
import Reconciler
import Reloader

/// `midflight perf`: which functions of a process take the time.
struct PerfCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "perf",
        abstract: "Show which functions of a running process take the time, without stopping it.",
        discussion: """
            The process takes no part in it: its memory is read from outside, as stack does, many times a second. \
            The 15 functions with most time of their own are printed. --output writes all stacks, by its ending: \
            \(PerfFile.help). \
            A stack that changed while it was read is dropped and counted.
            --save waits for the next save that changes the code of the process, and tells which functions take more or \
            less time after it. Where no midflight controls the process, it attaches meanwhile.
            Exit status: 0 shown, 4-8 as with attach, 7 nothing was saved in time.
            """)

    @OptionGroup var target: TargetOptions
    @Option(
        name: [.customShort("o"), .customShort("f"), .customLong("output")],
        help: ArgumentHelp("Write all stacks into this file.", valueName: "file"))
    var file: String?
    @Option(
        name: [.customShort("d"), .customLong("for"), .customLong("duration")], parsing: .unconditional,
        help: ArgumentHelp(
            """
            End after this time, like 30s; 10s where the output is no terminal. With --save: how long a save is waited for; \
            60s where the output is no terminal.
            """, valueName: "time"),
        transform: CallLimits.Span.read)
    var duration: CallLimits.Span?
    @Option(
        name: .shortAndLong, parsing: .unconditional,
        help: ArgumentHelp("Looks in a second, 1-10000.", valueName: "hz"))
    var rate = 100.0
    @Flag(help: "Compare the time before the next save with the time after it.") var save = false
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "With --save: how long before it and after it, 10s if not given.", valueName: "time"),
        transform: CallLimits.Span.read)
    var window = CallLimits.Span(seconds: 10)
    @Flag(help: "Print a JSON object instead of text.") var json = false
    @Flag(help: "Threads that wait too, not only those on a processor.") var wall = false
    @Flag(help: "Only the thread that holds the GIL.") var gil = false
    @Flag(
        help: "Show C functions too: runs py-spy, which must be on PATH and stops the process for each look.")
    var native = false
    @Flag(help: .hidden) var flightText = false
    @OptionGroup var workers: WorkerOptions
    @OptionGroup var color: ColorOptions

    /// Refuses what cannot be had together, before the process is looked at.
    func validate() throws {
        guard !(wall && gil) else { throw ValidationError("Give --wall or --gil.") }
        guard (1...10_000).contains(rate) else {
            throw ValidationError("--rate is a number from 1 to 10000.")
        }
        guard !(native && (save || json)) else {
            throw ValidationError("--native is py-spy's work, which knows neither --save nor --json.")
        }
        guard (0.1...3600).contains(window.seconds) else {
            throw ValidationError("--window is a time from 100ms to 1h.")
        }
        if let file, PerfFile(path: file) == nil {
            throw ValidationError(
                "The ending of '\(file.sanitized)' is none of \(PerfFile.allEndings).")
        }
    }

    func run() throws {
        let pid = try target.target.pid(color)
        if native { try showNative(pid) }
        let request = PerfRun.Request(
            choice: wall ? .all : gil ? .gil : .onProcessor, rate: rate,
            seconds: duration?.seconds
                ?? (flightText || isatty(STDOUT_FILENO) == 1 ? nil : save ? 60 : 10),
            workers: flightText ? .none : workers.choice)
        let output = PerfOutput(
            file: file ?? (flightText ? "./flamegraph.svg" : nil),
            form: json ? .json : flightText ? .flight : .text, pid: pid, request: request, color: color)
        try output.checkFile()
        do {
            if save {
                try output.show(output.comparison(window: window.seconds))
            } else {
                try output.show(output.profile())
            }
        } catch let error as SessionError {
            if json { Terminal.standardOutput(EventJSON.lines(.refused(error), at: Timestamp.universal())) }
            Terminal.standardError(
                EventText(style: color.style(for: STDERR_FILENO), isVerbose: false).lines(.refused(error)))
            throw ExitStatus(error)
        }
    }

    /// Does not return but by throwing: py-spy takes this process over (execvp(3)).
    private func showNative(_ pid: Int32) throws {
        var words = ["record", "--native", "--pid", String(pid), "--rate", String(Int(rate))]
        words += ["--output", file ?? "flamegraph.svg"]
        if let form = file.flatMap(PerfFile.init(path:)) { words += ["--format", form.formatOfPySpy] }
        if let seconds = duration?.seconds {
            words += ["--duration", String(max(1, Int(seconds.rounded())))]
        }
        if wall { words.append("--idle") }
        if gil { words.append("--gil") }
        if workers.choice != .none { words.append("--subprocesses") }
        try NativeStacks.become(words)
    }
}
