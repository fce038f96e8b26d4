/// The patterns of one source, in the order written.
struct IgnoreRules: Sendable, Hashable {
    enum Source: Sendable, Hashable {
        /// `WatchOptions.include` or `.ignore`.
        case options
        case file(BytePath)
    }

    let source: Source
    /// The directory that anchored patterns start from; nil: the root that is watched.
    let base: BytePath?
    let patterns: [IgnorePattern]

    init(options patterns: [String]) {
        source = .options
        base = nil
        self.patterns = patterns.enumerated().compactMap { index, text in
            IgnorePattern(line: text.utf8, number: index + 1)
        }
    }

    /// `content`: of a `.gitignore`, or of `.git/info/exclude`, whose patterns start from `directory`.
    init(file: BytePath, content: [UInt8], directory: BytePath) {
        source = .file(file)
        base = directory
        let lines = content.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        patterns = lines.enumerated().compactMap { index, line in
            IgnorePattern(line: line, number: index + 1)
        }
    }

    /// The last pattern that matches `name` in `directory`, which lies at or below `root`; nil if none does.
    func lastMatch(
        _ name: EntryName, in directory: BytePath, root: BytePath, isDirectory: Bool
    ) -> IgnorePattern? {
        patterns.last { pattern in
            pattern.matches(
                name: name, path: directory.appending(name).below(base ?? root), isDirectory: isDirectory)
        }
    }
}

extension BytePath {
    /// The part of the path behind `base` and its slash; the whole path if it does not lie there.
    func below(_ base: BytePath) -> [UInt8] {
        guard isWithin(base) else { return bytes }
        return Array(bytes.dropFirst(base.bytes.count).drop { $0 == UInt8(ascii: "/") })
    }
}
