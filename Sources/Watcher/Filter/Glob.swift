/// A gitignore glob over bytes: `?` and `*` stop at a slash, `**` between slashes does not, `[…]` is a set.
struct Glob: Sendable, Hashable {
    private enum Token: Sendable, Hashable {
        case byte(UInt8)
        case anyByte
        case set(ranges: [ClosedRange<UInt8>], negated: Bool)
        /// Any bytes but a slash.
        case star
        /// `**` at the end: any bytes.
        case everything
        /// `**/` at the start of a component: any number of whole components.
        case components
    }

    private let tokens: [Token]

    init(_ pattern: some Collection<UInt8>) { tokens = Glob.tokens(of: Array(pattern)) }

    func matches(_ text: [UInt8]) -> Bool { matches(tokens[...], text[...]) }

    private func matches(_ tokens: ArraySlice<Token>, _ text: ArraySlice<UInt8>) -> Bool {
        var tokens = tokens
        var text = text
        while let token = tokens.first {
            tokens = tokens.dropFirst()
            switch token {
            case .byte(let byte):
                guard text.popFirst() == byte else { return false }
            case .anyByte:
                guard let byte = text.popFirst(), byte != Glob.slash else { return false }
            case .set(let ranges, let negated):
                guard let byte = text.popFirst(), byte != Glob.slash,
                    ranges.contains(where: { $0.contains(byte) }) != negated
                else { return false }
            case .everything:
                return true
            case .star:
                return matchesAfter(tokens, text, stop: { $0 == Glob.slash }, resume: { _ in true })
            case .components:
                return matchesAfter(tokens, text, stop: { _ in false }, resume: { $0 == Glob.slash })
            }
        }
        return text.isEmpty
    }

    /// Tries the rest of the pattern here, and behind every further byte that `resume` allows, up to `stop`.
    private func matchesAfter(
        _ tokens: ArraySlice<Token>, _ text: ArraySlice<UInt8>,
        stop: (UInt8) -> Bool, resume: (UInt8) -> Bool
    ) -> Bool {
        if matches(tokens, text) { return true }
        var rest = text
        while let byte = rest.popFirst(), !stop(byte) {
            if resume(byte), matches(tokens, rest) { return true }
        }
        return false
    }

    // MARK: - Parsing

    private static let slash = UInt8(ascii: "/")
    private static let asterisk = UInt8(ascii: "*")

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

    private static func stars(in pattern: [UInt8], at index: inout Int) -> Token {
        let start = index
        while index < pattern.count, pattern[index] == asterisk { index += 1 }
        let startsComponent = start == 0 || pattern[start - 1] == slash
        guard index - start == 2, startsComponent else { return .star }
        if index == pattern.count { return .everything }
        guard pattern[index] == slash else { return .star }
        index += 1
        return .components
    }

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
