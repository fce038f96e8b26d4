/// The limits of inotify(7), each per user and user namespace.
enum InotifyLimit {
    /// inotify_add_watch(2) fails with ENOSPC beyond it.
    case watches
    /// inotify_init1(2) fails with EMFILE beyond it; each watcher needs one.
    case instances

    /// Two sysctls limit the same thing; the lower one counts. In a container only `user.*` is its own.
    private var sysctls: [String] {
        switch self {
        case .watches: ["fs.inotify.max_user_watches", "user.max_inotify_watches"]
        case .instances: ["fs.inotify.max_user_instances", "user.max_inotify_instances"]
        }
    }

    /// What distributions set on machines for developers.
    private var usual: Int {
        switch self {
        case .watches: 1 << 19
        case .instances: 1 << 10
        }
    }

    /// The sysctl to raise, what it is, and what to raise it to.
    var notice: WatchNotice.Code {
        let values = sysctls.compactMap { name -> (name: String, value: Int)? in
            let path = "/proc/sys/" + name.split(separator: ".").joined(separator: "/")
            return Proc.number(path).map { (name, $0) }
        }
        let lowest = values.min { $0.value < $1.value } ?? (name: sysctls[0], value: 0)
        let suggested = max(usual, lowest.value * 2)
        return switch self {
        case .watches: .watchLimit(sysctl: lowest.name, value: lowest.value, suggested: suggested)
        case .instances: .instanceLimit(sysctl: lowest.name, value: lowest.value, suggested: suggested)
        }
    }
}
