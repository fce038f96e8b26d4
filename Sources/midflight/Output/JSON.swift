/// A JSON value whose members keep their order, as readers of a log want them.
indirect enum JSON: Sendable {
    case null
    case bool(Bool)
    /// Written without a fraction, so that readers keep it exact.
    case integer(Int)
    /// Printed with one or more decimals as Swift prints it; must be finite.
    case number(Double)
    /// Any text; what JSON or a terminal does not bear is escaped.
    case string(String)
    case array([JSON])
    /// A name must not stand twice.
    case object([(String, JSON)])

    /// One line without a line break at its end (RFC 8259).
    var line: String {
        switch self {
        case .null: "null"
        case .bool(let value): value ? "true" : "false"
        case .integer(let value): String(value)
        case .number(let value): value.isFinite ? "\(value)" : "null"
        case .string(let value): Self.quoted(value)
        case .array(let values): "[" + values.map(\.line).joined(separator: ",") + "]"
        case .object(let members):
            "{" + members.map { Self.quoted($0.0) + ":" + $0.1.line }.joined(separator: ",") + "}"
        }
    }

    /// Escapes also U+007F and the line separators U+2028 and U+2029, which JSON allows and some readers do
    /// not.
    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case "\u{0}"..<"\u{20}", "\u{7f}", "\u{2028}", "\u{2029}":
                let hex = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
