import Glibc
import Reconciler
import Reloader
import SystemPackage

/// Which process a bare `midflight` means: one whose working directory is this one or lies below it.
struct ProcessChoice {
    /// `--json` rules a question out: a program reads the answer.
    var output: OutputOptions

    /// Ends with status 4 where that is none, or several and nobody to ask.
    func pid() throws -> Int32 {
        let here = ModuleFile.resolved(WorkingDirectory.path)
        let ancestors = Self.ancestors()
        let below = ProcessTable.all().filter {
            process in
            !ancestors.contains(process.pid) && process.workingDirectory?.starts(with: here) == true
        }
        let attachable = below.filter { $0.obstacle == nil }
        if attachable.count == 1 { return attachable[0].pid }
        // The only one, and it cannot be attached to: trying says why, with that reason's own status.
        if below.count == 1 { return below[0].pid }
        let style = output.color.style(for: STDERR_FILENO)
        guard !attachable.isEmpty else {
            complain(
                "no Python process that can be attached to runs in or below \(here.string.sanitized)", below,
                style)
            throw ExitStatus.noSuchProcess
        }
        if canAsk {
            if let chosen = ask(attachable, style) { return chosen }
            Terminal.standardError("none chosen\n")
            throw ExitStatus.noSuchProcess
        }
        complain(
            "\(attachable.count) Python processes run in or below \(here.string.sanitized)", below, style)
        throw ExitStatus.noSuchProcess
    }

    /// A person sits there: both ends are a terminal, and no build server claims otherwise.
    private var canAsk: Bool {
        isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1 && !output.json
            && getenv("CI").map { String(cString: $0).isEmpty } ?? true
    }

    /// Nil at the end of the input, or at an empty line.
    private func ask(_ processes: [PythonProcess], _ style: Style) -> Int32? {
        Terminal.standardError(ProcessTable.text(processes, style: style, isNumbered: true))
        while true {
            Terminal.standardError("attach to which one? [1-\(processes.count), Enter for none] ")
            guard let line = readLine(), let answer = line.split(separator: " ").first else { return nil }
            if let number = Int(answer), processes.indices.contains(number - 1) {
                return processes[number - 1].pid
            }
            Terminal.standardError("'\(String(answer).sanitized)' is no number of the list\n")
        }
    }

    /// The list goes where results go, unless a program reads that.
    private func complain(_ problem: String, _ processes: [PythonProcess], _ style: Style) {
        Terminal.standardError("\(style.mark(.failed)) \(problem)\n")
        let action =
            processes.isEmpty
            ? "start your program here, or see them all: midflight ps" : "name one: midflight attach PID"
        if !processes.isEmpty {
            if output.json {
                Terminal.standardError(ProcessTable.text(processes, style: style))
            } else {
                let style = output.color.style(for: STDOUT_FILENO)
                Terminal.standardOutput(ProcessTable.text(processes, style: style))
            }
        }
        Terminal.standardError("  \(style.arrow) \(action)\n")
    }

    /// A script that starts midflight does not mean itself.
    static func ancestors() -> Set<Int32> {
        let procFS = ProcFS()
        var found: Set<Int32> = []
        var pid = getppid()
        while pid > 0, found.insert(pid).inserted, let stat = try? procFS.stat(pid) { pid = stat.parent }
        return found
    }
}
