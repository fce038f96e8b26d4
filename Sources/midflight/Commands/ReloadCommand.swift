import ArgumentParser
import Glibc
import Reconciler

/// `midflight reload`: one method, once.
struct ReloadCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reload", abstract: "Give one method of a running process the code that its file has now.",
        discussion: """
            The output is that of PyFlightProfiler's reload command. CLASS and METHOD may be dotted \
            (Outer.Inner, outer.<locals>.inner). A module that the process has not loaded is never imported.
            Exit status: 0 reloaded, 1 not (the text says why), 4-8 as with attach.
            """)

    @Argument(help: "The process.") var pid: Int32
    @Argument(help: ArgumentHelp("MODULE [CLASS] METHOD", valueName: "name")) var names: [String]
    @Flag(name: .shortAndLong, help: "Print the whole source of the method.") var verbose = false
    @Flag(help: "Print one JSON object instead of text.") var json = false
    @Option(help: "Colour: auto, always or never.") var color = ColorChoice.auto
    @Flag(name: .customLong("no-color"), help: "The same as --color never.") var noColor = false

    func validate() throws {
        guard names.count == 2 || names.count == 3 else {
            throw ValidationError("Give MODULE METHOD, or MODULE CLASS METHOD.")
        }
    }

    func run() throws {
        let reload = MethodReload(
            module: names[0], className: names.count == 3 ? names[1] : nil, method: names[names.count - 1])
        let outcome = try OneShot.run(pid: pid, json: json) { (connection) throws(SessionError) in
            try reload.run(in: connection)
        }
        if json {
            Terminal.standardOutput(outcome.json(pid: pid, name: names.joined(separator: ".")).line + "\n")
        } else {
            let style = Style(color: noColor ? .never : color, descriptor: STDOUT_FILENO)
            Terminal.standardOutput(ReloadText(outcome: outcome, isVerbose: verbose, style: style).text)
        }
        if outcome.error != nil { throw ExitStatus.notApplied }
    }
}

extension ReloadOutcome {
    fileprivate func json(pid: Int32, name: String) -> JSON {
        .object([
            ("v", .integer(1)), ("event", .string("reload")), ("pid", .integer(Int(pid))), ("name", .string(name)),
            ("ok", .bool(error == nil)), ("error", error.map { .string($0) } ?? .null),
            ("file", path.map { .string($0) } ?? .null), ("source", source.map { .string($0) } ?? .null),
        ])
    }
}

/// Attaches, does one thing, leaves.
enum OneShot {
    static func run<Value>(
        pid: Int32, json: Bool, _ body: (Connection) throws(SessionError) -> Value
    ) throws -> Value {
        Signals.forward { _ in Terminal.exit(.interrupted) }
        do throws(SessionError) {
            return try body(try Connection(pid: pid))
        } catch {
            if json { Terminal.standardOutput(EventJSON.line(.refused(error), at: Timestamp.universal())) }
            let style = Style(color: .auto, descriptor: STDERR_FILENO)
            Terminal.standardError(EventText(style: style, isVerbose: false).lines(.refused(error)))
            throw ExitStatus(error)
        }
    }
}
