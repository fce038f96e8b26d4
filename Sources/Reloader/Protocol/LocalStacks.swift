/// The calls of every thread of one process, with their local variables.
package struct LocalStacks: Sendable, Hashable {
    /// As in "3.11".
    package var version: String
    /// The program has audit hooks, which would hear of the look: nothing was read.
    package var isAudited = false
    /// Threads that were not read: there were too many calls before.
    package var leftOut = 0
    /// The main thread first; ours is not among them.
    package var threads: [Thread] = []

    /// One thread.
    package struct Thread: Sendable, Hashable {
        /// As gettid(2) in the process's own pid namespace; nil where `threading` does not know the thread.
        package var id: Int?
        /// What `threading` calls it; empty if it does not know it.
        package var name: String
        /// The oldest first.
        package var calls: [Call] = []
        /// Older calls that are left out.
        package var cut = 0

        /// Makes a thread without calls.
        package init(id: Int?, name: String) {
            self.id = id
            self.name = name
        }
    }

    /// One call that is under way.
    package struct Call: Sendable, Hashable {
        /// Function, file and line.
        package var frame: ThreadStack.Frame
        /// In the order of the code; as many as have room.
        package var variables: [CallRecord.Value] = []
        /// How many variables there are.
        package var count = 0
        /// Why there are none to show; nil if they were read.
        package var unread: Unread?

        /// Makes a call without variables.
        package init(frame: ThreadStack.Frame) { self.frame = frame }
    }

    /// Why the variables of a call are not shown.
    package enum Unread: String, Sendable, Hashable, CaseIterable {
        /// It is a module's own code: they are its globals.
        case module
        /// It is the body of a class, or code of exec().
        case body
        /// The program has them itself, from `locals()`: its dict would get other values.
        case held
        /// A trace or profile function is at work, which would write back what is read.
        case traced
        /// It runs on all the time.
        case changing
        /// Everything together has become too long.
        case full
        /// The memory of this interpreter is another one than was expected, or may not be read.
        case layout
        /// It is inside of a comprehension, where a look would stay in the call (3.12).
        case comprehension
    }

    /// Makes the answer of a process without threads.
    package init(version: String) { self.version = version }
}

/// How variables are asked for.
package struct LocalsFacts: Sendable, Hashable {
    /// More is shown of large values.
    package var isVerbose = false
    /// Values of names like `password` and `token` are left out.
    package var redacts = true

    /// Short values, without secrets.
    package init() {}

    /// `observer`: the compiled program that answers.
    package func request(observer: [UInt8]) -> [UInt8] {
        MarshalValue.tuple([
            "look", .bytes(observer), "locals", ["verbose": .bool(isVerbose), "redact": .bool(redacts)],
        ]).marshalled
    }
}

extension LocalStacks {
    /// Reads the agent's answer. Throws `unexpected` if it is none to `locals`.
    package init(answer: [UInt8]) throws(ProtocolError) {
        let facts = try AgentAnswer.content(of: answer, named: "look")
        guard let version = facts["python"]?.text, let rows = facts["threads"]?.items else {
            throw .unexpected("locals")
        }
        self.version = version
        isAudited = facts["audited"]?.flag ?? false
        leftOut = facts["left_out"]?.integer ?? 0
        for row in rows {
            guard let name = row["name"]?.text, let calls = row["calls"]?.items else {
                throw .unexpected("locals")
            }
            let id = row["id"]?.integer ?? 0
            var thread = Thread(id: id > 0 ? id : nil, name: name)
            thread.cut = row["cut"]?.integer ?? 0
            for value in calls {
                guard let call = Call(value) else { throw .unexpected("locals") }
                thread.calls.append(call)
            }
            threads.append(thread)
        }
    }
}

extension LocalStacks.Call {
    /// Nil if the agent means something else.
    init?(_ value: MarshalValue) {
        guard let parts = value.items, parts.count == 4, let call = TaskGroup.Call(parts[0]),
            let rows = parts[1].items, let count = parts[2].integer, let reason = parts[3].text
        else { return nil }
        self.init(frame: call.frame)
        self.count = count
        for row in rows {
            guard let row = row.items, row.count == 3, let name = row[0].text, let type = row[1].text,
                let text = row[2].text
            else { return nil }
            variables.append(CallRecord.Value(expression: name, type: type, text: text))
        }
        guard !reason.isEmpty else { return }
        guard let reason = LocalStacks.Unread(rawValue: reason) else { return nil }
        unread = reason
    }
}
