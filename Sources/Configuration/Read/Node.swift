/// A value of a YAML document and the place where it begins.
struct Node {
    /// From 1.
    var line: Int
    /// From 1, in Unicode scalars.
    var column: Int
    /// What is written there.
    var content: Content

    /// The three kinds of nodes that YAML has.
    indirect enum Content {
        case scalar(Scalar)
        case sequence([Node])
        /// In the order of the file; a key may be there twice.
        case mapping([(key: Node, value: Node)])
    }

    /// A single value, before anybody has said what it should be.
    struct Scalar {
        var text: String
        /// Whether it stands without quotes and is no block, so that YAML's rules say what it means.
        var isPlain: Bool
    }

    /// As an error names it.
    var kindName: String {
        switch content {
        case .mapping: return "a mapping"
        case .sequence: return "a list"
        case .scalar(let scalar):
            switch NodeValue(scalar, expanded: scalar.text).kind {
            case .text: return "text"
            case .integer: return "a number"
            case .boolean: return "true or false"
            case .null: return "nothing"
            case .other: return "'\(scalar.text)'"
            }
        }
    }
}
