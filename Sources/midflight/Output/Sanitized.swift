extension String {
    /// Text from a foreign process or file name, safe for a terminal: control characters are shown as escapes.
    var sanitized: String {
        guard unicodeScalars.contains(where: { Self.isControl($0) }) else { return self }
        return unicodeScalars.reduce(into: "") { result, scalar in
            if Self.isControl(scalar) {
                result += "\\u{\(String(scalar.value, radix: 16))}"
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
    }

    /// A message of one line or several, as one: lines are joined, everything else is as in `sanitized`.
    var sentence: String {
        split { $0.isNewline || $0 == "\t" }.map { $0.drop { $0 == " " } }.filter { !$0.isEmpty }
            .joined(separator: " ").sanitized
    }

    /// By Unicode's general category; format characters (Cf) can turn the direction of text.
    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }
}
