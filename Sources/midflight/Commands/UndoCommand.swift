import ArgumentParser
import Glibc
import Reconciler
import SystemPackage

/// `midflight undo`
struct UndoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "undo",
        abstract: "Take patches of a controlled process back.",
        usage: "midflight undo <target> [<file> | <count>] [--all] [--list] [--json]",
        discussion: """
            Takes back the last save; with a number, that many of the last saves; with a file, the last change of that \
            file. Your files are not touched: the next save of one of them, or midflight sync, brings the processes \
            to it again. What midflight cannot restore is named: what an import did, or a value that the program has \
            changed since.
            Exit status: 0 all was taken back, 1 something stayed or there was nothing to take back, \
            4 the process is not controlled.
            """)

    @OptionGroup var options: TargetOptions
    @Argument(help: "A file, or how many of the last saves (default: 1).") var what: String?
    @Flag(help: "Everything since midflight attached.") var all = false
    @Flag(help: "Only show what can be taken back, and what of it cannot be restored.") var list = false
    @Flag(help: "Print JSON instead of text.") var json = false
    @OptionGroup var color: ColorOptions

    func validate() throws {
        if all, what != nil { throw ValidationError("give a file, a number or --all, not two of them") }
        if let count = what.flatMap({ Int($0) }), count < 1 {
            throw ValidationError("the number of saves begins at 1")
        }
    }

    /// A number is a count of saves, anything else a file.
    private var scope: UndoScope {
        if all { return .all }
        guard let what else { return .last(1) }
        return Int(what).map { .last($0) } ?? .file(ModuleFile.resolved(WorkingDirectory.absolute(what)))
    }

    func run() throws {
        let pid = try options.target.pid(color)
        let text = UndoText(style: color.style(for: STDERR_FILENO))
        let answer = try Control.ask(pid, list ? .history : .undo(scope), color)
        if json {
            Terminal.standardOutput(UndoText.json(answer))
        } else {
            Terminal.standardError(text.lines(answer))
        }
        if !list, answer["state"]?.text != "undone" { throw ExitStatus.notApplied }
    }
}
