import Reloader

/// Calls with their variables for people: the most recent call last.
struct LocalsText {
    /// How it is painted.
    var style: Style

    /// All threads of a process.
    func text(_ stacks: LocalStacks, pid: Int32) -> String {
        var text = "process \(pid) \(style.separator) Python \(stacks.version) \(style.separator) "
        if stacks.isAudited {
            return text + "not read: the program has an audit hook, which would hear of it\n"
        }
        text += TaskText.counted(stacks.threads.count + stacks.leftOut, "thread") + "\n"
        for thread in stacks.threads { text += "\n" + self.text(thread) }
        if stacks.leftOut > 0 {
            text += "\n\(TaskText.counted(stacks.leftOut, "more thread")), not shown\n"
        }
        return text
    }

    /// A heading, then for each call its place and its variables.
    private func text(_ thread: LocalStacks.Thread) -> String {
        var text = thread.name.isEmpty ? "a thread without a name" : thread.name.sanitized
        if let id = thread.id { text += " (\(id))" }
        text += "\n"
        if thread.cut > 0 {
            text += "  \(style.arrow) \(TaskText.counted(thread.cut, "older call")), not shown\n"
        }
        for call in thread.calls {
            text += "  \(call.frame.file.sanitized):\(call.frame.line) "
            text += style.paint(call.frame.qualifiedName.sanitized, .bold)
            if let note = call.unread.map(Self.note) {
                text += style.paint(" \(style.separator) \(note)", .dim)
            }
            text += "\n"
            for variable in call.variables {
                text += "      \(variable.expression.sanitized) = \(variable.text.oneLine)\n"
            }
            let more = call.count - call.variables.count
            if more > 0 { text += style.paint("      \(TaskText.counted(more, "more variable"))\n", .dim) }
        }
        return text
    }

    private static func note(_ unread: LocalStacks.Unread) -> String {
        switch unread {
        case .module: "its variables are the module's"
        case .body: "the body of a class, or exec(): not read"
        case .held: "not read: the program has its variables in a dict, from locals()"
        case .traced: "not read: a trace function is at work"
        case .changing: "not read: it runs on all the time"
        case .full: "left out: too much for one answer"
        case .layout: "not read: this interpreter's memory is another one than CPython's, or closed"
        case .comprehension: "not read: it is inside of a comprehension"
        }
    }
}
