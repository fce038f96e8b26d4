import Glibc
import SystemPackage
import Testing

@testable import Watcher

@Suite("Limits")
struct LimitTests {
    @Test("a notice says which setting, and what to set it to")
    func sysctl() {
        let notice = WatchNotice(
            .watchLimit(sysctl: "fs.inotify.max_user_watches", value: 8192, suggested: 524_288), path: "/srv")
        #expect(notice.description.contains("fs.inotify.max_user_watches = 8192"))
        #expect(notice.hint == "sudo sysctl fs.inotify.max_user_watches=524288")
    }

    @Test("the limits of this machine are read, and the suggestion is higher")
    func own() throws {
        guard case .watchLimit(let name, let value, let suggested) = InotifyLimit.watches.notice else {
            Issue.record("not a notice about watches")
            return
        }
        #expect(name.contains("inotify"))
        #expect(value > 0 && suggested > value)
    }

    @Test("without inotify everything is polled, and the user is told")
    func polling() throws {
        let tree = try TempTree()
        tree.makeDirectories("pkg")
        for name in ["pkg/a.py", "pkg/b.py"] { try tree.write(name, "x = 0\n") }
        var core = try WatchCore(options: WatchOptions()) { () throws(Errno) in throw .tooManyOpenFiles }
        try core.addRoot(BytePath(tree.root), recursive: true)
        var later = ContinuousClock.now
        func poll(_ core: inout WatchCore) -> Set<FileChange> {
            later += .seconds(1)
            return Set(core.nextBatch(mountsChanged: false, at: later).changes)
        }
        let first = core.nextBatch(mountsChanged: false)
        #expect(first.changes.isEmpty)
        #expect(
            first.notices.count == 1
                && first.notices.allSatisfy { $0.hint?.hasPrefix("sudo sysctl ") == true })
        #expect(poll(&core).isEmpty)

        try tree.write("pkg/a.py", "x = 'longer'\n")
        tree.makeDirectories("new/deep")
        try tree.write("new/deep/n.py", "n = 1\n")
        try tree.unlink("pkg/b.py")
        let removal = FileChange(path: tree["pkg/b.py"], kind: .removed)
        var found = poll(&core)
        #expect(!found.contains(removal), "a file that is being replaced is gone for a moment")
        // What another test has just forked holds our descriptors until it executes: a file that was written a moment ago
        // has a writer then, and is looked at once more.
        for _ in 0..<1000 where found.count < 3 {
            found.formUnion(poll(&core))
            usleep(1000)
        }
        let saved = [tree["pkg/a.py"], tree["new/deep/n.py"]].map { FileChange(path: $0, kind: .modified) }
        #expect(found == Set(saved + [removal]))

        tree.remove("pkg")
        _ = poll(&core)
        #expect(poll(&core) == [FileChange(path: tree["pkg/a.py"], kind: .removed)])
        #expect(core.watchCount == 0)
    }

    @Test("a root must be absolute, and something that holds files")
    func badRoots() throws {
        let recorder = try Recorder()
        func failure(_ path: FilePath) -> WatcherError.Code? {
            do throws(WatcherError) {
                try recorder.watcher.addRoot(path, recursive: true)
                return nil
            } catch {
                return error.code
            }
        }
        #expect(failure("relative/path") == .notAbsolute)
        #expect(failure("/dev/null") == .notWatchable)
        recorder.watcher.stop()
        #expect(failure("/tmp") == .stopped)
    }

    @Test("after stop nothing is delivered")
    func stop() throws {
        let tree = try TempTree()
        let recorder = try Recorder(tree)
        try tree.write("a.py", "x = 1\n")
        #expect(recorder.waitFor(tree["a.py"]))
        recorder.watcher.stop()
        try tree.write("a.py", "x = 2\n")
        recorder.watcher.stop()
        #expect(recorder.seen.count == 1)
    }
}
