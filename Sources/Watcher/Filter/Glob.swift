/// A gitignore glob over bytes: `?` and `*` stop at a slash, `**` between slashes does not, `[…]` is a set.
struct Glob: Sendable, Hashable {
    /// One part of the pattern.
    private enum Token: Sendable, Hashable {
        /// Exactly this byte; a byte behind a backslash always is one.
        case byte(UInt8)
        /// `?`: one byte but a slash, so a letter beyond ASCII needs several.
        case anyByte
        /// `[a-z]` or `[!a-z]`: one byte but a slash. Ranges go by byte value, whatever the locale.
        case set(ranges: [ClosedRange<UInt8>], negated: Bool)
        /// Any bytes but a slash.
        case star
        /// `**` at the end: any bytes.
        case everything
        /// `**/` at the start of a component: any number of whole components.
        case components

        /// Whether one byte of the text can stand here.
        func admits(_ byte: UInt8) -> Bool {
            switch self {
            case .byte(let own): byte == own
            case .anyByte: byte != Glob.slash
            case .set(let ranges, let negated):
                byte != Glob.slash && ranges.contains { $0.contains(byte) } != negated
            // These stand for any number of bytes; `match` deals with them.
            case .star, .everything, .components: false
            }
        }
    }

    /// Never two stars in a row: the parser joins them.
    private let tokens: [Token]

    /// Every pattern is valid: what has no meaning as a wildcard stands for itself.
    init(_ pattern: some Collection<UInt8>) { tokens = Glob.tokens(of: Array(pattern)) }

    /// Whether the whole of `text` matches, not a part of it.
    func matches(_ text: [UInt8]) -> Bool { match(tokens[...], text[...]) == .yes }

    /// How a try ended, and how far the stars before it may give up.
    private enum Outcome {
        /// Pattern and text ended together.
        case yes
        /// No match from here, but a star before it may try further on.
        case no
        /// A star ran into a slash: no star before it in this component can do better.
        case endOfComponent
        /// More text was needed: nothing that begins further on can match. This keeps `*a*a*a*b` linear in each
        /// star instead of exponential.
        case endOfText
    }

    /// Goes through both from the left; a star hands over to a loop that tries the rest of the pattern.
    private func match(_ tokens: ArraySlice<Token>, _ text: ArraySlice<UInt8>) -> Outcome {
        var tokens = tokens
        var text = text
        while let token = tokens.popFirst() {
            switch token {
            case .star: return matchStar(tokens, text)
            case .components: return matchComponents(tokens, text)
            case .everything: return .yes
            case .byte, .anyByte, .set:
                guard let byte = text.popFirst() else { return .endOfText }
                if !token.admits(byte) { return .no }
            }
        }
        return text.isEmpty ? .yes : .no
    }

    /// Tries the rest of the pattern behind ever more bytes of this component.
    private func matchStar(_ tokens: ArraySlice<Token>, _ text: ArraySlice<UInt8>) -> Outcome {
        var rest = text
        while true {
            let outcome = match(tokens, rest)
            if outcome != .no { return outcome }
            guard let byte = rest.popFirst() else { return .endOfText }
            if byte == Glob.slash { return .endOfComponent }
        }
    }

    /// Tries the rest of the pattern here, and at the start of every further component.
    private func matchComponents(_ tokens: ArraySlice<Token>, _ text: ArraySlice<UInt8>) -> Outcome {
        var rest = text
        while true {
            let outcome = match(tokens, rest)
            if outcome == .yes || outcome == .endOfText { return outcome }
            guard let slash = rest.firstIndex(of: Glob.slash) else { return .endOfText }
            rest = rest[(slash + 1)...]
        }
    }

    // MARK: - Parsing

    /// The only separator, as in Linux paths.
    private static let slash = UInt8(ascii: "/")
    /// Begins a `star`, `everything` or `components`.
    private static let asterisk = UInt8(ascii: "*")

    /// Reads the pattern once, from the left. A backslash as its last byte stands for itself.
    private static func tokens(of pattern: [UInt8]) -> [Token] {
        var tokens: [Token] = []
        var index = 0
        while index < pattern.count {
            switch pattern[index] {
            case UInt8(ascii: "?"):
                tokens.append(.anyByte)
                index += 1
            case asterisk:
                tokens.append(stars(in: pattern, at: &index))
            case UInt8(ascii: "["):
                if let set = set(in: pattern, at: &index) {
                    tokens.append(set)
                } else {
                    // Without its closing bracket it is an ordinary byte.
                    tokens.append(.byte(pattern[index]))
                    index += 1
                }
            case UInt8(ascii: "\\") where index + 1 < pattern.count:
                tokens.append(.byte(pattern[index + 1]))
                index += 2
            default:
                tokens.append(.byte(pattern[index]))
                index += 1
            }
        }
        return tokens
    }

    /// Two stars or more mean directories only as a whole component: `a**b` is the same as `a*b`
    /// (gitignore(5)). Leaves `index` behind the stars, and behind their slash.
    private static func stars(in pattern: [UInt8], at index: inout Int) -> Token {
        let start = index
        while index < pattern.count, pattern[index] == asterisk { index += 1 }
        let startsComponent = start == 0 || pattern[start - 1] == slash
        guard index - start >= 2, startsComponent else { return .star }
        if index == pattern.count { return .everything }
        guard pattern[index] == slash else { return .star }
        index += 1
        return .components
    }

    /// nil, with `index` left alone, where the closing bracket is missing. A range whose end lies before its
    /// start is empty.
    private static func set(in pattern: [UInt8], at index: inout Int) -> Token? {
        var position = index + 1
        let negations: [UInt8] = [UInt8(ascii: "!"), UInt8(ascii: "^")]
        let negated = position < pattern.count && negations.contains(pattern[position])
        if negated { position += 1 }
        let first = position
        var ranges: [ClosedRange<UInt8>] = []
        while position < pattern.count {
            // A closing bracket that comes first is a member.
            if pattern[position] == UInt8(ascii: "]"), position > first {
                index = position + 1
                return .set(ranges: ranges, negated: negated)
            }
            if pattern[position] == UInt8(ascii: "\\"), position + 1 < pattern.count { position += 1 }
            let low = pattern[position]
            position += 1
            if position + 1 < pattern.count, pattern[position] == UInt8(ascii: "-"),
                pattern[position + 1] != UInt8(ascii: "]")
            {
                let high = pattern[position + 1]
                position += 2
                if low <= high { ranges.append(low...high) }
            } else {
                ranges.append(low...low)
            }
        }
        return nil
    }
}
