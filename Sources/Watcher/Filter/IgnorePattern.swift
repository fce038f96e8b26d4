/// One line of a gitignore file (gitignore(5)).
struct IgnorePattern: Sendable, Hashable {
    /// Most patterns need no backtracking.
    private enum Matcher: Sendable, Hashable {
        /// No wildcard at all.
        case literal([UInt8])
        /// `*.py`: what stands behind the only star.
        case suffix([UInt8])
        /// `*part*`: what stands between the two stars.
        case infix([UInt8])
        /// Every other pattern, and all with a wildcard and a slash.
        case glob(Glob)
    }

    /// As written, without the line's end.
    let text: [UInt8]
    /// From 1.
    let line: Int
    /// `!pattern`: takes back an earlier match.
    let negated: Bool
    /// `pattern/`: no file matches it; a link to a directory counts as one.
    private let directoriesOnly: Bool
    /// Has a slash before its end: matched against the path below the file's directory, not against the name.
    private let anchored: Bool
    /// Of the pattern without its `!`, its first slash and its last one.
    private let matcher: Matcher

    /// nil for an empty line, a comment, and a pattern that cannot match.
    init?(line text: some Collection<UInt8>, number: Int) {
        var body = IgnorePattern.trimmed(Array(text))
        self.text = body
        line = number
        guard let first = body.first, first != UInt8(ascii: "#") else { return nil }
        negated = first == UInt8(ascii: "!")
        if negated { body.removeFirst() }
        directoriesOnly = body.last == UInt8(ascii: "/")
        if directoriesOnly { body.removeLast() }
        anchored = body.contains(UInt8(ascii: "/"))
        if body.first == UInt8(ascii: "/") { body.removeFirst() }
        guard !body.isEmpty else { return nil }
        matcher = IgnorePattern.matcher(for: body)
    }

    /// The only name it can match, if there is just one.
    var literalName: EntryName? {
        guard !anchored, case .literal(let bytes) = matcher else { return nil }
        return EntryName(bytes)
    }

    /// `path`: the entry's path below the directory of the pattern's file.
    func matches(name: EntryName, path: @autoclosure () -> [UInt8], isDirectory: Bool) -> Bool {
        if directoriesOnly && !isDirectory { return false }
        let subject = anchored ? path() : name.bytes
        return switch matcher {
        case .literal(let bytes): subject == bytes
        case .suffix(let bytes):
            subject.count >= bytes.count && subject.suffix(bytes.count) == bytes[...]
        case .infix(let bytes): IgnorePattern.contains(subject, bytes)
        case .glob(let glob): glob.matches(subject)
        }
    }

    /// The cheapest matcher for the pattern; `body` is not empty.
    private static func matcher(for body: [UInt8]) -> Matcher {
        let special = Array(#"*?[\"#.utf8)
        let star = UInt8(ascii: "*")
        func isPlain(_ part: ArraySlice<UInt8>) -> Bool { !part.contains(where: special.contains) }
        if isPlain(body[...]) { return .literal(body) }
        // A star does not cross a slash, so these short cuts are for names only.
        guard body.first == star, !body.contains(UInt8(ascii: "/")) else { return .glob(Glob(body)) }
        if isPlain(body.dropFirst()) { return .suffix(Array(body.dropFirst())) }
        let middle = body.dropFirst().dropLast()
        return body.last == star && isPlain(middle) ? .infix(Array(middle)) : .glob(Glob(body))
    }

    /// Whether `part` stands anywhere in `text`; true for an empty part.
    private static func contains(_ text: [UInt8], _ part: [UInt8]) -> Bool {
        guard let first = part.first else { return true }
        guard text.count >= part.count else { return false }
        return (0...(text.count - part.count)).contains { start in
            text[start] == first && text[start..<(start + part.count)] == part[...]
        }
    }

    /// Trailing blanks do not count unless a backslash stands before them; nor does the CR of a DOS line.
    private static func trimmed(_ line: [UInt8]) -> [UInt8] {
        var line = line
        if line.last == UInt8(ascii: "\r") { line.removeLast() }
        while line.last == UInt8(ascii: " ") || line.last == UInt8(ascii: "\t") {
            if line.dropLast().last == UInt8(ascii: "\\") { break }
            line.removeLast()
        }
        return line
    }
}
