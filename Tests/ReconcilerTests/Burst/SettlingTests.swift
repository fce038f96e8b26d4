import Foundation
import SystemPackage
import TestSupport
import Testing
import Watcher

@testable import Reconciler

@Suite("What belongs to one burst")
struct SettlingTests {
    private let a: FilePath = "/a.py"
    private let b: FilePath = "/b.py"
    private let quiet = Settling.quiet

    private func saved(_ paths: FilePath...) -> [FileChange] {
        paths.map { FileChange(path: $0, kind: .modified) }
    }

    private func paths(_ ready: Settling.Ready?) -> [FilePath]? { ready?.changes.map(\.path) }

    @Test("one file that is saved alone is handled at once, again and again")
    func alone() {
        var settling = Settling()
        for time in 0..<5 as Range<Int64> {
            #expect(paths(settling.add(saved(a), received: time, isLocked: false)) == [a])
            #expect(settling.timeout(now: time) == nil)
        }
    }

    @Test("another file a moment later waits for its companions, a while later it does not")
    func companions() {
        var settling = Settling()
        _ = settling.add(saved(a), received: 0, isLocked: false)
        #expect(settling.add(saved(b), received: quiet - 1, isLocked: false) == nil)
        #expect(settling.timeout(now: quiet - 1) == 50)
        #expect(settling.due(now: 2 * quiet - 2, isLocked: false) == nil)
        #expect(paths(settling.due(now: 2 * quiet - 1, isLocked: false)) == [b])
        #expect(paths(settling.add(saved(a), received: 4 * quiet, isLocked: false)) == [a])
    }

    @Test("several files wait until no further one comes; the burst is as old as the first")
    func several() {
        var settling = Settling()
        #expect(settling.add(saved(a, b), received: 7, isLocked: false) == nil)
        #expect(settling.add(saved("/c.py"), received: quiet, isLocked: false) == nil)
        #expect(settling.due(now: quiet + 7, isLocked: false) == nil)
        let ready = settling.due(now: 2 * quiet, isLocked: false)
        #expect(paths(ready) == [a, b, "/c.py"] && ready?.received == 7)
        #expect(settling.due(now: 9 * quiet, isLocked: false) == nil)
    }

    @Test("who never stops saving is served nevertheless")
    func limit() {
        var settling = Settling()
        var (now, handled): (Int64, Int64?) = (0, nil)
        while handled == nil, now < 2 * Settling.limit {
            now += quiet / 2
            if settling.add(saved(a, b), received: now, isLocked: false) != nil { handled = now }
        }
        #expect(handled.map { $0 <= Settling.limit + quiet } == true)
    }

    @Test("while git is at work everything waits, also one file alone")
    func locked() {
        var settling = Settling()
        #expect(settling.add(saved(a), received: 0, isLocked: true) == nil)
        #expect(settling.due(now: 2 * Settling.limit, isLocked: true) == nil)
        #expect(settling.timeout(now: 2 * Settling.limit) == 20)
        // What git wrote last may still be on its way.
        let done = 2 * Settling.limit
        #expect(settling.due(now: done, isLocked: false) == nil)
        #expect(settling.timeout(now: done) == 200)
        let pause = Settling.quietAfterGit
        #expect(settling.add(saved(b), received: done + pause / 2, isLocked: false) == nil)
        #expect(settling.due(now: done + pause, isLocked: false) == nil)
        let ready = settling.due(now: done + 2 * pause, isLocked: false)
        #expect(paths(ready) == [a, b] && ready?.received == 0)
    }

    @Test("after git is done who never stops saving is served nevertheless")
    func limitAfterGit() {
        var settling = Settling()
        _ = settling.add(saved(a), received: 0, isLocked: true)
        var (now, handled): (Int64, Int64?) = (Settling.limit, nil)
        while handled == nil, now < 3 * Settling.limit {
            now += quiet / 2
            if settling.add(saved(a, b), received: now, isLocked: false) != nil { handled = now }
        }
        #expect(handled.map { $0 > 2 * Settling.limit && $0 <= 2 * Settling.limit + quiet } == true)
    }
}

@Suite("Whether git is at work")
struct GitLockTests {
    @Test("its lock is that of the repository above a root, or of a worktree; an old one is nobody's")
    func locks() throws {
        let tree = try TemporaryTree()
        try tree.write("x = 1\n", to: "repository/src/a.py")
        try tree.write("", to: "repository/.git/index.lock")
        try tree.write("gitdir: ../repository/.git/worktrees/other\n", to: "other/.git")
        try tree.write("", to: "repository/.git/worktrees/other/HEAD")
        func lock(_ name: String) -> GitLock { GitLock(roots: [FilePath(tree.file(name).path)]) }
        #expect(lock("repository/src").isHeld())
        #expect(!lock("repository/src").isHeld(now: Int(Date().timeIntervalSince1970) + GitLock.patience + 1))
        #expect(!lock("other").isHeld())
        try tree.write("", to: "repository/.git/worktrees/other/index.lock")
        #expect(lock("other").isHeld())
        try FileManager.default.removeItem(at: tree.file("repository/.git/index.lock"))
        #expect(!lock("repository/src").isHeld())
        #expect(!GitLock(roots: []).isHeld())
    }
}
