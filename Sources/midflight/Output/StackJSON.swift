import Reloader

/// The stacks of a process as one event.
enum StackJSON {
    /// All threads of a process as one event.
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

    /// `line`: where the call stands, not where the function begins.
    private static func frame(_ frame: ThreadStack.Frame) -> JSON {
        .object([
            ("function", .string(frame.function)), ("qualname", .string(frame.qualifiedName)),
            ("file", .string(frame.file)), ("line", .integer(frame.line)),
        ])
    }
}
