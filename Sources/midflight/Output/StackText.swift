import Reconciler
import Reloader

/// The stacks of a process for people: the most recent call last, equal stacks once.
struct StackText {
    var style: Style

    func text(_ process: ProcessStacks) -> String {
        let count = process.threads.count
        var text = "process \(process.pid) \(style.separator) Python \(process.version) \(style.separator) "
        text += count == 1 ? "1 thread\n" : "\(count) threads\n"
        for fold in StackFold.folds(of: process.threads) { text += "\n" + self.text(fold) }
        return text
    }

    private func text(_ fold: StackFold) -> String {
        var text = heading(fold)
        if fold.isCut { text += "  \(style.arrow) older calls are left out\n" }
        for frame in fold.frames {
            text +=
                "  \(frame.file.sanitized):\(frame.line) \(style.paint(frame.qualifiedName.sanitized, .bold))\n"
        }
        return text
    }

    private func heading(_ fold: StackFold) -> String {
        let names = fold.threads.map { thread in
            let name = thread.name.isEmpty ? "a thread without a name" : thread.name.sanitized
            return thread.id.map { "\(name) (\($0))" } ?? name
        }
        let who = names.count == 1 ? names[0] : "\(names.count) threads: \(names.joined(separator: ", "))"
        return who + " " + style.paint("\(style.separator) \(Self.words(fold))", .dim) + "\n"
    }

    private static func words(_ fold: StackFold) -> String {
        if fold.isUnreadable { return "not read: its stack changed all the time" }
        return switch fold.state {
        case .hasGIL: "has the GIL"
        case .waitsForGIL: fold.threads.count == 1 ? "waits for the GIL" : "wait for the GIL"
        case .running: "running"
        case .waiting: "waiting"
        }
    }
}

/// The stacks of a process in PyFlightProfiler's words.
enum FlightStackText {
    static func text(_ process: ProcessStacks) -> String {
        process.threads.map { thread in
            var text =
                "Traceback for thread \(thread.id ?? 0) (\(thread.command.sanitized)) [] (most recent call last):\n"
            for frame in thread.frames {
                text +=
                    "    (Python) File \"\(frame.file.sanitized)\", line \(frame.line), in \(frame.function.sanitized)\n"
            }
            return text + "\n"
        }.joined()
    }
}

/// The stacks of a process as one event.
enum StackJSON {
    static func line(_ process: ProcessStacks, at time: String) -> String {
        let threads = process.threads.map { thread in
            var members: [(String, JSON)] = [
                ("id", thread.id.map { .integer(Int($0)) } ?? .null), ("name", .string(thread.name)),
                ("state", .string(thread.state.rawValue)), ("frames", .array(thread.frames.map(frame))),
            ]
            if thread.isCut { members.append(("cut", .bool(true))) }
            if thread.isUnreadable { members.append(("unreadable", .bool(true))) }
            return JSON.object(members)
        }
        return JSON.object([
            ("v", .integer(1)), ("t", .string(time)), ("event", "stack"), ("pid", .integer(Int(process.pid))),
            ("python", .string(process.version)), ("threads", .array(threads)),
        ]).line + "\n"
    }

    private static func frame(_ frame: ThreadStack.Frame) -> JSON {
        .object([
            ("function", .string(frame.function)), ("qualname", .string(frame.qualifiedName)),
            ("file", .string(frame.file)), ("line", .integer(frame.line)),
        ])
    }
}
