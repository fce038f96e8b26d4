package import SystemPackage

/// Whether a path is watched, and if not, because of which line.
package enum PathVerdict: Sendable, Hashable {
    /// Also where a `!pattern` takes back what an outer rule ignores.
    case watched
    /// A file that no include pattern matches.
    case notIncluded
    /// The path itself, or a directory on the way to it: git looks at nothing in an ignored directory either.
    case ignored(IgnoreReason)
}

/// The pattern that keeps a path from being watched.
package struct IgnoreReason: Sendable, Hashable {
    /// Where a pattern was written.
    package enum Source: Sendable, Hashable {
        /// The configuration, or the built-in `WatchOptions.defaultIgnore`.
        case options
        /// `line` counts from 1.
        case file(FilePath, line: Int)
    }

    /// Where it was written.
    package let source: Source
    /// As it was written.
    package let pattern: String
    /// The path that the pattern matches: the one asked about, or a directory above it.
    package let matched: FilePath
}

/// Decides by include and ignore patterns; reads no files.
package struct PathFilter: Sendable {
    /// Asked for files only: a directory need not match to be watched.
    private let include: IgnoreRules
    /// Comes before every `.gitignore`: a match here, or a `!pattern`, is final.
    private let ignore: IgnoreRules
    /// false: callers pass no rules, and changes of a `.gitignore` mean nothing.
    let respectsGitignore: Bool

    /// Takes the patterns of `options`; `.gitignore` files are asked for with each path.
    package init(_ options: WatchOptions) {
        include = IgnoreRules(options: options.include)
        ignore = IgnoreRules(options: options.ignore)
        respectsGitignore = options.respectGitignore
    }

    /// `rules`: of the `.gitignore` files in force in `directory`, outermost first; the innermost that has an
    /// opinion decides, as in git.
    func verdict(
        _ name: EntryName, isDirectory: Bool, in directory: () -> BytePath, root: BytePath,
        rules: [IgnoreRules]
    ) -> PathVerdict {
        if !isDirectory && !isIncluded(name, in: directory, root: root) { return .notIncluded }
        var index = rules.count
        var source = ignore
        while true {
            if let match = source.lastMatch(name, in: directory, root: root, isDirectory: isDirectory) {
                if match.negated { return .watched }
                return .ignored(IgnoreReason(match, of: source, matched: directory().appending(name)))
            }
            if index == 0 { return .watched }
            index -= 1
            source = rules[index]
        }
    }

    /// Whether the last include pattern that matches is not negated; false if none matches.
    private func isIncluded(_ name: EntryName, in directory: () -> BytePath, root: BytePath) -> Bool {
        guard let match = include.lastMatch(name, in: directory, root: root, isDirectory: false) else {
            return false
        }
        return !match.negated
    }
}

extension IgnoreReason {
    /// Bytes of the pattern that are no UTF-8 are replaced, because users read it.
    fileprivate init(_ pattern: IgnorePattern, of rules: IgnoreRules, matched path: BytePath) {
        source =
            switch rules.source {
            case .options: .options
            case .file(let file): .file(file.filePath, line: pattern.line)
            }
        self.pattern = String(decoding: pattern.text, as: UTF8.self)
        matched = path.filePath
    }
}
