import ArgumentParser
import Glibc
import Reconciler
import Reloader

/// `midflight status`: what is controlled, and in which state it is.
struct StatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Show what a running midflight controls.")

    @Argument(
        help:
            "A process that attach or watch controls, named as for attach (default: all you may ask about).",
        transform: { try TargetArgument($0) })
    var target: TargetArgument?
    @Flag(help: "Print a JSON object for each service.") var json = false
    @OptionGroup var color: ColorOptions

    /// Midflights that are stopped are named on standard error: they answer nothing.
    func run() throws {
        var suspended: [Int32] = []
        let answers =
            try target.map { [try Control.ask(try $0.pid(color), .status, color)] } ?? all(&suspended)
        let services = answers.flatMap { $0["services"]?.elements ?? [] }
        let style = color.style(for: json ? STDERR_FILENO : STDOUT_FILENO)
        for holder in suspended {
            let style = color.style(for: STDERR_FILENO)
            Terminal.standardError(
                "\(style.mark(.warning)) \(SuspendedHolder.message(holder)) \(style.arrow) \(SuspendedHolder.action(holder))\n"
            )
        }
        if services.isEmpty {
            if !suspended.isEmpty { throw ExitStatus.targetUnavailable }
            Terminal.standardError("no midflight is running here\n")
            throw ExitStatus.noSuchProcess
        }
        for service in services {
            Terminal.standardOutput(json ? service.line + "\n" : text(service, style))
        }
    }

    /// Every midflight that listens in a directory that we may enter; those that are stopped are added to `suspended`.
    private func all(_ suspended: inout [Int32]) -> [JSON] {
        let users = Set([geteuid()] + (geteuid() == 0 ? Self.users() : []))
        var asked: Set<Int32> = []
        var answers: [JSON] = []
        for user in users.sorted() {
            let directory = ControlDirectory(owner: user)
            guard directory.isSafe else { continue }
            for entry in directory.entries() where entry.kind == .sock {
                guard asked.insert(entry.pid).inserted else { continue }
                do throws(ControlClient.Failure) {
                    let client = try ControlClient(holder: entry.pid, owner: user)
                    let request = ControlRequest(pid: nil, action: .status)
                    answers.append(try client.ask(request, timeout: Control.patience))
                } catch {
                    if case .suspended(let holder) = error { suspended.append(holder) }
                }
            }
        }
        return answers
    }

    /// Owners of running processes.
    private static func users() -> [UInt32] {
        let procFS = ProcFS()
        return procFS.processIDs().compactMap { (try? procFS.status($0))?.userIDs.first }
    }

    /// A line for the service, and one for each of its processes with the files that are not live.
    private func text(_ service: JSON, _ style: Style) -> String {
        let name = (service["service"]?.text ?? service["program"]?.text ?? "").sanitized
        let state = service["paused"]?.flag == true ? "  paused" : ""
        let bursts = service["bursts"]?.integer ?? 0
        let head =
            "\(style.paint(name, .bold))\(state)  \(bursts) burst\(bursts == 1 ? "" : "s") \(style.separator) "
            + "\(service["watches"]?.integer ?? 0) watches\n"
        return head
            + (service["processes"]?.elements ?? []).map { process in
                let behind = (process["behind"]?.elements ?? []).compactMap { $0.text?.sanitized }
                let mark = style.mark(behind.isEmpty ? .done : .warning)
                let rest = behind.isEmpty ? "" : "  not live: \(behind.joined(separator: ", "))"
                return "  \(mark) \(process["pid"]?.integer ?? 0)  Python \(process["python"]?.text ?? "?")"
                    + "  \(process["files"]?.integer ?? 0) files\(rest)\n"
            }.joined()
    }
}
