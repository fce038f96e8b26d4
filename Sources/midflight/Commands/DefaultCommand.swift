import ArgumentParser
import Glibc

/// `midflight` without a command's name: attaches to the program of this directory, to a pid, or takes
/// PyFlightProfiler's form `PID --cmd "reload MODULE [CLASS] METHOD"`.
struct DefaultCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "here", abstract: "Attach to the one Python program that runs below this directory.",
        usage: """
            midflight [<target>] [--json] [--quiet] [--verbose]
            midflight <target> --cmd "reload MODULE [CLASS] METHOD [-v]" [--no-color]
            midflight <target> --cmd "module FILE"
            midflight <target> --cmd "getglobal MODULE [CLASS] FIELD [-e EXPR] [-x DEPTH]"
            midflight <target> --cmd "watch MODULE [CLASS] METHOD [-f EXPR] [--expr EXPR] [-e] [-n N]"
            midflight <target> --cmd "trace MODULE [CLASS] METHOD [-i MS] [-et MS] [-d N] [-f EXPR] [-n N]"
            midflight <target> --cmd "stack [-a] [-f FILE]"
            midflight <target> --cmd "perf [-r HZ] [-d SECONDS] [-f FILE]"
            midflight <target> --cmd "vmtool -a getInstances -c MODULE CLASS"
            """,
        discussion: "Several programs: asks which one on a terminal, else lists them and ends with 4.")

    @Argument(help: ArgumentHelp(stringLiteral: TargetArgument.help)) var target: String?
    @Option(
        name: .customLong("cmd"),
        help: ArgumentHelp(
            "One command in PyFlightProfiler's form: reload, module, watch, trace, stack, perf, getglobal or vmtool.",
            valueName: "line"))
    var line: String?
    @OptionGroup var output: OutputOptions

    /// Commands whose words are split in PyFlightProfiler's own way.
    private static let looking: Set<String> = ["getglobal", "vmtool", "watch", "trace", "stack", "perf"]

    /// What does the work of those verbs of PyFlightProfiler that are not there.
    private static let instead = [
        "mem": "memray shows where memory goes.",
        "gilstat": "`midflight perf PID --gil` shows who holds the GIL.",
        "console": "A save is the way to run other code; `getglobal -e` evaluates an expression.",
        "torch": "PyTorch has a profiler of its own.",
        "tt": "`midflight tt PID` lists the calls that a running attach keeps; it calls none again.",
    ]

    /// A word that is no target is most likely a command with a slip: the nearest one is named.
    func validate() throws {
        if let target {
            do { _ = try TargetArgument(target) } catch  where !target.contains(":") {
                let near = Midflight.commandNames.filter { $0.hasPrefix(target.prefix(2)) }.map { "'\($0)'" }
                let guess = near.isEmpty ? "" : " Did you mean \(near.joined(separator: " or "))?"
                throw ValidationError(
                    "There is no command '\(target.sanitized)', and a pid is a positive number.\(guess)")
            }
        }
        if line != nil, target == nil { throw ValidationError("--cmd needs the pid of a process before it.") }
    }

    /// Without a target, the one Python program at or below this directory is meant.
    func run() throws {
        if let line, let target {
            var command = try command(line, target)
            try command.run()
        } else if let target {
            try AttachRun(pids: [try TargetArgument(target).pid(output.color)], output: output).run()
        } else {
            try AttachRun(pids: [try ProcessChoice(output: output).pid()], output: output).run()
        }
    }

    /// The command that the words name, parsed as if they stood on the command line themselves.
    private func command(_ line: String, _ target: String) throws -> any ParsableCommand {
        let looks = FlightWords(line)
        let isLook = looks.map { Self.looking.contains($0.verb) } ?? false
        let words = isLook ? looks.map { [$0.verb] + $0.arguments } : ShellWords.split(line)
        guard let words, let name = words.first else {
            throw ValidationError(
                "--cmd is empty, or a quotation mark in it is not closed: '\(line.sanitized)'.")
        }
        var arguments = [target] + words.dropFirst()
        if output.color.noColor { arguments.append("--no-color") }
        if output.color.color != .auto { arguments += ["--color", output.color.color.rawValue] }
        if output.json { arguments.append("--json") }
        guard isLook || name == "reload" || name == "module" else {
            throw ValidationError(
                "--cmd knows reload, module, watch, trace, stack, perf, getglobal and vmtool, "
                    + "and no '\(name.sanitized)'.\(Self.instead[name].map { " " + $0 } ?? "")")
        }
        if ["stack", "perf"].contains(name) {
            return try Midflight.parseAsRoot([name] + arguments + ["--flight-text"])
        }
        // Who writes a call in this form means it: PyFlightProfiler's expressions may call the program.
        if isLook { arguments.append("--allow-calls") }
        if name == "watch" { return try Midflight.parseAsRoot(["calls"] + arguments + ["--flight-text"]) }
        if name == "trace" { return try Midflight.parseAsRoot(["trace"] + arguments + ["--flight-text"]) }
        if output.verbose, name == "reload" { arguments.append("-v") }
        return try Midflight.parseAsRoot([name] + arguments)
    }
}
