import ArgumentParser
import Glibc
import Reconciler

/// `midflight tt`: calls that a running midflight keeps of a process.
struct TunnelCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tt",
        abstract: "List the last calls that a running attach has seen, or show one of them whole.",
        usage: "midflight tt <target> [<index>] [-n <n>] [--json]",
        discussion: """
            While a midflight controls a process (attach, run, watch), it keeps what `calls` and `trace` record of it: the \
            last 1,000 calls, 4 MB at most. Nothing is kept where nobody watches, and nothing in the process. It is gone \
            when that midflight ends.
            Exit status: 0 shown, 1 no such call, 4 no midflight controls the process.
            """)

    @OptionGroup var options: TargetOptions
    @Argument(help: "The number of one call, as the list shows it.") var index: Int?
    @Option(
        name: [.customShort("n"), .customLong("limits")], parsing: .unconditional,
        help: "List so many of the last calls.")
    var limit = 20
    @Flag(help: "Print one JSON object instead of text.") var json = false
    @OptionGroup var color: ColorOptions

    func validate() throws {
        guard limit > 0 else { throw ValidationError("--limits is a number from 1.") }
        if let index, index < 1 { throw ValidationError("The number of a call begins at 1.") }
    }

    func run() throws {
        let pid = try options.target.pid(color)
        let recall = index.map(Recall.number) ?? .last(limit)
        let answer = try Control.ask(pid, .recall(recall), color)
        guard let recalled = RecallWire.recalled(answer) else { throw ExitStatus.targetUnavailable }
        if json {
            Terminal.standardOutput(EventJSON.line("recall", RecallWire.members(recalled), pid: pid))
        } else {
            let text = RecallText(style: color.style(for: STDOUT_FILENO))
            Terminal.standardOutput(index == nil ? text.list(recalled) : text.whole(recalled))
        }
        if recalled.entries.isEmpty { throw ExitStatus.notApplied }
    }
}
