package import SystemPackage

/// How a process is named by somebody who does not know its pid.
package enum Selector: Sendable, Hashable {
    /// In our pid namespace.
    case pid(Int32)
    /// A file that holds a pid; it is read at each search, because a restart writes another one.
    case pidfile(FilePath)
    /// Who listens on it, IPv4 or IPv6, in our network namespace.
    case port(UInt16)
    /// The process's name (comm), its program's file name, or the script or module that an interpreter runs.
    case name(String)
    /// A regular expression that the command line, words joined by a space, contains.
    case cmdline(String)
    /// Its name, or the beginning of its id (four digits at least), as /proc/PID/cgroup has it.
    case container(String)
    /// A systemd unit, `.service` may be left out.
    case unit(String)
}

extension Selector: CustomStringConvertible {
    /// As users name it: `port 8000`.
    package var description: String {
        switch self {
        case .pid(let pid): "pid \(pid)"
        case .pidfile(let path): "pidfile \(path)"
        case .port(let port): "port \(port)"
        case .name(let name): "name \(name)"
        case .cmdline(let pattern): "cmdline \(pattern)"
        case .container(let name): "container \(name)"
        case .unit(let name): "unit \(name)"
        }
    }
}

extension Selector {
    /// The Python processes that match now, by the time of their start; never `own`. One below another that matches
    /// too is left out: it is a worker of that.
    package func processes(procFS: ProcFS = ProcFS(), except own: Int32) -> [Int32] {
        let matching = candidates(procFS, own).filter { $0 != own }
        let started = matching.compactMap { pid in
            (try? procFS.stat(pid)).map { (pid: pid, start: $0.startTime) }
        }
        let ordered = started.sorted { ($0.start, $0.pid) < ($1.start, $1.pid) }.map(\.pid)
        return ProcessFamily(procFS: procFS).topmost(ordered)
    }

    private func candidates(_ procFS: ProcFS, _ own: Int32) -> [Int32] {
        switch self {
        case .pid(let pid): return [pid]
        case .pidfile(let path):
            let text = (try? procFS.contents(path)).map { String(decoding: $0, as: UTF8.self) } ?? ""
            return Int32(text.prefix { !$0.isNewline }.filter { !$0.isWhitespace }).map { [$0] } ?? []
        case .port(let port):
            let listening = ListeningPorts(procFS: procFS)
            return procFS.processIDs().filter { listening.ports(of: $0, procFS: procFS).contains(port) }
        case .name(let name): return procFS.processIDs().filter { CommandWords(of: $0, procFS).isNamed(name) }
        case .cmdline(let pattern):
            guard let expression = try? Regex(pattern) else { return [] }
            return procFS.processIDs().filter { CommandWords(of: $0, procFS).joined.contains(expression) }
        case .container(let name): return controlGroups(procFS) { Self.holds(container: name, $0) }
        case .unit(let name): return controlGroups(procFS) { Self.holds(unit: name, $0) }
        }
    }

    private func controlGroups(_ procFS: ProcFS, _ matches: (Substring) -> Bool) -> [Int32] {
        procFS.processIDs().filter { pid in
            let text = (try? procFS.text(pid, "cgroup")) ?? ""
            return text.split(separator: "\n").contains { line in
                line.split(separator: ":", maxSplits: 2).last.map(matches) ?? false
            }
        }
    }

    /// `/docker/ID`, `/system.slice/docker-ID.scope`, `/kubepods/…/cri-containerd-ID.scope`, `/lxc.payload.NAME`.
    static func holds(container name: String, _ path: Substring) -> Bool {
        path.split(separator: "/").contains { component in
            let bare = component.hasSuffix(".scope") ? component.dropLast(6) : component
            let words = [bare] + bare.split { $0 == "-" || $0 == ":" }
            let isPart =
                words.contains { $0 == name } || bare.hasSuffix("-" + name) || bare.hasSuffix("." + name)
            let isID = name.count >= 4 && name.allSatisfy(\.isHexDigit)
            return isPart || isID && words.contains { $0.count == 64 && $0.hasPrefix(name) }
        }
    }

    /// Whether one component of a cgroup's path is the unit.
    static func holds(unit name: String, _ path: Substring) -> Bool {
        path.split(separator: "/").contains { $0 == name || $0 == name + ".service" }
    }
}

/// What a process was started as.
struct CommandWords {
    /// The program and its arguments.
    let words: [String]
    private let processName: String

    /// Reads the command line of a process; no words if it has ended.
    init(of pid: Int32, _ procFS: ProcFS) {
        let bytes = (try? procFS.contents(procFS.path(pid, "cmdline"))) ?? []
        self.init(
            words: bytes.split(separator: 0).map { String(decoding: $0, as: UTF8.self) },
            processName: (try? procFS.stat(pid))?.name ?? "")
    }

    /// `processName`: the name of its main thread.
    init(words: [String], processName: String) {
        self.words = words
        self.processName = processName
    }

    /// As a regular expression is tried on it.
    var joined: String { words.joined(separator: " ") }

    /// Whether the process, its program, its script or its module has this name.
    func isNamed(_ name: String) -> Bool {
        processName == name || words.first.map { Self.fileName($0) == name } ?? false || program == name
    }

    /// The script's file name, or the module behind `-m`; nil for `-c` and a plain interpreter.
    private var program: String? {
        guard let first = words.first, TwinLaunch.isInterpreter(first) else { return nil }
        var rest = words.dropFirst()
        while let word = rest.first, word.hasPrefix("-"), word.count > 1 {
            rest = rest.dropFirst()
            if word == "-m" { return rest.first }
            if word.hasPrefix("-m") { return String(word.dropFirst(2)) }
            if word.hasPrefix("-c") { return nil }
            if ["-W", "-X", "--check-hash-based-pycs"].contains(word) { rest = rest.dropFirst() }
        }
        return rest.first.map(Self.fileName)
    }

    private static func fileName(_ path: String) -> String {
        path.split(separator: "/").last.map(String.init) ?? path
    }
}
