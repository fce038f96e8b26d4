import Reconciler
import Reloader

/// The stacks of a process for people: the most recent call last, equal stacks once.
struct StackText {
    /// How it is painted.
    var style: Style

    /// All threads; equal stacks once.
    func text(_ process: ProcessStacks) -> String {
        let count = process.threads.count
        var text = "process \(process.pid) \(style.separator) Python \(process.version) \(style.separator) "
        text += count == 1 ? "1 thread\n" : "\(count) threads\n"
        for fold in StackFold.folds(of: process.threads) { text += "\n" + self.text(fold) }
        return text
    }

    /// A heading, then a line for each call.
    private func text(_ fold: StackFold) -> String {
        var text = heading(fold)
        if fold.isCut { text += "  \(style.arrow) older calls are left out\n" }
        for frame in fold.frames {
            text +=
                "  \(frame.file.sanitized):\(frame.line) \(style.paint(frame.qualifiedName.sanitized, .bold))\n"
        }
        return text
    }

    /// The threads with their system ids where these are known.
    private func heading(_ fold: StackFold) -> String {
        let names = fold.threads.map { thread in
            let name = thread.name.isEmpty ? "a thread without a name" : thread.name.sanitized
            return thread.id.map { "\(name) (\($0))" } ?? name
        }
        let who = names.count == 1 ? names[0] : "\(names.count) threads: \(names.joined(separator: ", "))"
        return who + " " + style.paint("\(style.separator) \(Self.words(fold))", .dim) + "\n"
    }

    /// What the thread or threads do; a stack that could not be read says so first.
    private static func words(_ fold: StackFold) -> String {
        if fold.isUnreadable { return "not read: its stack changed all the time" }
        return switch fold.state {
        case .hasGIL: "has the GIL"
        case .waitsForGIL: fold.threads.count == 1 ? "waits for the GIL" : "wait for the GIL"
        case .running: "running"
        case .waiting: "waiting"
        }
    }
}
