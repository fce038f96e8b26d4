package import SystemPackage

/// Why a root cannot be watched, or the watcher cannot run.
package struct WatcherError: Error, Sendable, Hashable {
    /// What went wrong.
    package enum Code: Sendable, Hashable {
        /// The path does not begin with a slash; the watcher knows no working directory.
        case notAbsolute
        /// A socket, a device or a FIFO.
        case notWatchable
        /// stat(2) failed for another reason than a missing name: EACCES on a directory above, ELOOP, EIO.
        case notPermitted(Errno)
        /// No pipe or no thread could be made.
        case noResources(Errno)
        /// A root was added after `FileWatcher.stop`.
        case stopped
    }

    /// What went wrong.
    package let code: Code
    /// The root that could not be watched; nil if it is about the whole watcher.
    package let path: FilePath?

    /// Makes an error of one root, or of the whole watcher.
    package init(_ code: Code, path: FilePath? = nil) {
        self.code = code
        self.path = path
    }
}

extension WatcherError: CustomStringConvertible {
    /// What went wrong, without a full stop.
    package var description: String {
        let place = path.map { "\($0)" } ?? "the watcher"
        return switch code {
        case .notAbsolute: "\(place) is not an absolute path"
        case .notWatchable: "\(place) is neither a directory nor a regular file"
        case .notPermitted(let errno): "\(place) cannot be watched: \(errno)"
        case .noResources(let errno): "no watcher could be started: \(errno)"
        case .stopped: "\(place) was added after the watcher had been stopped"
        }
    }

    /// What mends it; nil where the caller has to change its code.
    package var hint: String? {
        switch code {
        case .notAbsolute: nil
        case .notWatchable: "name a directory, or a file in it"
        case .notPermitted: "read permission is needed on the directory and search permission on those above"
        case .noResources: "raise the limit of open files (ulimit -n) or of threads (ulimit -u)"
        case .stopped: nil
        }
    }
}
