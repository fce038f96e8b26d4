/// The asyncio tasks of one process that are not done, in groups of equal chains of calls.
package struct TaskStacks: Sendable, Hashable {
    /// As in "3.11".
    package var version: String
    /// False: the process has not imported asyncio.
    package var isLoaded = true
    /// Event loops of a process without tasks that are not closed.
    package var idleLoops = 0
    /// All tasks that are not done.
    package var total = 0
    /// Tasks of `total` that stand in no group: there were too many.
    package var leftOut = 0
    /// Objects that `gc.freeze()` hides from a search of the heap, where one was needed.
    package var frozen = 0
    /// The loops that have tasks.
    package var loops: [Loop] = []
    /// In the order of their first tasks' names.
    package var groups: [TaskGroup] = []

    /// What runs tasks.
    package struct Loop: Sendable, Hashable {
        /// What `threading` calls its thread; empty if the loop does not run, or does not say where.
        package var thread: String
        /// As `threading.get_ident()`; 0 if it is not known.
        package var identity: Int

        /// Makes a loop; an empty name and 0 where nothing is known.
        package init(thread: String, identity: Int) {
            self.thread = thread
            self.identity = identity
        }
    }

    /// Makes the answer of a process without tasks.
    package init(version: String) { self.version = version }

    /// Whether there is, or may be, an event loop.
    package var hasLoop: Bool { total > 0 || idleLoops > 0 }

    /// `observer`: the compiled program that answers.
    package static func request(observer: [UInt8]) -> [UInt8] {
        MarshalValue.tuple(["look", .bytes(observer), "tasks", [:]]).marshalled
    }

    /// Reads the agent's answer. Throws `unexpected` if it is none to `tasks`.
    package init(answer: [UInt8]) throws(ProtocolError) {
        let facts = try AgentAnswer.content(of: answer, named: "look")
        guard let version = facts["python"]?.text, let total = facts["total"]?.integer else {
            throw .unexpected("tasks")
        }
        self.version = version
        self.total = total
        isLoaded = facts["loaded"]?.flag ?? true
        idleLoops = facts["idle_loops"]?.integer ?? 0
        leftOut = facts["left_out"]?.integer ?? 0
        frozen = facts["frozen"]?.integer ?? 0
        for loop in facts["loops"]?.items ?? [] {
            guard let parts = loop.items, parts.count == 2, let name = parts[0].text else {
                throw .unexpected("tasks")
            }
            loops.append(Loop(thread: name, identity: parts[1].integer ?? 0))
        }
        for value in facts["groups"]?.items ?? [] {
            guard let group = TaskGroup(value), loops.indices.contains(group.loop) else {
                throw .unexpected("tasks")
            }
            groups.append(group)
        }
    }
}
