import Glibc
import SystemPackage
import Testing

@testable import Watcher

@Suite("Reading files")
struct FileReaderTests {
    @Test("content and state belong together", arguments: [0, 1, 4096, 100_000])
    func read(size: Int) throws {
        let tree = try TempTree()
        let text = String(repeating: "x", count: size)
        try tree.write("a.py", text)
        let file = try FileReader.read(tree["a.py"], limit: 100_000)
        #expect(file.bytes == Array(text.utf8))
        #expect(file.identity == (try FileIdentity.of(tree["a.py"])))
        #expect(file.identity.size == Int64(size))
    }

    @Test("what cannot be read says why")
    func errors() throws {
        let tree = try TempTree()
        try tree.write("big.py", "12345")
        try tree.check(mkfifo(tree["pipe.py"].string, 0o600))
        tree.makeDirectories("dir.py")
        try tree.symlink("loop.py", to: "loop.py")
        func failure(_ name: String) -> FileReadError? {
            do throws(FileReadError) {
                _ = try FileReader.read(tree[name], limit: 4)
                return nil
            } catch {
                return error
            }
        }
        #expect(failure("none.py") == .missing)
        #expect(failure("big.py/x") == .missing)
        #expect(failure("big.py") == .tooBig(size: 5))
        #expect(failure("pipe.py") == .notRegular)
        #expect(failure("dir.py") == .notRegular)
        #expect(failure("loop.py") == .unreadable(.tooManySymbolicLinkLevels))
    }

    @Test("a replaced file has another identity, a rewritten one another state")
    func identity() throws {
        let tree = try TempTree()
        try tree.write("a.py", "x = 1\n")
        let first = try FileIdentity.of(tree["a.py"])
        try tree.write("b.py", "x = 1\n")
        try tree.rename("b.py", "a.py")
        let second = try FileIdentity.of(tree["a.py"])
        #expect(first.inode != second.inode)
        try tree.write("a.py", "x = 22\n")
        let third = try FileIdentity.of(tree["a.py"])
        #expect(third.inode == second.inode && third != second)
    }
}

@Suite("Asking for writers")
struct WriterProbeTests {
    @Test("a writer is seen while it has the file open, and not after")
    func writer() throws {
        let tree = try TempTree()
        try tree.write("a.py", "x = 1\n")
        #expect(!WriterProbe.hasWriter(tree["a.py"]))
        let writer = try tree.open("a.py", [])
        #expect(WriterProbe.hasWriter(tree["a.py"]))
        try writer.close()
        #expect(!WriterProbe.hasWriter(tree["a.py"]))
    }

    @Test("a reader is no writer, and a file that cannot be asked about has none")
    func nobody() throws {
        let tree = try TempTree()
        try tree.write("a.py", "x = 1\n")
        let reader = try FileDescriptor.open(tree["a.py"], .readOnly)
        #expect(!WriterProbe.hasWriter(tree["a.py"]))
        try reader.close()
        #expect(!WriterProbe.hasWriter(tree["none.py"]))
        #expect(!WriterProbe.hasWriter("/proc/version"))
    }

    @Test("nobody who opens the file meanwhile is kept waiting or killed")
    func noHarm() throws {
        let tree = try TempTree()
        try tree.write("a.py", "x = 1\n")
        let path = tree["a.py"]
        let prober = try QuietThread { for _ in 0..<200 { _ = WriterProbe.hasWriterNow(BytePath(path)) } }
        for number in 0..<200 { try tree.write("a.py", "x = \(number)\n") }
        prober.join()
        #expect(!WriterProbe.hasWriter(tree["a.py"]))
    }
}
