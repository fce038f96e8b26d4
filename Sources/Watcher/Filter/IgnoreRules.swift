/// The patterns of one source, in the order written.
struct IgnoreRules: Sendable, Hashable {
    /// Where the patterns were written; it is told when a user asks why a path is not watched.
    enum Source: Sendable, Hashable {
        /// `WatchOptions.include` or `.ignore`.
        case options
        /// A `.gitignore`, or the repository's `.git/info/exclude`.
        case file(BytePath)
    }

    /// One per list: patterns of two files never stand in one list.
    let source: Source
    /// The directory that anchored patterns start from; nil: the root that is watched.
    let base: BytePath?
    /// The last one that matches decides, as in git.
    let patterns: [IgnorePattern]
    /// Most patterns name one entry: places in `patterns` of those, and of all others.
    private let literals: [EntryName: [Int]]
    /// Places in `patterns`, ascending, of the patterns that can match several names.
    private let others: [Int]

    /// A pattern's line is its place in the list, from 1. Anchored patterns start from the watched root.
    init(options patterns: [String]) {
        let lines = patterns.enumerated()
        self.init(
            source: .options, base: nil,
            patterns: lines.compactMap { IgnorePattern(line: $0.element.utf8, number: $0.offset + 1) })
    }

    /// `content`: of a `.gitignore`, or of `.git/info/exclude`, whose patterns start from `directory`.
    init(file: BytePath, content: [UInt8], directory: BytePath) {
        let lines = content.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            .enumerated()
        self.init(
            source: .file(file), base: directory,
            patterns: lines.compactMap { IgnorePattern(line: $0.element, number: $0.offset + 1) })
    }

    /// Sorts the patterns into those that name one entry and the others, once, so that asking is quick.
    private init(source: Source, base: BytePath?, patterns: [IgnorePattern]) {
        self.source = source
        self.base = base
        self.patterns = patterns
        let named = patterns.indices.filter { patterns[$0].literalName != nil }
        literals = Dictionary(grouping: named) { patterns[$0].literalName ?? .current }
        others = patterns.indices.filter { patterns[$0].literalName == nil }
    }

    /// The last pattern that matches `name` in `directory`, which lies at or below `root`; nil if none does.
    /// Few patterns look at the directory, so that its path is made for those only.
    func lastMatch(
        _ name: EntryName, in directory: () -> BytePath, root: BytePath, isDirectory: Bool
    ) -> IgnorePattern? {
        func matches(_ index: Int) -> Bool {
            patterns[index].matches(
                name: name, path: directory().appending(name).below(base ?? root), isDirectory: isDirectory)
        }
        let literal = literals[name]?.last(where: matches)
        let other = others.last { $0 > literal ?? -1 && matches($0) }
        return (other ?? literal).map { patterns[$0] }
    }
}

extension BytePath {
    /// The part of the path behind `base` and its slash; the whole path if it does not lie there.
    func below(_ base: BytePath) -> [UInt8] {
        guard isWithin(base) else { return bytes }
        return Array(bytes.dropFirst(base.bytes.count).drop { $0 == UInt8(ascii: "/") })
    }
}
