import Reloader

/// Tasks in PyFlightProfiler's words; of tasks with equal stacks the first is shown, and how many there are.
enum FlightTaskText {
    /// All tasks of a process, by the thread that runs them.
    static func text(_ tasks: TaskStacks) -> String {
        let ruler = String(repeating: "=", count: 60)
        var text = "\(ruler)\nAsync Coroutine/Task Stacks\n\(ruler)\n"
        guard tasks.total > 0 else { return text + TaskText.absence(tasks) + "\n" }
        for (index, loop) in tasks.loops.enumerated() {
            text += "\nThread: \(loop.thread.sanitized) (tid: 0x\(String(loop.identity, radix: 16)))\n"
            text += String(repeating: "-", count: 50) + "\n"
            for (number, group) in tasks.groups.filter({ $0.loop == index }).enumerated() {
                text += task(group, number: number + 1)
            }
        }
        if tasks.leftOut > 0 { text += "\n\(TaskText.counted(tasks.leftOut, "more task")), not shown\n" }
        return text
    }

    /// `number`: from 1 in each thread.
    private static func task(_ group: TaskGroup, number: Int) -> String {
        var text = "  Task #\(number): \((group.names.first ?? "").sanitized)"
        if group.count > 1 { text += " and \(TaskText.counted(group.count - 1, "more task"))" }
        text += "\n    State: \(group.state.rawValue.uppercased())\n"
        text += "    Coroutine: \((group.calls.first?.frame.qualifiedName ?? "").sanitized)\n"
        text += "    Stack (\(group.calls.count) frames):\n"
        for call in group.calls {
            text += "      File \"\(call.frame.file.sanitized)\", line \(call.frame.line), "
            text += "in \(call.frame.qualifiedName.sanitized)\n"
        }
        return text + "\n"
    }
}
