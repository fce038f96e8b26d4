/// One look into a process: a global, an attribute of a class, or the living instances of a class.
///
/// Nothing of the program runs for it unless `allowsCalls` or `isRaw` is set: values are read past every method of
/// theirs.
package struct Look: Sendable, Hashable {
    /// What is looked at.
    package var subject: Subject
    /// What is shown; `target` is the value, `instances` the list.
    package var expression: String
    /// Levels of containers that get lines of their own; -1 for all.
    package var depth: Int
    /// Containers and texts are cut later.
    package var isVerbose = false
    /// Values of keys that look like secrets are left out.
    package var redacts = true
    /// The expression may call the program, and name its globals.
    package var allowsCalls = false
    /// `repr()` of the value, which runs code of the program.
    package var isRaw = false

    /// What can be looked at.
    package enum Subject: Sendable, Hashable {
        /// A global of a module; with `className` (it may be dotted) an attribute of that class.
        case value(module: String, className: String?, field: String)
        /// `limit`: -1 for all. `isExact`: without those of subclasses.
        case instances(module: String, className: String, limit: Int, isExact: Bool)
    }

    /// `expression`: empty for the value itself. `depth`: levels of containers and attributes that are shown.
    package init(_ subject: Subject, expression: String, depth: Int) {
        self.subject = subject
        self.expression = expression
        self.depth = depth
    }

    /// The names that the expression may use.
    package var names: [String] {
        switch subject {
        case .value: ["target"]
        case .instances: ["instances", "target"]
        }
    }

    /// The module in which names are looked up.
    package var module: String {
        switch subject {
        case .value(let module, _, _), .instances(let module, _, _, _): module
        }
    }

    /// The class whose attribute or instances are meant; nil for a name of the module.
    package var className: String? {
        switch subject {
        case .value(_, let name, _): name
        case .instances(_, let name, _, _): name
        }
    }

    /// `observer`: the compiled program that answers. `code`: the compiled expression.
    package func request(observer: [UInt8], code: [UInt8]) -> [UInt8] {
        let kind: String
        var facts: [(String, MarshalValue)] = [
            ("module", .string(module)), ("class", .string(className ?? "")), ("code", .bytes(code)),
            ("depth", .int(Int64(depth))), ("verbose", .bool(isVerbose)), ("redact", .bool(redacts)),
            ("allow_calls", .bool(allowsCalls)), ("raw", .bool(isRaw)),
        ]
        switch subject {
        case .value(_, _, let field):
            kind = "value"
            facts.append(("field", .string(field)))
        case .instances(_, _, let limit, let isExact):
            kind = "instances"
            facts += [("limit", .int(Int64(limit))), ("exact", .bool(isExact))]
        }
        let entries = facts.map { MarshalValue.Entry(key: .string($0.0), value: $0.1) }
        return MarshalValue.tuple(["look", .bytes(observer), .string(kind), .dict(entries)]).marshalled
    }

    /// Asks for a run of the collector.
    package static func collectRequest(observer: [UInt8]) -> [UInt8] {
        MarshalValue.tuple(["look", .bytes(observer), "collect", [:]]).marshalled
    }
}
