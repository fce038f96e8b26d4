/// A scalar after `${…}` was put in: its text, and what YAML takes it for.
struct NodeValue {
    /// As it is written, without quotation marks.
    var text: String
    /// What YAML 1.1 takes it for.
    var kind: Kind

    /// Kinds that a configuration can use. A float is `other`.
    enum Kind: String { case text, integer, boolean, null, other }

    /// A plain scalar is resolved again after expansion, so that `port: ${PORT}` is a number; a quoted one stays text.
    init(_ scalar: Node.Scalar, expanded: String) {
        text = expanded
        kind = scalar.isPlain ? Kind(plain: expanded) : .text
    }

    /// Nil if it is no integer, or too large.
    var integer: Int? { kind == .integer ? Int(text) : nil }

    /// `true`, `yes` and `on`, or their opposites; nil for anything else.
    var boolean: Bool? {
        guard kind == .boolean else { return nil }
        return ["true", "yes", "on"].contains(text.lowercased())
    }
}

extension NodeValue.Kind {
    /// What YAML 1.1 takes a plain scalar for, by the patterns of its type repository (yaml.org/type).
    init(plain text: String) {
        let words = ["true", "false", "yes", "no", "on", "off"]
        if ["", "~", "null", "Null", "NULL"].contains(text) {
            self = .null
        } else if words.contains(where: { [$0, $0.capitalizedWord, $0.uppercased()].contains(text) }) {
            self = .boolean
        } else if text.unicodeScalars.first.map({ !"+-.=<0123456789".unicodeScalars.contains($0) }) ?? true {
            self = .text
        } else if text.wholeMatch(of: Self.integerPattern) != nil {
            self = .integer
        } else if text == "=" || text == "<<" || text.wholeMatch(of: Self.floatPattern) != nil
            || text.wholeMatch(of: Self.timePattern) != nil
        {
            self = .other
        } else {
            self = .text
        }
    }

    private static var integerPattern: Regex<Substring> {
        /[\-+]?(?:0b[01_]+|0o?[0-7_]+|0|[1-9][0-9_]*(?::[0-5]?[0-9])*|0x[0-9a-fA-F_]+)/
    }

    private static var floatPattern: Regex<Substring> {
        /[\-+]?(?:[0-9][0-9_]*(?:\.[0-9_]*)?(?:[eE][\-+]?[0-9]+)?|\.[0-9_]+(?:[eE][\-+][0-9]+)?|[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|\.(?:inf|Inf|INF|nan|NaN|NAN))/
    }

    private static var timePattern: Regex<Substring> {
        /[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:(?:[Tt]|[ \t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]*)?(?:[ \t]*(?:Z|[\-+][0-9]{1,2}(?::?[0-9]{2})?))?)?/
    }
}

extension String {
    fileprivate var capitalizedWord: String { prefix(1).uppercased() + dropFirst() }
}
