import Yams

/// A scalar after `${…}` was put in: its text, and what YAML takes it for.
struct NodeValue {
    var text: String
    var kind: Kind

    enum Kind: String { case text, integer, boolean, null, other }

    /// A plain scalar is resolved again after expansion, so that `port: ${PORT}` is a number; a quoted one stays text.
    init(_ scalar: Node.Scalar, expanded: String) {
        text = expanded
        guard scalar.style == .plain else {
            kind = .text
            return
        }
        switch Node(expanded, Tag(.implicit), .plain).tag {
        case Tag(.int): kind = .integer
        case Tag(.bool): kind = .boolean
        case Tag(.null): kind = .null
        case Tag(.str): kind = .text
        default: kind = .other
        }
    }

    var integer: Int? { kind == .integer ? Int(text) : nil }

    var boolean: Bool? {
        guard kind == .boolean else { return nil }
        return ["true", "yes", "on"].contains(text.lowercased())
    }
}

extension Node {
    var line: Int { max(1, mark?.line ?? 1) }
    var column: Int { max(1, mark?.column ?? 1) }

    /// As an error names it.
    var kindName: String {
        switch self {
        case .mapping: "a mapping"
        case .sequence: "a list"
        case .scalar(let scalar):
            switch NodeValue(scalar, expanded: scalar.string).kind {
            case .text: "text"
            case .integer: "a number"
            case .boolean: "true or false"
            case .null: "nothing"
            case .other: "'\(scalar.string)'"
            }
        case .alias: "an alias"
        }
    }
}
