import ArgumentParser

/// The root command. A plain synchronous `@main`: an asynchronous one costs milliseconds at every start.
@main
struct Midflight: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "midflight",
        abstract: "Save a file, and the running Python process has it.",
        version: "0.1.0",
        subcommands: [
            AttachCommand.self, ReloadCommand.self, ModuleCommand.self, ListCommand.self, ObserveCommand.self,
            OutlineCommand.self, ChangesCommand.self,
        ])

    /// ArgumentParser ends with 64 for wrong usage; tools for Python and Rust use 2.
    static func main() {
        Signals.prepare()
        do {
            var command = try parseAsRoot()
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
