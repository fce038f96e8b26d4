/// One thing that a burst is to do to a file's live code. The compiler twin turns it into code for the agent.
package struct PlannedChange: Sendable, Hashable {
    /// What the twin and the agent are asked to do. Raw values are those of the protocol.
    package enum Operation: String, Sendable, Hashable, CaseIterable {
        /// A function stays; its body, header or doc is new.
        case function
        /// A function or class appears.
        case define
        /// A function or class is gone from the source.
        case delete
        /// Bases, keywords, decorators or doc of a class.
        case classHeader = "class"
        /// An import statement to execute.
        case `import`
        /// An assignment to a name that the old source did not bind.
        case assign
        /// An assignment whose expression changed.
        case constant
        /// An annotated name that is gone: its annotation goes too.
        case annotation
        /// The doc string of the module.
        case doc
        /// A new statement with blocks.
        case block
    }

    /// Lines of a definition: the first decorator's (else that of `def`), and that of `def` or `class`; 1-based.
    /// Of a statement: its first and last line.
    package struct Lines: Sendable, Hashable {
        /// The first line of the definition with its decorators, or of the statement; 1-based.
        package var first: Int
        /// The line of the `def` or `class` itself; of a statement its last one.
        package var second: Int

        /// Makes the lines of one definition or statement.
        package init(first: Int, second: Int) {
            self.first = first
            self.second = second
        }
    }

    /// Unique within the burst: the agent's answer names changes by it.
    package var id: Int
    /// What is to be done.
    package var operation: Operation
    /// As `__qualname__`; of a statement what it is called for readers.
    package var qualname: String
    /// The last part of the qualname; of an assignment the name it binds.
    package var name: String
    /// Whether it is a `class`.
    package var isClass: Bool
    /// Other definitions of the old file have this qualified name too.
    package var isRepeated: Bool
    /// A later definition of the new file has this qualified name.
    package var isShadowed: Bool
    /// Whether it stands in a branch: `if`, `try`, a loop.
    package var isConditional: Bool
    /// Where it stands in the old source; nil for what is new.
    package var old: Lines?
    /// Where it stands in the new source; nil for what is gone.
    package var new: Lines?
    /// Names of what differs, in SourceDiff's words.
    package var aspects: [String]
    /// Of a statement: the class whose body it stands in, "" for the module.
    package var scope: String
    /// Reason id and message of an earlier burst in which it failed with the same text.
    package var earlier: Earlier?

    /// What became of the same text in an earlier burst.
    package struct Earlier: Sendable, Hashable {
        /// A reason id.
        package var reason: String
        /// As it was told then.
        package var message: String

        /// Makes the memory of a failure.
        package init(reason: String, message: String) {
            self.reason = reason
            self.message = message
        }
    }

    /// Makes a change; what is not named does not apply to its operation.
    package init(
        id: Int, operation: Operation, qualname: String, name: String, isClass: Bool = false,
        isRepeated: Bool = false, isShadowed: Bool = false,
        isConditional: Bool = false, old: Lines? = nil, new: Lines? = nil, aspects: [String] = [],
        scope: String = ""
    ) {
        self.id = id
        self.operation = operation
        self.qualname = qualname
        self.name = name
        self.isRepeated = isRepeated
        self.isShadowed = isShadowed
        self.isConditional = isConditional
        self.old = old
        self.new = new
        self.aspects = aspects
        self.isClass = isClass
        self.scope = scope
    }

    /// As the twin gets it.
    package var message: MarshalValue {
        func lines(_ lines: Lines?) -> MarshalValue {
            lines.map { .list([.int(Int64($0.first)), .int(Int64($0.second))]) } ?? .none
        }
        return [
            "id": .int(Int64(id)), "op": .string(operation.rawValue), "qualname": .string(qualname),
            "name": .string(name), "scope": .string(scope), "is_class": .bool(isClass),
            "repeated": .bool(isRepeated), "shadowed": .bool(isShadowed),
            "conditional": .bool(isConditional),
            "old": lines(old), "new": lines(new), "aspects": .strings(aspects),
            "again": earlier.map { .list([.string($0.reason), .string($0.message)]) } ?? .none,
        ]
    }
}
