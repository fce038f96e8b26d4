import Glibc
import SystemPackage
import Testing

@testable import Watcher

@Suite("Trees that change")
struct TreeTests {
    @Test("files in directories that were made a moment ago are seen")
    func newDirectories() throws {
        let tree = try TempTree()
        let recorder = try Recorder(tree)
        for number in 0..<30 {
            tree.makeDirectories("n\(number)/b/c")
            try tree.write("n\(number)/b/c/f.py", "x = \(number)\n")
        }
        let expected = Set((0..<30).map { tree["n\($0)/b/c/f.py"] })
        #expect(recorder.wait { Set($0.map(\.change.path)) == expected })
    }

    @Test("a renamed directory's files have their new path, now and later")
    func renamedDirectory() throws {
        let tree = try TempTree()
        tree.makeDirectories("old/in")
        try tree.write("old/in/m.py", "x = 1\n")
        let recorder = try Recorder(tree)
        try tree.rename("old", "new")
        #expect(recorder.waitFor(tree["new/in/m.py"]))
        #expect(recorder.waitFor(tree["old/in/m.py"], kind: .removed))
        try tree.write("new/in/m.py", "x = 2\n")
        #expect(recorder.wait { $0.last?.content == "x = 2\n" })
        #expect(recorder.seen.last?.change.path == tree["new/in/m.py"])
    }

    @Test("two directories that change places are both announced, and keep apart")
    func exchangedDirectories() throws {
        let tree = try TempTree()
        for name in ["one", "two"] {
            tree.makeDirectories(name)
            try tree.write("\(name)/m.py", "x = '\(name)'\n")
        }
        let recorder = try Recorder(tree)
        try tree.exchange("one", "two")
        #expect(recorder.waitFor(tree["one/m.py"], tree["two/m.py"]))
        try tree.write("one/m.py", "x = 3\n")
        #expect(recorder.wait { $0.last?.content == "x = 3\n" })
        #expect(recorder.seen.last?.change.path == tree["one/m.py"])
    }

    @Test("a directory deleted and made again, over and over, stays watched with no watch too many")
    func recreated() throws {
        let tree = try TempTree()
        tree.makeDirectories("pkg")
        let recorder = try Recorder(tree)
        let before = recorder.watcher.watchCount
        for number in 0..<50 {
            tree.remove("pkg")
            tree.makeDirectories("pkg")
            try tree.write("pkg/a.py", "x = \(number)\n")
        }
        #expect(recorder.wait { $0.last?.content == "x = 49\n" })
        try tree.write("pkg/a.py", "x = 'end'\n")
        #expect(recorder.wait { $0.last?.content == "x = 'end'\n" })
        // The file's own watch is the only new one.
        #expect(recorder.watcher.watchCount == before + 1)
    }

    @Test("a directory that may not be read is named, and watched once it may", .enabled(if: getuid() != 0))
    func permissions() throws {
        let tree = try TempTree()
        tree.makeDirectories("closed")
        try tree.write("closed/a.py", "x = 0\n")
        try tree.check(chmod(tree["closed"].string, 0))
        let recorder = try Recorder(tree)
        try tree.check(chmod(tree["closed"].string, 0o700))
        #expect(recorder.waitFor(tree["closed/a.py"]))
        #expect(recorder.batches.flatMap(\.notices).map(\.path) == [tree["closed"]])
    }

    @Test("a directory that is moved in is announced, one that is moved out is forgotten")
    func movedInAndOut() throws {
        let tree = try TempTree()
        let outside = try TempTree()
        tree.makeDirectories("go")
        try tree.write("go/m.py", "x = 1\n")
        outside.makeDirectories("come")
        try outside.write("come/n.py", "x = 1\n")
        let recorder = try Recorder(tree)
        try tree.check(rename(outside["come"].string, tree["came"].string))
        #expect(recorder.waitFor(tree["came/n.py"]))
        let before = recorder.watcher.watchCount
        try tree.check(rename(tree["go"].string, outside["gone"].string))
        #expect(recorder.waitFor(tree["go/m.py"], kind: .removed))
        #expect(recorder.watcher.watchCount < before)
        try outside.write("gone/m.py", "x = 2\n")
        #expect(try recorder.everything(in: tree).count == 2)
    }

