import Reloader

/// Tasks as JSON, on the control socket and for `--json`.
enum TaskWire {
    /// What is answered to `tasks`, and what the event has beside its head.
    static func members(_ tasks: TaskStacks) -> [(String, JSON)] {
        [
            ("python", .string(tasks.version)), ("asyncio", .bool(tasks.isLoaded)),
            ("total", .integer(tasks.total)), ("left_out", .integer(tasks.leftOut)),
            ("idle_loops", .integer(tasks.idleLoops)), ("frozen", .integer(tasks.frozen)),
            ("loops", .array(tasks.loops.map(object))), ("groups", .array(tasks.groups.map(object))),
        ]
    }

    /// `ident`: of the thread, as Python's `threading` numbers it; 0 if it is not known.
    private static func object(_ loop: TaskStacks.Loop) -> JSON {
        .object([("thread", .string(loop.thread)), ("ident", .integer(loop.identity))])
    }

    /// `loop` is an index in `loops`.
    private static func object(_ group: TaskGroup) -> JSON {
        let awaited = group.awaited.words
        return .object([
            ("count", .integer(group.count)), ("names", .array(group.names.map { .string($0) })),
            ("state", .string(group.state.rawValue)), ("loop", .integer(group.loop)),
            ("awaits", .string(awaited.kind)), ("awaited", .string(awaited.name)),
            ("cut", .integer(group.cut)),
            (
                "calls",
                .array(
                    group.calls.map { call in
                        .object([
                            ("function", .string(call.frame.function)),
                            ("qualname", .string(call.frame.qualifiedName)),
                            ("file", .string(call.frame.file)), ("line", .integer(call.frame.line)),
                            ("module", .string(call.module)),
                        ])
                    })
            ),
        ])
    }

    /// Nil if it is no answer to `tasks`.
    static func tasks(_ value: JSON) -> TaskStacks? {
        guard value["answer"]?.text == "tasks", let version = value["python"]?.text,
            let total = value["total"]?.integer
        else { return nil }
        var tasks = TaskStacks(version: version)
        tasks.total = total
        tasks.isLoaded = value["asyncio"]?.flag ?? true
        tasks.leftOut = value["left_out"]?.integer ?? 0
        tasks.idleLoops = value["idle_loops"]?.integer ?? 0
        tasks.frozen = value["frozen"]?.integer ?? 0
        tasks.loops = (value["loops"]?.elements ?? []).map {
            TaskStacks.Loop(thread: $0["thread"]?.text ?? "", identity: $0["ident"]?.integer ?? 0)
        }
        for element in value["groups"]?.elements ?? [] {
            guard let group = group(element), tasks.loops.indices.contains(group.loop) else { return nil }
            tasks.groups.append(group)
        }
        return tasks
    }

    /// nil for a state or a kind of waiting that we do not know.
    private static func group(_ value: JSON) -> TaskGroup? {
        guard let count = value["count"]?.integer, let loop = value["loop"]?.integer,
            let state = value["state"]?.text.flatMap(TaskGroup.State.init),
            let awaited = TaskGroup.Awaited(
                kind: value["awaits"]?.text ?? "", name: value["awaited"]?.text ?? "")
        else { return nil }
        let calls = (value["calls"]?.elements ?? []).map { call in
            TaskGroup.Call(
                frame: ThreadStack.Frame(
                    function: call["function"]?.text ?? "", qualifiedName: call["qualname"]?.text ?? "",
                    file: call["file"]?.text ?? "", line: call["line"]?.integer ?? 0),
                module: call["module"]?.text ?? "")
        }
        var group = TaskGroup(
            count: count, names: (value["names"]?.elements ?? []).compactMap(\.text), state: state,
            calls: calls, awaited: awaited, loop: loop)
        group.cut = value["cut"]?.integer ?? 0
        return group
    }
}
