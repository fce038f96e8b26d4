package import SystemPackage

/// gitignore patterns as a question about one path; reads no files.
package struct PathPatterns: Sendable, Hashable {
    /// Without a base: anchored patterns start from the root of each question.
    private let rules: IgnoreRules

    /// `patterns`: in the syntax of gitignore; a later one outweighs an earlier one.
    package init(_ patterns: [String]) { rules = IgnoreRules(options: patterns) }

    /// Whether the last pattern with an opinion on `path`, or on a directory between it and `root`, names it.
    /// `path`: of a file at or below `root`, both absolute.
    package func match(_ path: FilePath, below root: FilePath) -> Bool {
        let base = BytePath(root)
        var entry = path
        var isDirectory = false
        while let name = entry.lastComponent, entry != root, entry.starts(with: root) {
            let folder = entry.removingLastComponent()
            let match = rules.lastMatch(
                EntryName(name.string), in: { BytePath(folder) }, root: base,
                isDirectory: isDirectory)
            if let match { return !match.negated }
            entry = folder
            isDirectory = true
        }
        return false
    }
}
