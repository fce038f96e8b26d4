/// Tasks of one loop that stand at the same place, for the same reason.
package struct TaskGroup: Sendable, Hashable {
    /// How many there are.
    package var count: Int
    /// Of the first ones; asyncio names a task `Task-1` if nobody else does.
    package var names: [String]
    /// What these tasks do.
    package var state: State
    /// The outermost call first.
    package var calls: [Call]
    /// What the last call waits for.
    package var awaited: Awaited
    /// Calls that are left out in the middle.
    package var cut: Int
    /// Place in `TaskStacks.loops`.
    package var loop: Int

    /// What a task can do while it is not done.
    package enum State: String, Sendable, Hashable {
        /// Its thread runs it at this moment.
        case running
        /// The loop runs it as soon as it can.
        case ready
        case waiting
    }

    /// A call of a coroutine; in a running task also of a function.
    package struct Call: Sendable, Hashable {
        /// Function, file and line.
        package var frame: ThreadStack.Frame
        /// `__name__` of the module whose globals it has; empty if it has none.
        package var module: String

        /// Makes a call that is shown as it is.
        package init(frame: ThreadStack.Frame, module: String) {
            self.frame = frame
            self.module = module
        }
    }

    /// What a task waits for.
    package enum Awaited: Sendable, Hashable {
        /// It runs, or will.
        case nothing
        case future
        /// The name is empty in a group whose tasks wait for several.
        case task(String)
        /// `asyncio.gather` of so many.
        case gather(Int)
        /// An object of this class.
        case other(String)
    }

    /// Makes a group; the names are those of its first tasks.
    package init(count: Int, names: [String], state: State, calls: [Call], awaited: Awaited, loop: Int) {
        self.count = count
        self.names = names
        self.state = state
        self.calls = calls
        self.awaited = awaited
        self.loop = loop
        cut = 0
    }

    /// Nil if the agent means something else.
    init?(_ value: MarshalValue) {
        guard let count = value["count"]?.integer, count > 0, let loop = value["loop"]?.integer,
            let state = value["state"]?.text.flatMap(State.init),
            let parts = value["awaited"]?.items, parts.count == 2,
            let awaited = Awaited(kind: parts[0].text ?? "", name: parts[1].text ?? "")
        else { return nil }
        self.init(
            count: count, names: (value["names"]?.items ?? []).compactMap(\.text), state: state,
            calls: (value["rows"]?.items ?? []).compactMap(Call.init), awaited: awaited, loop: loop)
        cut = value["cut"]?.integer ?? 0
    }
}

extension TaskGroup.Call {
    init?(_ value: MarshalValue) {
        guard let parts = value.items, parts.count == 5, let name = parts[0].text,
            let function = parts[1].text, let file = parts[2].text, let line = parts[3].integer,
            let module = parts[4].text
        else { return nil }
        self.init(
            frame: ThreadStack.Frame(function: function, qualifiedName: name, file: file, line: line),
            module: module)
    }
}

extension TaskGroup.Awaited {
    /// `kind`, `name`: as the agent and the control socket say them. Nil for an unknown kind.
    package init?(kind: String, name: String) {
        switch kind {
        case "": self = .nothing
        case "task": self = .task(name)
        case "gather": self = .gather(Int(name) ?? 0)
        case "future": self = name.isEmpty ? .future : .other(name)
        case "other": self = .other(name)
        default: return nil
        }
    }

    /// As `init(kind:name:)` reads them.
    package var words: (kind: String, name: String) {
        switch self {
        case .nothing: ("", "")
        case .future: ("future", "")
        case .task(let name): ("task", name)
        case .gather(let count): ("gather", String(count))
        case .other(let name): ("other", name)
        }
    }
}
