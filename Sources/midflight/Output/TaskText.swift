import Reloader

/// Tasks for people: one line for each chain of calls, the most recent call last.
struct TaskText {
    /// How it is painted.
    var style: Style

    /// All tasks of a process, by the loop that runs them.
    func text(_ tasks: TaskStacks, pid: Int32) -> String {
        var text = "process \(pid) \(style.separator) Python \(tasks.version) \(style.separator) "
        guard tasks.total > 0 else { return text + Self.absence(tasks) + "\n" }
        text += Self.counted(tasks.total, "task") + "\n"
        let places = ShortPaths(tasks.groups.flatMap { $0.calls.map(\.frame.file) })
        for (index, loop) in tasks.loops.enumerated() {
            text += "\nevent loop"
            if loop.identity != 0 {
                text += " of \(loop.thread.isEmpty ? "a thread without a name" : loop.thread.sanitized)"
            }
            text += "\n"
            for group in tasks.groups where group.loop == index { text += line(group, places) }
        }
        if tasks.leftOut > 0 { text += "\n\(Self.counted(tasks.leftOut, "more task")), not shown\n" }
        if tasks.frozen > 0 {
            text +=
                "\n\(style.arrow) gc.freeze() hides \(tasks.frozen) objects; tasks among them are not found"
            text += " [heap-frozen]\n"
        }
        return text
    }

    /// Why there are none.
    static func absence(_ tasks: TaskStacks) -> String {
        if !tasks.isLoaded { return "no event loop: asyncio is not imported" }
        if tasks.idleLoops == 0 { return "no event loop of asyncio" }
        return "no tasks; \(counted(tasks.idleLoops, "event loop")) of asyncio without any"
    }

    /// Who, the chain of calls, and the state unless it is plain waiting.
    private func line(_ group: TaskGroup, _ places: ShortPaths) -> String {
        var parts = group.calls.map { call($0, places) }
        if group.cut > 0 {
            parts.insert("… \(Self.counted(group.cut, "call")) …", at: min(10, parts.count))
        }
        if let awaited = awaited(group) { parts.append(awaited) }
        let chain = parts.joined(separator: " \(style.arrow) ")
        let names = group.names.map(\.sanitized)
        let who = group.count == 1 ? names.first ?? "" : Self.counted(group.count, "task")
        var notes: [String] = group.state == .waiting ? [] : [group.state.rawValue]
        if group.count > 1 {
            notes.append(names.prefix(3).joined(separator: ", ") + (group.count > 3 ? ", …" : ""))
        }
        let tail = notes.map { style.paint(" \(style.separator) \($0)", .dim) }.joined()
        return "  \(style.paint(who, .bold)): \(chain)\(tail)\n"
    }

    /// Functions of asyncio are named without their place: users look for their own.
    private func call(_ call: TaskGroup.Call, _ places: ShortPaths) -> String {
        let name = call.frame.qualifiedName.sanitized
        return Self.isAsyncio(call)
            ? "asyncio \(name)" : "\(places.short(call.frame.file).sanitized):\(call.frame.line) \(name)"
    }

    /// Nil where the last call tells it: `asyncio sleep` waits for a future of its own.
    private func awaited(_ group: TaskGroup) -> String? {
        switch group.awaited {
        case .nothing: nil
        case .future: group.calls.last.map(Self.isAsyncio) ?? false ? nil : "a future"
        case .task(let name): name.isEmpty ? "a task" : "task \(name.sanitized)"
        case .gather(let count): "gather of \(Self.counted(count, "task"))"
        case .other(let name): name.sanitized
        }
    }

    /// Of the standard library's package; other event loops' modules are the program's.
    private static func isAsyncio(_ call: TaskGroup.Call) -> Bool { call.module.hasPrefix("asyncio.") }

    /// `1 task`, `2,000 tasks`.
    static func counted(_ number: Int, _ noun: String) -> String {
        var digits = String(number)
        var parts: [String] = []
        while digits.count > 3 {
            parts.insert(String(digits.suffix(3)), at: 0)
            digits.removeLast(3)
        }
        return ([digits] + parts).joined(separator: ",") + " " + noun + (number == 1 ? "" : "s")
    }
}
