import Glibc
import SystemPackage
import Testing

@testable import Watcher

@Suite("Saves")
struct SaveStyleTests {
    private func tree() throws -> TempTree {
        let tree = try TempTree()
        tree.makeDirectories("pkg")
        try tree.write("pkg/a.py", "x = 0\n")
        try tree.write("pkg/b.py", "y = 0\n")
        return tree
    }

    @Test("every way to save is one change, reported when the file is whole", arguments: SaveStyle.all)
    func save(_ style: SaveStyle) throws {
        let tree = try tree()
        let recorder = try Recorder(tree)
        try style.save(tree)
        #expect(recorder.waitFor(tree["pkg/a.py"]))
        let seen = try recorder.everything(in: tree)
        #expect(seen.map(\.change) == [FileChange(path: tree["pkg/a.py"], kind: .modified)])
        #expect(seen.first?.content == SaveStyle.text)
    }

    @Test("two files that change places are two changes")
    func exchange() throws {
        let tree = try tree()
        let recorder = try Recorder(tree)
        try tree.exchange("pkg/a.py", "pkg/b.py")
        let seen = try recorder.everything(in: tree)
        #expect(Set(seen.map(\.change.path)) == [tree["pkg/a.py"], tree["pkg/b.py"]])
        #expect(seen.allSatisfy { $0.change.kind == .modified })
    }

    @Test("touch and chmod change nothing")
    func attributes() throws {
        let tree = try tree()
        let recorder = try Recorder(tree)
        try tree.check(chmod(tree["pkg/a.py"].string, 0o600))
        try tree.check(utimes(tree["pkg/b.py"].string, nil))
        #expect(try recorder.everything(in: tree).isEmpty)
    }

    @Test("writing the same content again is no change, unless it was asked for")
    func sameContent() throws {
        let tree = try tree()
        let recorder = try Recorder(tree)
        try tree.write("pkg/a.py", "x = 1\n")
        #expect(recorder.waitFor(tree["pkg/a.py"]))
        try tree.write("pkg/a.py", "x = 1\n")
        #expect(try recorder.everything(in: tree).count == 1)
        recorder.watcher.forgetContent(of: tree["pkg/a.py"])
        try tree.write("pkg/a.py", "x = 1\n")
        #expect(recorder.wait { seen in seen.filter { $0.change.path == tree["pkg/a.py"] }.count == 2 })
    }

    @Test("an unfinished file is reported once nobody writes to it, and not before")
    func unfinished() throws {
        let tree = try tree()
        let recorder = try Recorder(
            tree, WatchOptions(isComplete: { $1.filter { $0 == 91 }.count == $1.filter { $0 == 93 }.count }))
        let writer = try tree.open("pkg/a.py")
        _ = try writer.writeAll("x = [\n".utf8)
        try tree.open("pkg/a.py", []).close()
        #expect(try recorder.everything(in: tree).isEmpty)
        try writer.close()
        #expect(recorder.waitFor(tree["pkg/a.py"]))
    }

    @Test("a writer that never closes is seen once the file is still")
    func neverCloses() throws {
        let tree = try tree()
        let recorder = try Recorder(tree)
        let writer = try tree.open("pkg/a.py")
        _ = try writer.writeAll("x = 2\n".utf8)
        #expect(recorder.waitFor(tree["pkg/a.py"]))
        #expect(recorder.seen.last?.content == "x = 2\n")
        try writer.close()
        #expect(try recorder.everything(in: tree).count == 1)
    }

    @Test("a deleted file is reported as removed, once")
    func removed() throws {
        let tree = try tree()
        let recorder = try Recorder(tree)
        try tree.unlink("pkg/a.py")
        #expect(recorder.waitFor(tree["pkg/a.py"], kind: .removed))
        #expect(try recorder.everything(in: tree).count == 1)
    }

    @Test("a FIFO with a file's name blocks nobody")
    func fifo() throws {
        let tree = try tree()
        let recorder = try Recorder(tree)
        try tree.check(mkfifo(tree["pkg/pipe.py"].string, 0o600))
        try tree.unlink("pkg/a.py")
        try tree.check(mkfifo(tree["pkg/a.py"].string, 0o600))
        #expect(recorder.waitFor(tree["pkg/a.py"]))
        #expect(recorder.seen.map(\.content) == [nil])
    }
}
