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
    @Flag(help: "Print one JSON object a service.") var json = false
    @OptionGroup var color: ColorOptions

    func run() throws {
        let answers = try target.map { [try Control.ask(try $0.pid(color), .status, color)] } ?? all()
        let services = answers.flatMap { $0["services"]?.elements ?? [] }
        let style = color.style(for: json ? STDERR_FILENO : STDOUT_FILENO)
        if services.isEmpty {
            Terminal.standardError("no midflight is running here\n")
            throw ExitStatus.noSuchProcess
        }
        for service in services {
            Terminal.standardOutput(json ? service.line + "\n" : text(service, style))
        }
    }

    /// Every midflight that listens in a directory that we may enter.
    private func all() -> [JSON] {
        let users = Set([geteuid()] + (geteuid() == 0 ? Self.users() : []))
        var asked: Set<Int32> = []
        return users.sorted().flatMap { user -> [JSON] in
            let directory = ControlDirectory(owner: user)
            guard directory.isSafe else { return [] }
            return directory.entries().filter { $0.kind == .sock }.compactMap { entry in
                guard asked.insert(entry.pid).inserted,
                    let client = try? ControlClient(holder: entry.pid, owner: user)
                else { return nil }
                return try? client.ask(ControlRequest(pid: nil, action: .status), timeout: Control.patience)
            }
        }
    }

    /// Owners of running processes.
    private static func users() -> [UInt32] {
        let procFS = ProcFS()
        return procFS.processIDs().compactMap { (try? procFS.status($0))?.userIDs.first }
    }

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
