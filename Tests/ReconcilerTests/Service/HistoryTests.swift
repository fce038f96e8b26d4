import SystemPackage
import Testing

@testable import Reconciler

@Suite("History")
struct HistoryTests {
    private let a: FilePath = "/a.py"
    private let b: FilePath = "/b.py"

    private func source(_ text: String) -> FileState.Source { FileState.Source(Array(text.utf8)) }

    private func change(_ before: String?, _ after: String) -> Revision.Change {
        Revision.Change(before: before.map(source), after: source(after))
    }

    private func words(_ targets: [FilePath: FileState.Source?]) -> [FilePath: String] {
        targets.mapValues { $0.map { String(decoding: $0.bytes, as: UTF8.self) } ?? "unknown" }
    }

    /// a: 1 → 2 → 3; b: 1 → 2, in three bursts.
    private var history: History {
        var history = History()
        history.add([a: change("a1", "a2")], keeping: []) { _ in 1 }
        history.add([b: change("b1", "b2")], keeping: []) { _ in 2 }
        history.add([a: change("a2", "a3")], keeping: []) { _ in 3 }
        return history
    }

    @Test("the last bursts, a file's last change, or all")
    func scopes() {
        func targets(_ scope: UndoScope) -> [FilePath: String] {
            words(history.targets(scope, ids: History.ids(scope, in: [history])))
        }
        #expect(targets(.last(1)) == [a: "a2"])
        #expect(targets(.last(2)) == [a: "a2", b: "b1"])
        #expect(targets(.last(99)) == [a: "a1", b: "b1"])
        #expect(targets(.file(b)) == [b: "b1"])
        #expect(targets(.file(a)) == [a: "a2"])
        #expect(targets(.file("/c.py")).isEmpty)
        #expect(targets(.all) == [a: "a1", b: "b1"])
    }

    @Test("what was taken back is not taken back again")
    func again() {
        var history = history
        for expected in [[a: "a2"], [b: "b1"], [a: "a1"], [:]] as [[FilePath: String]] {
            let ids = History.ids(.last(1), in: [history])
            let targets = history.targets(.last(1), ids: ids)
            #expect(words(targets) == expected)
            history.forget(.last(1), ids: ids, paths: Set(targets.keys))
        }
        #expect(history.targets(.all, ids: []).isEmpty)
    }

    @Test("one file of a burst may go back alone; the burst keeps the rest")
    func oneFile() {
        var history = History()
        history.add([a: change("a1", "a2"), b: change("b1", "b2")], keeping: []) { _ in 1 }
        history.forget(.file(a), ids: [1], paths: [a])
        #expect(words(history.targets(.last(1), ids: [1])) == [b: "b1"])
        #expect(words(history.targets(.all, ids: [1])) == [b: "b1"])
    }

    @Test("the newest burst of all processes counts: one that had it late has it under the same number")
    func late() {
        var late = History()
        late.add([a: change("a1", "a3"), b: change("b1", "b2")], keeping: []) { $0 == a ? 3 : 2 }
        let ids = History.ids(.last(1), in: [history, late])
        #expect(ids == [3])
        #expect(words(late.targets(.last(1), ids: ids)) == [a: "a1"])
    }

    @Test("a source that was not known cannot be put back")
    func unknown() {
        var history = History()
        history.add([a: change(nil, "a2")], keeping: []) { _ in 1 }
        #expect(words(history.targets(.all, ids: [1])) == [a: "unknown"])
    }

    @Test("old revisions are forgotten, what ran first is not")
    func limit() {
        var history = History()
        for number in 0..<(History.limit + 5) {
            history.add([a: change("a\(number)", "a\(number + 1)")], keeping: []) { _ in number + 1 }
        }
        #expect(history.revisions.count == History.limit)
        #expect(words(history.targets(.all, ids: [])) == [a: "a0"])
    }

    @Test("the inverse names what it cannot restore when it is made")
    func inverse() {
        let file = ModuleFile(
            path: a, spelling: "/a.py", codePath: "/a.py", modules: ["a"], isTransformed: false)
        func states(_ text: String?) -> FileStates {
            var state = FileState(file: file, display: "a.py")
            state.baseline = text.map(source)
            return [a: state]
        }
        var inverse = Inverse()
        let old = "def f():\n    return 1\n"
        let lost = inverse.changes(of: [a, b], from: states(old), to: states(old + "print(f())\n"))
        #expect(lost.keys.sorted { $0.string < $1.string } == [a])
        #expect(lost[a]?.lost.map(\.reason) == [.moduleStatement])
        #expect(inverse.changes(of: [a], from: states(old), to: states(old)).isEmpty)
        let unknown = inverse.changes(of: [a], from: states(nil), to: states(old))
        #expect(unknown[a]?.lost.map(\.reason) == [.baselineUnknown])
    }
}
