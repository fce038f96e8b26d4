import Glibc
import Reloader
import SystemPackage

/// How a list of processes looks.
enum ProcessTable {
    /// Every Python process but the interpreters that a midflight runs to compile: their program names itself so.
    static func all() -> [PythonProcess] {
        PythonProcess.all(except: getpid(), now: secondsSinceBoot).filter { process in
            !process.commandLine.contains { $0.contains("'<midflight twin>'") }
        }
    }

    /// As /proc/PID/stat counts: with the time in which the machine slept.
    static var secondsSinceBoot: Int {
        var time = timespec()
        clock_gettime(CLOCK_BOOTTIME, &time)
        return time.tv_sec
    }

    /// One process a line, and below it why it cannot be attached to; `isNumbered` puts 1, 2, ... before them.
    static func text(_ processes: [PythonProcess], style: Style, isNumbered: Bool = false) -> String {
        let rows =
            [["", "PID", "PYTHON", "UP", "PORTS", "PROGRAM", "DIRECTORY"]]
            + processes.enumerated().map { index, process in [String(index + 1)] + cells(process) }
        let columns = isNumbered ? 0..<7 : 1..<7
        let widths = (0..<7).map { column in rows.map { $0[column].count }.max() ?? 0 }
        let lines = rows.enumerated().map { index, row -> String in
            let padded = columns.map { row[$0] + String(repeating: " ", count: widths[$0] - row[$0].count) }
            let line = String(padded.joined(separator: "  ").reversed().drop { $0 == " " }.reversed())
            guard index > 0 else { return style.paint(line, .bold) }
            guard let obstacle = processes[index - 1].obstacle else { return line }
            return "\(line)\n    \(style.mark(.warning)) \(obstacle.id): \(obstacle.message.sanitized)"
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// One text for each column behind the number; `?` for what may not be read.
    private static func cells(_ process: PythonProcess) -> [String] {
        [
            String(process.pid), process.version ?? "?", duration(process.uptime),
            process.ports.map(String.init).joined(separator: ","), program(process),
            process.workingDirectory?.string.sanitized ?? "?",
        ]
    }

    /// One process as an object.
    static func object(_ process: PythonProcess) -> JSON {
        .object([
            ("v", .integer(1)), ("pid", .integer(Int(process.pid))),
            ("python", process.version.map { .string($0) } ?? .null), ("uptime", .integer(process.uptime)),
            ("ports", .array(process.ports.map { .integer(Int($0)) })),
            ("command", .array(process.commandLine.map { .string($0) })),
            ("cwd", process.workingDirectory.map { .string($0.string) } ?? .null),
            ("attachable", .bool(process.obstacle == nil)),
            ("reason", process.obstacle.map { .string($0.id) } ?? .null),
            ("message", process.obstacle.map { .string($0.message) } ?? .null),
        ])
    }

    /// The command line without the interpreter's directory, at most 60 characters.
    static func program(_ process: PythonProcess) -> String {
        let words = process.commandLine.enumerated().map { index, word in
            index == 0 ? String(word.split(separator: "/").last ?? "") : word
        }
        let text = words.joined(separator: " ").sanitized
        return text.count > 60 ? text.prefix(57) + "..." : text
    }

    /// In two units at most: "3m20s".
    static func duration(_ seconds: Int) -> String {
        switch seconds {
        case ..<60: "\(seconds)s"
        case ..<3600: "\(seconds / 60)m\(seconds % 60)s"
        case ..<86400: "\(seconds / 3600)h\(seconds / 60 % 60)m"
        default: "\(seconds / 86400)d\(seconds / 3600 % 24)h"
        }
    }
}
