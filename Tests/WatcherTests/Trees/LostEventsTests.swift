import Glibc
import SystemPackage
import Testing

@testable import Watcher

/// Works on the watcher's core, without its thread: so events can be lost on purpose.
@Suite("Lost events")
struct LostEventsTests {
    private let overflow = InotifyEvent(watch: nil, mask: .overflow, cookie: 0, name: nil)

    /// Reads the queue and throws it away.
    private func loseEvents(_ core: borrowing WatchCore) {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while read(core.eventDescriptor, &buffer, buffer.count) > 0 {}
    }

    @Test("after an overflow, everything that changed is found, and nothing else is reported")
    func overflowed() throws {
        let tree = try TempTree()
        tree.makeDirectories("pkg/old")
        for name in ["pkg/a.py", "pkg/b.py", "pkg/old/c.py"] { try tree.write(name, "x = 0\n") }
        var core = try WatchCore(options: WatchOptions())
        try core.addRoot(BytePath(tree.root), recursive: true)
        try tree.write("pkg/b.py", "x = 1\n")
        #expect(core.nextBatch(mountsChanged: false).changes.map(\.path) == [tree["pkg/b.py"]])

        try tree.write("pkg/a.py", "x = 1\n")
        // An old modification time does not hide a change.
        var past = [timeval(tv_sec: 1_000_000_000, tv_usec: 0), timeval(tv_sec: 1_000_000_000, tv_usec: 0)]
        try tree.check(utimes(tree["pkg/a.py"].string, &past))
        tree.makeDirectories("new/deep")
        try tree.write("new/deep/n.py", "n = 1\n")
        tree.remove("pkg/old")
        loseEvents(core)
        core.handle(overflow, now: .now)
        let batch = core.nextBatch(mountsChanged: false)
        #expect(batch.overflowed)
        #expect(batch.notices.map(\.code) == [.overflow])
        #expect(Set(batch.changes.map(\.path)) == [tree["pkg/a.py"], tree["new/deep/n.py"]])

        let later = core.nextBatch(mountsChanged: false, at: .now + .milliseconds(50))
        #expect(later.changes == [FileChange(path: tree["pkg/old/c.py"], kind: .removed)])
        try tree.write("new/deep/n.py", "n = 2\n")
        #expect(core.nextBatch(mountsChanged: false).changes.map(\.path) == [tree["new/deep/n.py"]])
    }

    @Test("while nothing happens nothing is due, also after a save and a deletion")
    func idle() throws {
        let tree = try TempTree()
        try tree.write("a.py", "x = 0\n")
        try tree.write("b.py", "x = 0\n")
        var core = try WatchCore(options: WatchOptions())
        try core.addRoot(BytePath(tree.root), recursive: true)
        #expect(core.nextDue == nil)
        try tree.write("a.py", "x = 1\n")
        #expect(core.nextBatch(mountsChanged: false).changes.count == 1)
        #expect(core.nextDue == nil)
        try tree.unlink("b.py")
        #expect(core.nextBatch(mountsChanged: false).isEmpty)
        #expect(core.nextDue != nil)
        let later = core.nextBatch(mountsChanged: false, at: .now + .milliseconds(50))
        #expect(later.changes.map(\.kind) == [.removed])
        #expect(core.nextDue == nil)
    }

    @Test("a debounce holds changes back, and no timer runs afterwards")
    func debounce() throws {
        let tree = try TempTree()
        var core = try WatchCore(options: WatchOptions(debounce: .milliseconds(30)))
        try core.addRoot(BytePath(tree.root), recursive: true)
        try tree.write("a.py", "x = 1\n")
        #expect(core.nextBatch(mountsChanged: false).isEmpty)
        try tree.write("b.py", "x = 1\n")
        #expect(core.nextBatch(mountsChanged: false).isEmpty)
        #expect(core.nextDue != nil)
        let later = core.nextBatch(mountsChanged: false, at: .now + .milliseconds(30))
        #expect(later.changes.map(\.path) == [tree["a.py"], tree["b.py"]])
        #expect(core.nextDue == nil)
    }
}
