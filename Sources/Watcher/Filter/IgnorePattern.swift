/// One line of a gitignore file (gitignore(5)).
struct IgnorePattern: Sendable, Hashable {
    /// Most patterns need no backtracking.
    private enum Matcher: Sendable, Hashable {
        case literal([UInt8])
        case suffix([UInt8])
        case glob(Glob)
    }

    /// As written, without the line's end.
    let text: [UInt8]
    /// From 1.
    let line: Int
    /// `!pattern`: takes back an earlier match.
    let negated: Bool
    private let directoriesOnly: Bool
    /// Has a slash before its end: matched against the path below the file's directory, not against the name.
    private let anchored: Bool
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

    /// `path`: the entry's path below the directory of the pattern's file.
    func matches(name: EntryName, path: @autoclosure () -> [UInt8], isDirectory: Bool) -> Bool {
        if directoriesOnly && !isDirectory { return false }
        let subject = anchored ? path() : name.bytes
        return switch matcher {
        case .literal(let bytes): subject == bytes
        case .suffix(let bytes):
            subject.count >= bytes.count && subject[(subject.count - bytes.count)...].elementsEqual(bytes)
        case .glob(let glob): glob.matches(subject)
        }
    }

    private static func matcher(for body: [UInt8]) -> Matcher {
        let special = Array(#"*?[\"#.utf8)
        let plain = !body.contains(where: special.contains)
        if plain { return .literal(body) }
        let rest = body.dropFirst()
        let suffixOnly = body.first == UInt8(ascii: "*") && !rest.contains(where: special.contains)
        // A star does not cross a slash, so this short cut is for names only.
        return suffixOnly && !rest.contains(UInt8(ascii: "/")) ? .suffix(Array(rest)) : .glob(Glob(body))
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
