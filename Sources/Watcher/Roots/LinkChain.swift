/// Every name that a path's meaning depends on: `/srv/current/app`, where `current` is a symbolic link to
/// `releases/7`, depends on `srv`, `current`, `releases`, `7` and `app`, each in its directory.
struct LinkChain: Hashable, Sendable {
    /// One name on the way, in its directory. Another file under this name gives the path another end.
    struct Step: Hashable, Sendable {
        /// Free of symbolic links.
        let directory: BytePath
        /// Also that of a missing entry, which is the last step then.
        let name: EntryName
        /// The way goes on in the link's text.
        let isLink: Bool
    }

    /// What one name in one directory is.
    enum Entry: Hashable, Sendable {
        /// No entry of this name, or one that may not be looked at.
        case missing
        /// The link's text as readlink(2) gives it, relative to the directory it stands in unless it begins
        /// with a slash.
        case link(to: [UInt8])
        /// The way can go on below it.
        case directory
        /// A file, FIFO, socket or device: the way can only end here.
        case other
    }

    /// In the order in which the kernel walks them; a link's own step comes before those of its text.
    let steps: [Step]
    /// nil if a name is missing, or the links go in circles.
    let end: BytePath?

    /// The kernel's own limit (ELOOP).
    private static let linkLimit = 40

    /// Resolves `path` from `start`, a directory whose own path holds no link. `look` is lstat and readlink.
    init(_ path: BytePath, from start: BytePath = .root, look: (BytePath) -> Entry) {
        var steps: [Step] = []
        var rest = Array(path.components.reversed())
        var current = path.bytes.first == UInt8(ascii: "/") ? .root : start
        var links = 0
        var end: BytePath?
        while true {
            guard let name = rest.popLast() else {
                end = current
                break
            }
            if name == .parent {
                current = current.parent
                continue
            }
            let here = current.appending(name)
            let entry = here.isProcessMagicLink ? .directory : look(here)
            if case .link(let target) = entry {
                steps.append(Step(directory: current, name: name, isLink: true))
                links += 1
                if links > LinkChain.linkLimit { break }
                if target.first == UInt8(ascii: "/") { current = .root }
                rest += BytePath(target).components.reversed()
                continue
            }
            steps.append(Step(directory: current, name: name, isLink: false))
            if entry == .missing || (entry == .other && !rest.isEmpty) { break }
            current = here
        }
        self.steps = steps
        self.end = end
    }
}

extension BytePath {
    /// The directory above, by the text alone.
    var parent: BytePath {
        guard let slash = bytes.lastIndex(of: UInt8(ascii: "/")), slash > 0 else { return .root }
        return BytePath(Array(bytes[..<slash]))
    }

    /// nil for `/`.
    var lastName: EntryName? { components.last }

    /// `/proc/PID/root` and the path from there, of a path below another process's root directory.
    var belowProcessRoot: (root: BytePath, rest: BytePath)? {
        let names = components
        guard names.count > 3 else { return nil }
        let root = BytePath.root.appending(names[0]).appending(names[1]).appending(names[2])
        guard root.isProcessMagicLink, names[2] == EntryName("root") else { return nil }
        return (root, names.dropFirst(3).reduce(.root) { $0.appending($1) })
    }

    /// `/proc/PID/root` and `cwd` lead into another process's mount namespace, but readlink gives a path that
    /// means something else in ours.
    var isProcessMagicLink: Bool {
        let names = components
        guard names.count == 3, names[0] == EntryName("proc") else { return false }
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        return names[1].bytes.allSatisfy(digits.contains)
            && (names[2] == EntryName("root") || names[2] == EntryName("cwd"))
    }
}