    @Test("a deleted root is picked up again when it returns")
    func rootReturns() throws {
        let above = try TempTree()
        above.makeDirectories("root/pkg")
        try above.write("root/pkg/a.py", "x = 1\n")
        let recorder = try Recorder()
        try recorder.watcher.addRoot(above["root"], recursive: true)
        above.remove("root")
        #expect(recorder.waitFor(above["root/pkg/a.py"], kind: .removed))
        above.makeDirectories("root/pkg")
        try above.write("root/pkg/a.py", "x = 2\n")
        #expect(recorder.waitFor(above["root/pkg/a.py"]))
        try above.write("root/pkg/a.py", "x = 3\n")
        #expect(recorder.wait { $0.last?.content == "x = 3\n" })
    }

    @Test("another directory that takes the root's place is the root")
    func rootReplaced() throws {
        let above = try TempTree()
        for name in ["top/root", "top/spare"] {
            above.makeDirectories(name)
            try above.write("\(name)/a.py", "whose = '\(name)'\n")
        }
        let recorder = try Recorder()
        try recorder.watcher.addRoot(above["top/root"], recursive: true)
        try above.rename("top/root", "top/away")
        try above.rename("top/spare", "top/root")
        #expect(recorder.wait { $0.last?.content == "whose = 'top/spare'\n" })
        try above.write("top/away/a.py", "nobody = 'looks'\n")
        // The same with a directory far above.
        try above.rename("top", "elsewhere")
        above.makeDirectories("top/root")
        try above.write("top/root/a.py", "third = True\n")
        #expect(recorder.wait { $0.last?.content == "third = True\n" })
        #expect(!recorder.seen.contains { $0.content?.contains("nobody") == true })
    }

    @Test("a file that is written through its other hard link is seen at once")
    func hardLink() throws {
        let tree = try TempTree()
        let outside = try TempTree()
        try tree.write("a.py", "x = 0\n")
        try tree.check(link(tree["a.py"].string, outside["twin"].string))
        let recorder = try Recorder(tree)
        try outside.write("twin", "x = 1\n")
        #expect(recorder.waitFor(tree["a.py"]))
        #expect(recorder.seen.last?.content == "x = 1\n")
    }

    @Test("a root that does not exist yet is waited for", arguments: [1, 3])
    func rootComes(depth: Int) throws {
        let above = try TempTree()
        let name = (0..<depth).map { "d\($0)" }.joined(separator: "/")
        let recorder = try Recorder()
        try recorder.watcher.addRoot(above[name], recursive: true)
        above.makeDirectories(name)
        try above.write("\(name)/a.py", "x = 1\n")
        #expect(recorder.waitFor(above["\(name)/a.py"]))
        let notices = recorder.batches.flatMap(\.notices).map(\.code)
        #expect(notices == [.rootMissing, .rootBack])
    }

    @Test("a release switch by symbolic link announces the new release under the root's own path")
    func currentLink() throws {
        let tree = try TempTree()
        for release in ["6", "7"] {
            tree.makeDirectories("releases/\(release)")
            try tree.write("releases/\(release)/a.py", "release = \(release)\n")
        }
        try tree.symlink("current", to: "releases/6")
        let recorder = try Recorder()
        try recorder.watcher.addRoot(tree["current"], recursive: true)
        try tree.symlink("next", to: "releases/7")
        try tree.rename("next", "current")
        #expect(recorder.waitFor(tree["current/a.py"]))
        #expect(recorder.seen.last?.content == "release = 7\n")
        try tree.write("releases/6/a.py", "nobody = 'looks'\n")
        try tree.write("releases/7/a.py", "release = 7.1\n")
        #expect(recorder.wait { $0.last?.content == "release = 7.1\n" })
        #expect(!recorder.seen.contains { $0.content?.contains("nobody") == true })
    }

    @Test("Kubernetes swaps ..data: the file's own path is reported")
    func kubernetes() throws {
        let tree = try TempTree()
        tree.makeDirectories("cm/..one")
        try tree.write("cm/..one/c.py", "x = 1\n")
        try tree.symlink("cm/..data", to: "..one")
        try tree.symlink("cm/c.py", to: "..data/c.py")
        let recorder = try Recorder(tree)
        tree.makeDirectories("cm/..two")
        try tree.write("cm/..two/c.py", "x = 2\n")
        try tree.symlink("cm/..data_tmp", to: "..two")
        try tree.rename("cm/..data_tmp", "cm/..data")
        #expect(recorder.waitFor(tree["cm/c.py"]))
        #expect(recorder.seen.last { $0.change.path == tree["cm/c.py"] }?.content == "x = 2\n")
    }

