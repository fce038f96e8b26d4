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
            .svg a flame graph, .json for speedscope, .collapsed, .folded or .txt collapsed stacks. \
            A stack that changed while it was read is dropped and counted.
            Exit status: 0 shown, 4-8 as with attach.
            """)

    @OptionGroup var target: TargetOptions
    @Option(
        name: [.customShort("o"), .customShort("f"), .customLong("output")],
        help: ArgumentHelp("Write all stacks into this file.", valueName: "file"))
    var file: String?
    @Option(
        name: [.customShort("d"), .customLong("for"), .customLong("duration")],
        help: ArgumentHelp(
            "End after this time, like 30s; 10s where the output is no terminal.", valueName: "time"))
    var duration: CallLimits.Span?
    @Option(name: .shortAndLong, help: ArgumentHelp("Looks in a second, 1-10000.", valueName: "hz"))
    var rate = 100.0
    @Flag(help: "Threads that wait too, not only those on a processor.") var wall = false
    @Flag(help: "Only the thread that holds the GIL.") var gil = false
    @Flag(
        help: "Show C functions too: runs py-spy, which must be on PATH and stops the process for each look.")
    var native = false
    @Flag(help: .hidden) var flightText = false
    @OptionGroup var workers: WorkerOptions
    @OptionGroup var color: ColorOptions

    func validate() throws {
        guard !(wall && gil) else { throw ValidationError("Give --wall or --gil.") }
        guard (1...10_000).contains(rate) else {
            throw ValidationError("--rate is a number from 1 to 10000.")
        }
        if let file, !native, PerfFile(path: file) == nil {
            throw ValidationError(
                "The ending of '\(file.sanitized)' is none of .svg, .json, .collapsed, .folded, .txt.")
        }
    }

    func run() throws {
        let pid = try target.target.pid(color)
        if native { try showNative(pid) }
        let request = PerfRun.Request(
            choice: wall ? .all : gil ? .gil : .onProcessor, rate: rate,
            seconds: duration?.seconds ?? (flightText || isatty(STDOUT_FILENO) == 1 ? nil : 10),
            workers: flightText ? .none : workers.choice)
        let errors = color.style(for: STDERR_FILENO)
        let run = PerfRun(request) { message in
            Terminal.standardError("\(errors.mark(.warning)) \(message.sanitized)\n")
        }
        let outcome: PerfRun.Outcome
        do throws(AttachError) {
            outcome = try run.outcome(of: pid) {
                if flightText {
                    Terminal.standardOutput("ℹ Press Control-C to exit.\n")
                } else if request.seconds == nil {
                    Terminal.standardError("looking at process \(pid); Ctrl-C ends\n")
                }
            }
        } catch {
            let error = SessionError.attach(error)
            Terminal.standardError(EventText(style: errors, isVerbose: false).lines(.refused(error)))
            throw ExitStatus(error)
        }
        try show(outcome, request)
    }

    private func show(_ outcome: PerfRun.Outcome, _ request: PerfRun.Request) throws {
        let style = color.style(for: STDOUT_FILENO)
        if !flightText { Terminal.standardOutput(PerfText(style: style).text(outcome, request)) }
        guard let path = file ?? (flightText ? "./flamegraph.svg" : nil), let form = PerfFile(path: path)
        else {
            return
        }
        let title = "midflight perf: \(outcome.profile.total) samples"
        let text = form.text(outcome.profile, title: title, period: Int64(1e9 / request.rate))
        do throws(OutputFile.Failure) { try OutputFile(path).write(text) } catch {
            throw ValidationError(
                "The file '\(path.sanitized)' cannot be written: \(SystemError(error.number)).")
        }
        let done =
            flightText
            ? "Flamegraph data has been successfully written to \(path.sanitized)!"
            : "wrote \(path.sanitized)"
        Terminal.standardOutput("\(style.mark(.done)) \(done)\n")
    }

    private func showNative(_ pid: Int32) throws {
        var words = ["record", "--native", "--pid", String(pid), "--rate", String(Int(rate))]
        words += ["--output", file ?? "flamegraph.svg"]
        if let form = file.flatMap(PerfFile.init(path:)), form != .flameGraph {
            words += ["--format", form == .speedscope ? "speedscope" : "raw"]
        }
        if let seconds = duration?.seconds {
            words += ["--duration", String(max(1, Int(seconds.rounded())))]
        }
        if wall { words.append("--idle") }
        if gil { words.append("--gil") }
        if workers.choice != .none { words.append("--subprocesses") }
        try NativeStacks.become(words)
    }
}
