import Glibc
import SystemPackage
import Testing

@testable import Watcher

@Suite("git")
struct GitTests {
    private func git(_ tree: TempTree, _ words: String...) throws {
        let line = words.map { "'\($0)'" }.joined(separator: " ")
        let identity = "-c user.name=a -c user.email=a@example.invalid"
        try tree.check(system("git -C '\(tree.root)' \(identity) \(line) >/dev/null 2>&1"))
    }

    @Test("a checkout reports exactly the files in which the branches differ")
    func checkout() throws {
        let tree = try TempTree()
        try git(tree, "init", "-b", "main")
        for number in 0..<40 {
            tree.makeDirectories("p\(number % 4)")
            try tree.write("p\(number % 4)/m\(number).py", "x = 0\n")
        }
        try git(tree, "add", "-A")
        try git(tree, "commit", "-m", "one")
        try git(tree, "checkout", "-b", "other")
        for number in 0..<20 { try tree.write("p\(number % 4)/m\(number).py", "x = \(number + 1)\n") }
        tree.makeDirectories("new/deep")
        try tree.write("new/deep/n.py", "n = 1\n")
        try tree.unlink("p0/m36.py")
        try git(tree, "add", "-A")
        try git(tree, "commit", "-m", "two")
        try git(tree, "checkout", "main")

        let recorder = try Recorder(tree)
        try git(tree, "checkout", "other")
        let removed = FileChange(path: tree["p0/m36.py"], kind: .removed)
        let changed = (0..<20).map { tree["p\($0 % 4)/m\($0).py"] } + [tree["new/deep/n.py"]]
        let expected = Set(changed.map { FileChange(path: $0, kind: .modified) } + [removed])
        #expect(recorder.wait { Set($0.map(\.change)) == expected })
        #expect(Set(try recorder.everything(in: tree).map(\.change)) == expected)
        #expect(recorder.batches.allSatisfy { !$0.overflowed })
    }
}
