import ArgumentParser
import Glibc
import Reconciler

/// `midflight reload`: one method, once.
struct ReloadCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reload",
        abstract: "Give one method of a running process the code that its file has now.",
        discussion: """
            The output is that of PyFlightProfiler's reload command. CLASS and METHOD may be dotted \
            (Outer.Inner, outer.<locals>.inner). A module that the process has not loaded is never imported.
            Exit status: 0 reloaded, 1 not (the text says why), 4-8 as with attach, 130 interrupted.
            """)

    @OptionGroup var options: TargetOptions
    @Argument(help: ArgumentHelp("MODULE [CLASS] METHOD", valueName: "name")) var names: [String]
    @Flag(name: .shortAndLong, help: "Print the whole source of the method.") var verbose = false
    @Flag(help: "Print one JSON object instead of text.") var json = false
    @Flag(help: "Tell the milliseconds of every stage.") var traceTiming = false
    @OptionGroup var patching: PatchingFlags
    @OptionGroup var color: ColorOptions

    func validate() throws {
        guard names.count == 2 || names.count == 3 else {
            throw ValidationError("Give MODULE METHOD, or MODULE CLASS METHOD.")
        }
    }

    func run() throws {
        let pid = try options.target.pid(color)
        var reload = MethodReload(
            module: names[0], className: names.count == 3 ? names[1] : nil, method: names[names.count - 1])
        reload.options = patching.options
        let delegation = OneShot.Delegation(action: .reload(reload), value: ControlWire.outcome)
        let outcome = try OneShot.run(pid: pid, json: json, color: color, else: delegation) {
            (connection) throws(SessionError) in
            try reload.run(in: connection)
        }
        if json {
            Terminal.standardOutput(outcome.json(pid: pid, name: names.joined(separator: ".")).line + "\n")
        } else {
            let style = color.style(for: STDOUT_FILENO)
            Terminal.standardOutput(ReloadText(outcome: outcome, isVerbose: verbose, style: style).text)
        }
        if traceTiming { Terminal.standardError(outcome.timing.map(TimingText.lines) ?? "") }
        try OneShot.finish(isDone: outcome.error == nil)
    }
}

extension ReloadOutcome {
    /// The `reload` event; `name` is what the user asked for.
    fileprivate func json(pid: Int32, name: String) -> JSON {
        .object([
            ("v", .integer(1)), ("event", .string("reload")), ("pid", .integer(Int(pid))),
            ("name", .string(name)),
            ("ok", .bool(error == nil)), ("error", error.map { .string($0) } ?? .null),
            ("file", path.map { .string($0) } ?? .null), ("source", source.map { .string($0) } ?? .null),
        ])
    }
}
