import Reloader
import Testing

@testable import Reconciler

@Suite("Threads at the same place are one")
struct StackFoldTests {
    private func thread(_ id: Int32, _ state: ThreadStack.State, lines: [Int]) -> ThreadStack {
        let frames = lines.map { line in
            ThreadStack.Frame(function: "f", qualifiedName: "C.f", file: "/a.py", line: line)
        }
        return ThreadStack(id: id, name: "thread-\(id)", state: state, frames: frames)
    }

    @Test("equal frames in the same state, in the order of the first")
    func equal() {
        let folds = StackFold.folds(of: [
            thread(1, .waiting, lines: [1, 2]), thread(2, .hasGIL, lines: [1, 2]),
            thread(3, .waiting, lines: [1, 2]), thread(4, .waiting, lines: [1, 3]),
        ])
        #expect(folds.map { $0.threads.map(\.id) } == [[1, 3], [2], [4]])
    }

    @Test("threads that could not be read stay apart: nothing is known of them")
    func unreadable() {
        var thread = thread(1, .waiting, lines: [])
        thread.isUnreadable = true
        #expect(StackFold.folds(of: [thread, thread]).count == 2)
    }
}
