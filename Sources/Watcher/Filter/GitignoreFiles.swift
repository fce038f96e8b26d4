package import SystemPackage

/// Finds and reads the `.gitignore` files that apply to a directory.
struct GitignoreFiles: Sendable {
    /// A change of a file with this name makes the rules be read again, even if the file itself is not
    /// watched.
    static let name = EntryName(".gitignore")
    /// Bytes; git itself warns about larger ones.
    private static let limit = 1 << 20

    /// The directory's own file; nil if there is none, or it has no pattern.
    static func rules(in directory: BytePath) -> IgnoreRules? {
        read(directory.appending(name), for: directory)
    }

    /// The files above `root`, from the repository's root down; empty if `root` lies in no repository, or the
    /// repository ignores `root` itself: then the user asked for it all the same.
    static func rulesAbove(_ root: BytePath, filter: PathFilter) -> [IgnoreRules] {
        guard filter.respectsGitignore, let repository = repository(of: root) else { return [] }
        let exclude = repository.appending(EntryName(".git")).appending(EntryName("info"))
            .appending(EntryName("exclude"))
        var rules = read(exclude, for: repository).map { [$0] } ?? []
        var directory = repository
        for name in BytePath(root.below(repository)).components {
            if let own = self.rules(in: directory) { rules.append(own) }
            let verdict = filter.verdict(
                name, isDirectory: true, in: { directory }, root: repository, rules: rules)
            if case .ignored = verdict { return [] }
            directory = directory.appending(name)
        }
        return rules
    }

    /// The innermost directory at or above `root` with an entry `.git`, which is a file in worktrees and
    /// submodules.
    private static func repository(of root: BytePath) -> BytePath? {
        var candidates = [BytePath.root]
        for name in root.components { candidates.append(candidates[candidates.count - 1].appending(name)) }
        return candidates.last { candidate in
            (try? FileStatus.read(candidate.appending(EntryName(".git")), followLinks: true)) != nil
        }
    }

    /// `directory`: where the anchored patterns of `file` start.
    private static func read(_ file: BytePath, for directory: BytePath) -> IgnoreRules? {
        // Missing is the normal case; one that cannot be read is none, as for git.
        guard let content = try? FileReader.read(file, limit: limit) else { return nil }
        let rules = IgnoreRules(file: file, content: content.bytes, directory: directory)
        return rules.patterns.isEmpty ? nil : rules
    }
}

extension PathFilter {
    /// Why `path`, at or below `root`, is watched or is not; reads the `.gitignore` files on the way.
    package func explain(_ path: FilePath, root: FilePath, isDirectory: Bool) -> PathVerdict {
        let root = BytePath(root)
        var rules = GitignoreFiles.rulesAbove(root, filter: self)
        var directory = root
        let names = BytePath(BytePath(path).below(root)).components
        for (index, name) in names.enumerated() {
            if respectsGitignore, let own = GitignoreFiles.rules(in: directory) { rules.append(own) }
            let isLast = index == names.count - 1
            let verdict = verdict(
                name, isDirectory: isDirectory || !isLast, in: { directory }, root: root, rules: rules)
            if verdict != .watched { return verdict }
            directory = directory.appending(name)
        }
        return .watched
    }
}
