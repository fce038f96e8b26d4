/// What the watcher wants to be told about a path. A source of events puts it into its kernel's terms.
enum WatchInterest: Hashable, Sendable {
    /// A directory whose files are reported. `followsLink`: the path may be a symbolic link to it.
    case tree(followsLink: Bool)
    /// A directory above a root in which a name may come, go or be replaced.
    case names
    /// A directory above a root that matters only as a whole.
    case place
    /// The directory in which a symbolic link ends.
    case linkEnd
    /// A file that somebody may write to without ever closing it, or by another name: a hard link, a bind mount.
    case file
    /// A directory with one below it that may not be read: the permission may come.
    case permissions
}
