package import SystemPackage

/// One file whose saved content may differ from what was last reported.
package struct FileChange: Sendable, Hashable {
    /// What happened to the file.
    package enum Kind: Sendable, Hashable {
        /// Created, written, or replaced; it exists, but need not be a regular or a readable file.
        case modified
        /// Has been missing for 50 ms.
        case removed
    }

    /// Absolute, and spelled as the root was: symbolic links in it are kept.
    package let path: FilePath
    /// What happened to it.
    package let kind: Kind

    /// Makes a change; `path` must be absolute.
    package init(path: FilePath, kind: Kind) {
        self.path = path
        self.kind = kind
    }
}

/// A burst: every change that could be read without blocking.
package struct Batch: Sendable {
    /// Each path once, in the order of its first event.
    package var changes: [FileChange]
    /// The kernel dropped events; what they told was found again by comparing the trees.
    package var overflowed: Bool
    /// What to know of how well is watched; each is told once.
    package var notices: [WatchNotice]
    /// From the kernel's news to the delivery.
    package var delay = Duration.zero

    /// Makes a batch that was not delayed.
    package init(changes: [FileChange] = [], overflowed: Bool = false, notices: [WatchNotice] = []) {
        self.changes = changes
        self.overflowed = overflowed
        self.notices = notices
    }

    /// Whether it says nothing at all.
    package var isEmpty: Bool { changes.isEmpty && !overflowed && notices.isEmpty }

    /// The latest change of each path, at the place of its first. Overlapping roots see one save each.
    mutating func keepOnePerPath() {
        guard changes.count > 1 else { return }
        var places: [FilePath: Int] = [:]
        var kept: [FileChange] = []
        for change in changes {
            if let place = places[change.path] {
                kept[place] = change
            } else {
                places[change.path] = kept.count
                kept.append(change)
            }
        }
        changes = kept
    }
}
