/// What decides about the entries of one directory.
struct DirectoryScope {
    /// The root that the directory lies below.
    let root: RootTable.Root
    /// Of the `.gitignore` files in force, outermost first.
    let rules: [IgnoreRules]
    /// The patterns of the watcher.
    let filter: PathFilter
    /// Asked only by patterns that contain a slash.
    let path: () -> BytePath?

    /// Whether the filter lets an entry of the directory through.
    func admits(_ name: EntryName, isDirectory: Bool) -> Bool {
        if isDirectory && !root.isRecursive { return false }
        // A file that was named is watched whatever the patterns say.
        if let only = root.only { return !isDirectory && name == only }
        let verdict = filter.verdict(
            name, isDirectory: isDirectory, in: { path() ?? root.place }, root: root.place, rules: rules)
        return verdict == .watched
    }
}
