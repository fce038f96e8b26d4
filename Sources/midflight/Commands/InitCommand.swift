import ArgumentParser
import Glibc
import Reconciler
import Reloader
import SystemPackage

/// `midflight init`: a first watch.yaml from what runs.
struct InitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Write a watch.yaml from the Python processes that run below this directory.",
        discussion:
            "Never overwrites a file. Exit status: 0 written, 1 there is one already, 4 nothing runs here.")

    /// Processes below another one of the list are its workers and get no service of their own.
    func run() throws {
        let here = WorkingDirectory.path
        let mine = ProcessTable.all().filter { $0.workingDirectory.map { $0.starts(with: here) } ?? false }
        let top = Set(ProcessFamily().topmost(mine.map(\.pid)))
        let programs = mine.filter { top.contains($0.pid) }
        guard !programs.isEmpty else {
            Terminal.standardError(
                "no Python process runs below \(here): start your server, then `midflight init`\n")
            throw ExitStatus.noSuchProcess
        }
        let text = Self.text(programs, here: here)
        let file = open("watch.yaml", O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o644)
        guard file >= 0 else {
            let reason =
                errno == EEXIST
                ? "is there already" : "cannot be written: \(String(cString: strerror(errno)))"
            Terminal.standardError(
                "watch.yaml \(reason); nothing was changed. This would be in it:\n\n\(text)")
            throw ExitStatus.notApplied
        }
        defer { close(file) }
        let bytes = Array(text.utf8)
        guard write(file, bytes, bytes.count) == bytes.count else { throw ExitStatus.notApplied }
        Terminal.standardOutput("watch.yaml: \(programs.count) service\(programs.count == 1 ? "" : "s")\n")
        Terminal.standardOutput("next: midflight check-config, then midflight watch\n")
    }

    /// The file's text; services with the same name are numbered from the second one on.
    private static func text(_ programs: [PythonProcess], here: FilePath) -> String {
        var used: [String: Int] = [:]
        var text = "version: 1\n\nservices:\n"
        for program in programs {
            var name = serviceName(program)
            used[name, default: 0] += 1
            if let count = used[name], count > 1 { name += "-\(count)" }
            let path = program.workingDirectory.map { directory -> String in
                let rest = directory.components.dropFirst(here.components.count).map(\.string)
                return rest.isEmpty ? "." : rest.joined(separator: "/")
            }
            text += "  \(name):\n    path: \(quoted(path ?? "."))\n    match: { \(match(program)) }\n"
        }
        return text
    }

    /// The script or module, as letters that a service's name may have.
    private static func serviceName(_ program: PythonProcess) -> String {
        let words = program.commandLine.dropFirst().filter { !$0.hasPrefix("-") }
        let base = words.first.flatMap { FilePath($0).stem } ?? "app"
        let name = base.filter { $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) }
        return name.isEmpty ? "app" : name
    }

    /// A port stays the same when the service is started again.
    private static func match(_ program: PythonProcess) -> String {
        if let port = program.ports.first { return "port: \(port)" }
        let words = program.commandLine.map { word in
            word.reduce(into: "") { $0 += "\\.+*?()[]{}|^$".contains($1) ? "\\\($1)" : String($1) }
        }
        return "cmdline: \(quoted(words.joined(separator: " ") + "$"))"
    }

    /// Single quotes: nothing in them but a quote is special, and `$$` is one dollar.
    private static func quoted(_ text: String) -> String {
        let doubled = text.replacing("'", with: "''").replacing("$", with: "$$")
        return "'\(doubled)'"
    }
}
