/// A line of PyFlightProfiler's `--cmd`, as arguments of ours.
///
/// Its grammar: what stands before the first option is words. An option's value is raw up to the next blank, quotation
/// marks included (`-f args[0]["q"]=='a'`), unless it begins with one: then it ends at the same mark, and `\` escapes.
/// `-c` takes words up to the next option.
struct FlightWords: Sendable, Hashable {
    /// `getglobal`, `vmtool`, `reload`, …; empty if the line is.
    var verb: String
    /// Everything behind the verb.
    var arguments: [String]

    /// Options whose value is taken raw; all verbs have the same letters for them.
    private static let valued: Set<String> = [
        "-e", "-x", "-n", "-f", "-a", "-i", "-d", "-et", "-r", "-t", "-nm", "--expr", "--filter", "--limits",
        "--expand", "--action", "--nested-method", "--raw-output",
    ]
    /// Options without a value for these verbs, where the same letter has one elsewhere.
    private static let flags: [String: Set<String>] = [
        "getglobal": ["-r", "-v"], "vmtool": ["-r", "-v"], "watch": ["-e", "-r", "-v"], "stack": ["-a"],
    ]

    /// Nil where a quotation mark is not closed.
    init?(_ line: String) {
        var scanner = Scanner(text: Array(line))
        verb = scanner.word() ?? ""
        arguments = []
        while let word = scanner.word() {
            arguments.append(word)
            let isFlag = Self.flags[verb]?.contains(word) ?? false
            if Self.valued.contains(word), !isFlag {
                guard let value = scanner.value() else { return nil }
                arguments.append(value)
            }
        }
    }

    /// Reads words and raw values from left to right.
    private struct Scanner {
        /// The whole line.
        let text: [Character]
        /// Of the next character.
        var position = 0

        /// Up to the next blank; nil at the end.
        mutating func word() -> String? {
            skipBlanks()
            guard position < text.count else { return nil }
            let start = position
            while position < text.count, !text[position].isWhitespace { position += 1 }
            return String(text[start..<position])
        }

        /// Nil if it begins with a quotation mark that is not closed, or if the line is at its end.
        mutating func value() -> String? {
            skipBlanks()
            guard position < text.count else { return nil }
            let mark = text[position]
            guard mark == "\"" || mark == "'" else { return word() }
            position += 1
            var value = ""
            while position < text.count, text[position] != mark {
                if text[position] == "\\", position + 1 < text.count { position += 1 }
                value.append(text[position])
                position += 1
            }
            guard position < text.count else { return nil }
            position += 1
            return value
        }

        /// Any white space counts as a blank.
        private mutating func skipBlanks() {
            while position < text.count, text[position].isWhitespace { position += 1 }
        }
    }
}
