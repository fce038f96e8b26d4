import Testing

@testable import Watcher

@Suite("What the watcher has to deliver")
struct OutboxTests {
    private let start = ContinuousClock.now
    private let limit = WatchNotice(.overflow)

    private func change(_ path: String, _ kind: FileChange.Kind = .modified) -> FileChange {
        FileChange(path: BytePath(Array(path.utf8)).filePath, kind: kind)
    }

    @Test("changes wait until none has come for the pause, to the millisecond")
    func pause() {
        var outbox = Outbox(debounce: .milliseconds(20), said: [])
        #expect(outbox.due == nil)
        outbox.add(change("/a"), now: start)
        outbox.add(change("/b"), now: start + .milliseconds(15))
        #expect(outbox.due == start + .milliseconds(35))
        #expect(outbox.take(now: start + .milliseconds(34)).isEmpty)
        let batch = outbox.take(now: start + .milliseconds(35))
        #expect(batch.changes == [change("/a"), change("/b")])
        #expect(outbox.due == nil && outbox.take(now: start + .seconds(1)).isEmpty, "given once")
    }

    @Test("a path is delivered once, with its latest change")
    func once() {
        var outbox = Outbox(debounce: .zero, said: [])
        for one in [change("/a"), change("/b"), change("/a", .removed)] { outbox.add(one, now: start) }
        #expect(outbox.take(now: start).changes == [change("/a", .removed), change("/b")])
    }

    @Test("a notice is given once and does not wait, until it is taken back")
    func notices() {
        var outbox = Outbox(debounce: .seconds(1), said: [limit])
        outbox.say(limit)
        #expect(outbox.take(now: start).notices == [limit])
        #expect(outbox.take(now: start).isEmpty)
        #expect(outbox.hasSaid { $0 == limit } && outbox.unsay(limit) && !outbox.unsay(limit))
        outbox.say(limit)
        outbox.noteOverflow()
        let batch = outbox.take(now: start)
        #expect(batch.notices == [limit] && batch.overflowed)
    }
}

@Suite("When events were lost")
struct EventGapTests {
    @Test("the gap begins when the queue was last empty before the first loss, and is told once")
    func gap() {
        var gap = EventGap(now: 1)
        #expect(gap.take() == nil)
        gap.noteEmpty(at: 5)
        gap.noteLoss()
        gap.noteEmpty(at: 9)
        gap.noteLoss()
        #expect(gap.take() == 5)
        #expect(gap.take() == nil)
    }
}

@Suite("The roots of a watcher")
struct RootTableTests {
    private func root(_ path: String) -> RootTable.Root {
        RootTable.Root(path: BytePath(Array(path.utf8)), isRecursive: true, only: nil)
    }

    @Test("the number of a root that was removed is never given again, and keeps none")
    func numbers() {
        var roots = RootTable()
        let first = roots.add(root("/a"))
        roots[first] = nil
        let second = roots.add(root("/b"))
        #expect(first != second)
        roots[first]?.only = nil
        roots[first] = root("/c")
        #expect(roots.all.keys.sorted { $0.rawValue < $1.rawValue } == [second])
    }

    @Test("what was saved stays so while it waits to be looked at, unless its root is looked at anyway")
    func dirty() {
        var roots = RootTable()
        let id = roots.add(root("/a"))
        roots.check(.root(id), isSaved: true)
        roots.check(.root(id), isSaved: false)
        roots.checkAll()
        #expect(roots.takeDirty() == [.root(id): true])
        #expect(roots.takeDirty().isEmpty)
        roots.check(.root(id), isSaved: true)
        roots.check(id)
        #expect(roots.takeDirty() == [.root(id): false])
    }
}
