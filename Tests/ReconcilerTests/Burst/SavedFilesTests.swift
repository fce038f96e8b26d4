import SystemPackage
import Testing

@testable import Reconciler

@Suite("Saved files")
struct SavedFilesTests {
    private final class Disk {
        var contents: [FilePath: [UInt8]] = ["/a.py": [1], "/b.py": [2]]
        var reads: [FilePath] = []

        func read(_ path: FilePath) -> SavedFiles.Content {
            reads.append(path)
            guard let bytes = contents[path] else {
                return .failure(SourceReader.Failure(reason: .missing, message: "gone"))
            }
            return .success(bytes)
        }
    }

    @Test("a file is read once, also one that is not there, and its content stays what it was then")
    func once() {
        let disk = Disk()
        var files = SavedFiles(reader: disk.read)
        for _ in 0..<3 {
            #expect(files.bytes(of: "/a.py") == [1])
            #expect(files.bytes(of: "/none.py") == nil)
            disk.contents = ["/a.py": [9], "/b.py": [8], "/none.py": [7]]
        }
        #expect(files.bytes(of: "/b.py") == [8])
        #expect(disk.reads == ["/a.py", "/none.py", "/b.py"])
    }
}
