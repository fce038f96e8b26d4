package import SystemPackage

/// One file whose saved content may differ from what was last reported.
package struct FileChange: Sendable, Hashable {
    package enum Kind: Sendable, Hashable {
        /// Created, written, or replaced; it exists, but need not be a regular or a readable file.
        case modified
        /// Has been missing for 50 ms.
        case removed
    }

    /// Absolute, and spelled as the root was: symbolic links in it are kept.
    package let path: FilePath
    package let kind: Kind

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
    package var notices: [WatchNotice]
    /// From the kernel's news to the delivery.
    package var delay = Duration.zero

    package init(changes: [FileChange] = [], overflowed: Bool = false, notices: [WatchNotice] = []) {
        self.changes = changes
        self.overflowed = overflowed
        self.notices = notices
    }

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