    @Test("a file behind a link is reported by the link when it is saved where it lies")
    func linkedFile() throws {
        let tree = try TempTree()
        let outside = try TempTree()
        try outside.write("real.py", "x = 1\n")
        try tree.symlink("linked.py", to: outside["real.py"].string)
        let recorder = try Recorder(tree)
        try outside.write("real.py", "x = 2\n")
        #expect(recorder.waitFor(tree["linked.py"]))
        try outside.write("real.tmp", "x = 3\n")
        try outside.rename("real.tmp", "real.py")
        #expect(recorder.wait { $0.last?.content == "x = 3\n" })
    }

    @Test("links in a circle are walked once")
    func circle() throws {
        let tree = try TempTree()
        tree.makeDirectories("pkg")
        try tree.write("pkg/a.py", "x = 0\n")
        try tree.symlink("pkg/up", to: "..")
        try tree.symlink("one", to: "two")
        try tree.symlink("two", to: "one")
        let recorder = try Recorder(tree)
        try tree.write("pkg/a.py", "x = 1\n")
        #expect(recorder.waitFor(tree["pkg/a.py"]))
        #expect(try recorder.everything(in: tree).count == 1)
    }

    @Test("a root that is a file reports that file only, through atomic saves too")
    func singleFile() throws {
        let tree = try TempTree()
        try tree.write("script", "x = 0\n")
        let recorder = try Recorder()
        try recorder.watcher.addRoot(tree["script"], recursive: false)
        for number in 1...2 {
            try tree.write("other.py", "x = \(number)\n")
            try tree.write("tmp", "x = \(number)\n")
            try tree.rename("tmp", "script")
            #expect(recorder.wait { $0.last?.content == "x = \(number)\n" })
        }
        #expect(Set(recorder.seen.map(\.change.path)) == [tree["script"]])
    }

    @Test("a root without its subdirectories, and one with them, do not disturb each other")
    func overlappingRoots() throws {
        let tree = try TempTree()
        tree.makeDirectories("pkg/sub")
        let recorder = try Recorder(tree)
        try recorder.watcher.addRoot(tree["pkg"], recursive: false)
        try tree.write("pkg/a.py", "x = 1\n")
        #expect(recorder.waitFor(tree["pkg/a.py"]))
        recorder.watcher.removeRoot(tree.root)
        try tree.write("pkg/sub/b.py", "x = 1\n")
        try tree.write("pkg/a.py", "x = 2\n")
        #expect(recorder.wait { $0.last?.content == "x = 2\n" })
        #expect(recorder.seen.map(\.change.path) == [tree["pkg/a.py"], tree["pkg/a.py"]])
    }

    @Test("names that are no UTF-8 arrive byte for byte")
    func bytes() throws {
        let tree = try TempTree()
        let recorder = try Recorder(tree)
        let path = BytePath(tree.root).appending(EntryName([0x63, 0xe9] + Array(".py".utf8)))
        let opened = path.withCString { creat($0, 0o600) }
        let file = FileDescriptor(rawValue: opened)
        _ = try file.writeAll("x = 1\n".utf8)
        try file.close()
        #expect(recorder.wait { $0.contains { BytePath($0.change.path) == path } })
    }

    @Test("ignored directories get no watch")
    func ignoredDirectories() throws {
        let tree = try TempTree()
        for name in ["pkg", "node_modules/x", ".venv/lib/y", ".git/objects", "build/z", "kept/build"] {
            tree.makeDirectories(name)
        }
        try tree.write(".gitignore", "/build/\n")
        let recorder = try Recorder(tree)
        // The root, pkg, kept, kept/build, and what lies above the root.
        let above = tree.root.components.count
        #expect(recorder.watcher.watchCount == 4 + above)
        try tree.write("build/z/a.py", "x = 1\n")
        try tree.write(".venv/lib/y/a.py", "x = 1\n")
        try tree.write("kept/build/a.py", "x = 1\n")
        #expect(recorder.waitFor(tree["kept/build/a.py"]))
        #expect(try recorder.everything(in: tree).count == 1)
    }

    @Test("a changed .gitignore takes effect at once")
    func changedRules() throws {
        let tree = try TempTree()
        tree.makeDirectories("gen")
        try tree.write("gen/a.py", "x = 0\n")
        try tree.write(".gitignore", "gen/\n")
        let recorder = try Recorder(tree)
        try tree.write(".gitignore", "other/\n")
        #expect(recorder.waitFor(tree["gen/a.py"]))
        try tree.write("gen/a.py", "x = 1\n")
        #expect(recorder.wait { $0.last?.content == "x = 1\n" })
        try tree.write(".gitignore", "gen/\n")
        try tree.write("gen/a.py", "x = 2\n")
        #expect(try recorder.everything(in: tree).last?.content == "x = 1\n")
    }
}
