import ArgumentParser
import Glibc
import Reconciler
import SystemPackage

/// `midflight sync`: the barrier that programs and tests call after they have written files.
struct SyncCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sync",
        abstract: "Wait until the saved content of files is live in a controlled process.",
        discussion: """
            The files are read again and applied if they are not live yet, in all processes of the service. \
            A file that no process has imported is in step: its import will read what was saved.
            Exit status: 0 live and verified everywhere, 1 something was kept or rejected (the reasons are named), \
            7 not decided in time, 4 the process is not controlled.
            """)

    @OptionGroup var options: TargetOptions
    @Argument(help: "Only these files (default: all that are loaded).") var files: [String] = []
    @Option(help: "How long to wait, as 500ms or 5s.") var timeout = TimeSpan(milliseconds: 5000)
    @Flag(help: "Print one JSON object instead of text.") var json = false
    @OptionGroup var color: ColorOptions

    func run() throws {
        let pid = try options.target.pid(color)
        let paths = files.map { ModuleFile.resolved(WorkingDirectory.absolute($0)) }
        let answer = try Control.ask(
            pid, .sync(files: paths, timeout: timeout.milliseconds),
            timeout: timeout.milliseconds + Control.patience,
            attaching: min(timeout.milliseconds, 5000), color)
        if json {
            Terminal.standardOutput(Self.event(answer, pid: pid).line + "\n")
        } else {
            Terminal.standardError(text(answer))
        }
        switch answer["state"]?.text {
        case "live": return
        case "stale": throw ExitStatus.notApplied
        default: throw ExitStatus.targetUnavailable
        }
    }

    /// The answer as an event of docs/events.schema.json.
    private static func event(_ answer: JSON, pid: Int32) -> JSON {
        guard case .object(let members) = answer else { return answer }
        return .object(
            [("v", .integer(1)), ("event", "sync"), ("pid", .integer(Int(pid)))]
                + members.filter { $0.0 != "v" && $0.0 != "answer" })
    }

    /// The state, and a line for each reason why something is not live.
    private func text(_ answer: JSON) -> String {
        let style = color.style(for: STDERR_FILENO)
        let processes = answer["processes"]?.integer ?? 0
        let count = "\(processes) process\(processes == 1 ? "" : "es")"
        let reasons = answer["reasons"]?.elements ?? []
        let head =
            switch answer["state"]?.text {
            case "live": "\(style.mark(.done)) live in \(count)\n"
            case "stale": "\(style.mark(.failed)) not everything is live in \(count)\n"
            default: "\(style.mark(.failed)) not decided in \(timeout)\n"
            }
        return head
            + reasons.map { reason in
                func part(_ name: String) -> String { (reason[name]?.text ?? "").sentence }
                let place = [part("file"), reason["line"]?.integer.flatMap { $0 > 0 ? "\($0)" : nil } ?? ""]
                    .filter { !$0.isEmpty }.joined(separator: ":")
                let name = part("name").isEmpty ? "" : "\(part("name")) "
                return "  \(style.mark(.warning)) process \(reason["pid"]?.integer ?? 0): \(name)(\(place))  "
                    + "\(part("reason")): \(part("message")) \(style.arrow) \(part("action"))\n"
            }.joined()
    }
}
