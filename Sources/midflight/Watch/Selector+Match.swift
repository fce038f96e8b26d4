import Configuration
import Reloader
import SystemPackage

extension Selector {
    /// Nil for a program that is to be launched.
    init?(_ match: ServiceConfiguration.Match) {
        switch match {
        case .pid(let pid): self = .pid(pid)
        case .pidfile(let path): self = .pidfile(FilePath(path))
        case .port(let port): self = .port(port)
        case .name(let name): self = .name(name)
        case .cmdline(let pattern): self = .cmdline(pattern)
        case .container(let name): self = .container(name)
        case .unit(let name): self = .unit(name)
        case .run: return nil
        }
    }
}

extension ServiceConfiguration.Match {
    /// Empty for a process that others start.
    var command: [String] { if case .run(let words) = self { words } else { [] } }

    /// As users name it: `port 8000`.
    var words: String { Selector(self)?.description ?? "run \(command.joined(separator: " "))" }
}
