import Glibc
import SourceDiff
import Synchronization
import SystemPackage

/// The last scan of each file, for the watcher's thread, which asks whether a save is finished, and for the service
/// that reads it after that: together they scan a save once, and only where it differs from the save before.
final class RecentScans: Sendable {
    /// Files; a switch of branches saves many of which no process runs anything.
    private static let most = 500

    /// Held only to look up and to store: nobody waits for a scan. At `most` files all are forgotten.
    private let sources = Mutex<[FilePath: FileState.Source]>([:])

    /// `bytes` as the content of `path`, scanned; without an outline if they do not scan.
    func source(_ bytes: [UInt8], of path: FilePath) -> FileState.Source {
        let last = sources.withLock { $0[path] }
        if let last, last.bytes.isIdentical(to: bytes) { return last }
        let source = FileState.Source(bytes, after: last)
        if source.outline != nil {
            sources.withLock { sources in
                if sources.count > Self.most { sources = [:] }
                sources[path] = source
            }
        }
        return source
    }
}

extension [UInt8] {
    /// As `==`, which compares one byte at a time.
    func isIdentical(to other: [UInt8]) -> Bool {
        count == other.count
            && withUnsafeBytes { mine in
                other.withUnsafeBytes { theirs in
                    guard let mine = mine.baseAddress, let theirs = theirs.baseAddress else { return true }
                    return memcmp(mine, theirs, count) == 0
                }
            }
    }
}
