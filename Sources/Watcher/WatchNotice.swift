package import SystemPackage

/// Something a user should know about how well his files are watched; never a reason to stop.
package struct WatchNotice: Sendable, Hashable {
    /// What happened.
    package enum Code: Sendable, Hashable {
        /// ENOSPC: the user's inotify watches are used up.
        case watchLimit(sysctl: String, value: Int, suggested: Int)
        /// EMFILE: the user's inotify instances are used up; everything is polled.
        case instanceLimit(sysctl: String, value: Int, suggested: Int)
        /// Changes made on other machines, or behind the mount, raise no event.
        case remoteFileSystem(type: String)
        /// open(2) or inotify_add_watch(2) refused it, mostly with EACCES; its files are not known.
        case unreadableDirectory(Errno)
        /// The root, or a directory above it, does not exist; it is picked up when it appears.
        case rootMissing
        /// What was said with `rootMissing` is over: the files in it now are reported.
        case rootBack
        /// The kernel's event queue was full; nothing was lost.
        case overflow
    }

    /// What happened.
    package let code: Code
    /// The directory concerned; nil if the notice is about the whole watcher.
    package let path: FilePath?

    /// Makes a notice of one directory, or of the whole watcher.
    package init(_ code: Code, path: FilePath? = nil) {
        self.code = code
        self.path = path
    }
}

extension WatchNotice: CustomStringConvertible {
    /// One sentence: what happened and what it means for the user.
    package var description: String {
        let place = path.map { "\($0)" } ?? "the watched directories"
        return switch code {
        case .watchLimit(let sysctl, let value, _):
            "the limit of inotify watches is reached (\(sysctl) = \(value)): \(place) and others are polled"
        case .instanceLimit(let sysctl, let value, _):
            "the limit of inotify instances is reached (\(sysctl) = \(value)): everything is polled"
        case .remoteFileSystem(let type):
            "\(place) is on \(type), where changes from elsewhere raise no event: it is polled too"
        case .unreadableDirectory(let errno):
            "\(place) cannot be listed (\(errno)): nothing in it is seen"
        case .rootMissing:
            "\(place) does not exist: it will be watched as soon as it appears"
        case .rootBack:
            "\(place) exists again and is watched"
        case .overflow:
            "the kernel's event queue overflowed: compared the trees instead, no change was lost"
        }
    }

    /// What the user can do about it; nil if there is nothing to do.
    package var hint: String? {
        switch code {
        case .watchLimit(let sysctl, _, let suggested), .instanceLimit(let sysctl, _, let suggested):
            "sudo sysctl \(sysctl)=\(suggested)"
        case .unreadableDirectory:
            "give the directory read permission, or ignore it"
        case .remoteFileSystem, .rootMissing, .rootBack, .overflow:
            nil
        }
    }
}
