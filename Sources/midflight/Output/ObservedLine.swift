import SystemPackage
import Watcher

/// How a change that the watcher saw looks as one line: a path, or a JSON object.
struct ObservedLine: Sendable {
    /// A NUL byte ends each path instead of a line break.
    var null: Bool
    /// A JSON object for each change.
    var json: Bool

    /// One change; with its end.
    func text(_ change: FileChange) -> String {
        if json {
            let kind = change.kind == .modified ? "modified" : "removed"
            let members: [(String, JSON)] = [
                ("v", .integer(1)), ("event", .string(kind)), ("path", .string(change.path.string)),
            ]
            return JSON.object(members).line + "\n"
        }
        return null ? change.path.string + "\0" : change.path.string.sanitized + "\n"
    }
}
