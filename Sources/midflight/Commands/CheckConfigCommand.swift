import ArgumentParser
import Configuration
import Glibc
import Reconciler
import Reloader
import SystemPackage
import Watcher

/// `midflight check-config`: what a watch.yaml would do, without doing it.
struct CheckConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check-config",
        abstract: "Check a watch.yaml; say which processes match now and why a path is not watched.",
        discussion: "Exit status: 0 the file is right, 3 it is not.")

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("The file (default: watch.yaml here or above).", valueName: "file"))
    var config: String?
    @Argument(help: ArgumentHelp("Say of these whether they are watched, and why not.", valueName: "path"))
    var paths: [String] = []

    func run() throws {
        let loaded = try LoadedConfiguration(chosen: config)
        let services = loaded.configuration.services
        var text = "\(loaded.name): \(services.count) service\(services.count == 1 ? "" : "s")\n"
        for service in services { text += describe(service) }
        Terminal.standardOutput(text)
    }

    /// The lines of one service: how it is found, its directories, its processes now, and the verdicts that
    /// were asked for.
    private func describe(_ service: ServiceConfiguration) -> String {
        var text = "\(service.name)  \(service.match.words.sanitized)\n"
        for path in service.paths {
            text +=
                "  path  \(path.sanitized)" + (isDirectory(path) ? "\n" : "  (there is no such directory)\n")
        }
        text += "  now   \(processes(of: service))\n"
        for path in paths { text += verdict(of: WorkingDirectory.absolute(path), in: service) }
        return text
    }

    /// Follows links; false where nothing is.
    private func isDirectory(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// What the selector finds at this moment; a program that we would launch is not looked for.
    private func processes(of service: ServiceConfiguration) -> String {
        guard let selector = Selector(service.match) else { return "would be launched" }
        let found = selector.processes(except: getpid())
        guard !found.isEmpty else { return "no process matches" }
        return found.map { pid in
            let below = Self.processes(below: pid, service.workers)
            return "pid \(pid)" + (below == 0 ? "" : " and \(below) below it")
        }.joined(separator: ", ")
    }

    /// Python processes below `pid` that would join.
    private static func processes(below pid: Int32, _ workers: ServiceConfiguration.Workers) -> Int {
        switch workers {
        case .none: 0
        case .children: ProcessFamily().pythons(below: pid, depth: .children).count
        case .descendants: ProcessFamily().pythons(below: pid, depth: .descendants).count
        }
    }

    /// Empty for a path below none of the service's directories.
    private func verdict(of path: FilePath, in service: ServiceConfiguration) -> String {
        let roots = service.paths.map { FilePath($0) }
        guard let root = roots.first(where: { path.starts(with: $0) }) else { return "" }
        var options = WatchOptions()
        options.ignore += service.settings.ignore
        options.include += service.settings.include + service.actions.flatMap(\.files)
        options.respectGitignore = service.settings.gitignore
        let filter = PathFilter(options)
        let directory = isDirectory(path.string)
        switch filter.explain(path, root: root, isDirectory: directory) {
        case .watched: return "  \(path.string.sanitized): watched\n"
        case .notIncluded: return "  \(path.string.sanitized): not watched: no pattern of include matches\n"
        case .ignored(let reason):
            let source =
                switch reason.source {
                case .options: "ignore"
                case .file(let file, let line): "\(file.string):\(line)"
                }
            return
                "  \(path.string.sanitized): not watched: '\(reason.pattern)' of \(source) matches \(reason.matched)\n"
        }
    }
}
