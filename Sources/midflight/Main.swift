import ArgumentParser

/// The root command. A plain synchronous `@main`: an asynchronous one costs milliseconds at every start.
@main
struct Midflight: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "midflight",
        abstract: "Save a file, and the running Python process has it.",
        usage: """
            midflight                     attach to the one Python program below this directory
            midflight attach PID [DIR...] attach to that one
            midflight COMMAND ...
            """,
        version: Version.text,
        subcommands: named + [DefaultCommand.self], defaultSubcommand: DefaultCommand.self)

    /// In the order in which `--help` lists them.
    private static let named: [any ParsableCommand.Type] = [
        AttachCommand.self, RunCommand.self, WatchCommand.self, CheckConfigCommand.self, InitCommand.self,
        SyncCommand.self, UndoCommand.self,
        StatusCommand.self, PauseCommand.self,
        ResumeCommand.self,
        DetachCommand.self, DiffCommand.self, CallsCommand.self, TraceCommand.self, TunnelCommand.self,
        StackCommand.self,
        PerfCommand.self, GetGlobalCommand.self, VMToolCommand.self,
        ReloadCommand.self,
        ModuleCommand.self, ListCommand.self,
        DoctorCommand.self, DemoCommand.self, SkillsCommand.self,
        ObserveCommand.self,
        OutlineCommand.self, ChangesCommand.self,
    ]

    /// What a user may write after `midflight`.
    static var commandNames: [String] { named.compactMap { $0.configuration.commandName } }

    /// The command that the first word names, parsed alone: half of a short command's own time goes into the options of
    /// all others. Nil where the words are not all its own (`--help` too): the parser of the whole then has its say.
    private static func direct(_ words: [String]) -> (any ParsableCommand)? {
        guard let first = words.first,
            let type = named.first(where: { $0.configuration.commandName == first }),
            type.configuration.subcommands.isEmpty
        else { return nil }
        // Why it does not parse is found out, and told, by the parser of the whole.
        return try? type.parse(Array(words.dropFirst()))
    }

    /// ArgumentParser ends with 64 for wrong usage; tools for Python and Rust use 2.
    static func main() {
        Signals.prepare()
        // Before the parser, which looks at every command's options first: half of such a call's time.
        if ["--version", "-V"].contains(CommandLine.arguments.dropFirst().first), CommandLine.argc == 2 {
            Terminal.exit(Terminal.standardOutput(Version.text + "\n") ? .done : .internalError)
        }
        do {
            let words = CallsCommand.spelledOut(Array(CommandLine.arguments.dropFirst()))
            var command = try PlainWords.command(words) ?? direct(words) ?? parseAsRoot(words)
            try command.run()
        } catch {
            if let code = error as? ExitStatus { Terminal.exit(code) }
            let parserCode = exitCode(for: error)
            let text = fullMessage(for: error)
            if parserCode.isSuccess {
                Terminal.standardOutput(text.isEmpty ? "" : text + "\n")
                Terminal.exit(.done)
            }
            Terminal.standardError(text.isEmpty ? "" : text + "\n")
            Terminal.exit(parserCode == .validationFailure ? .usage : .internalError)
        }
    }
}
