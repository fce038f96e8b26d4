import Testing

@testable import Watcher

@Suite("The tree of watched directories")
struct WatchTreeTests {
    private let root = RootID(rawValue: 1)

    private func directory(_ name: String, in parent: DirectoryID?, number: UInt64) -> WatchedDirectory {
        WatchedDirectory(
            root: root, parent: parent, name: EntryName(name), key: InodeKey(device: 1, inode: number),
            watch: WatchID(rawValue: Int32(number)), isPolled: false, isLink: false, rules: [])
    }

    /// `/p` with `old/in`.
    private func sample() -> (WatchTree, top: DirectoryID, old: DirectoryID, inner: DirectoryID) {
        var tree = WatchTree()
        let top = tree.insertRoot(directory("p", in: nil, number: 1), path: BytePath("/p"))
        let old = tree.insert(directory("old", in: top, number: 2))
        let inner = tree.insert(directory("in", in: old, number: 3))
        return (tree, top, old, inner)
    }

    @Test("a rename moves every path below it")
    func rename() {
        var (tree, top, old, inner) = sample()
        #expect(tree.path(of: inner) == BytePath("/p/old/in"))
        tree.detach(old)
        #expect(tree.path(of: inner) == nil)
        tree.attach(old, to: top, as: EntryName("new"))
        #expect(tree.path(of: inner) == BytePath("/p/new/in"))
        #expect(tree[top]?.children == [EntryName("new"): old])
    }

    @Test("removing a directory gives back its watches and those below")
    func remove() {
        var (tree, top, old, inner) = sample()
        let file = FileKey(directory: inner, name: EntryName("a.py"))
        tree.know(file)
        tree.update(file) { $0.watch = WatchID(rawValue: 9) }
        #expect(Set(tree.remove(old).map(\.rawValue)) == [2, 3, 9])
        #expect(tree[top]?.children.isEmpty == true)
        #expect(tree.directories.count == 1)
    }

    @Test("a watch that two directories share stays until both have gone")
    func shared() {
        var (tree, top, old, _) = sample()
        let again = tree.insert(directory("again", in: top, number: 2))
        #expect(Set(tree.directories(watchedBy: WatchID(rawValue: 2))) == [old, again])
        #expect(tree.remove(again).isEmpty)
        #expect(tree.remove(old).contains(WatchID(rawValue: 2)))
    }

    @Test("the top of the file system is a root like others")
    func slash() {
        var tree = WatchTree()
        let top = tree.insertRoot(directory("", in: nil, number: 1), path: .root)
        let child = tree.insert(directory("srv", in: top, number: 2))
        #expect(tree.path(of: child) == BytePath("/srv"))
    }
}
