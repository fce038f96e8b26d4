import SystemPackage
import Testing

@testable import Watcher

@Suite("gitignore patterns")
struct FilterTests {
    struct Row: Sendable {
        let pattern: String
        let path: String
        let matches: Bool
        init(_ pattern: String, _ path: String, _ matches: Bool) {
            (self.pattern, self.path, self.matches) = (pattern, path, matches)
        }
    }

    /// Paths that end in a slash are directories. Expected values: `git check-ignore`.
    static let rows = [
        Row("*.py", "a.py", true), Row("*.py", "deep/a.py", true), Row("*.py", "a.pyc", false),
        Row("build", "x/build/", true), Row("build/", "build", false), Row("build/", "x/build/", true),
        Row("/build", "build", true), Row("/build", "x/build", false),
        Row("a/b", "a/b", true), Row("a/b", "x/a/b", false),
        Row("a/*.py", "a/x.py", true), Row("a/*.py", "a/b/x.py", false),
        Row("**/x", "x", true), Row("**/x", "a/b/x", true),
        Row("a/**/x", "a/x", true), Row("a/**/x", "a/b/c/x", true), Row("a/**/x", "b/a/x", false),
        Row("a/**", "a/b/c", true), Row("a/**", "a", false),
        Row("***/x", "a/b/x", true), Row("?.py", "a.py", true), Row("?.py", "ab.py", false),
        Row("[a-c].py", "b.py", true), Row("[!a-c].py", "b.py", false), Row("[]a].py", "].py", true),
        Row("[a", "[a", true), Row("\\#x", "#x", true), Row("\\!x", "!x", true), Row("# x", "# x", false),
        Row("x  ", "x", true), Row("x\\ ", "x ", true), Row("a*b*c", "aXbYc", true),
        Row("a*b*c", "aXbY", false),
        Row("*___jb_*", "a.py___jb_tmp___", true), Row("*___jb_*", "a.py", false),
        Row(".*.sw?", ".a.py.swp", true),
    ]

    @Test("a pattern matches what git says it does", arguments: rows)
    func pattern(row: Row) {
        let isDirectory = row.path.hasSuffix("/")
        let names = BytePath(row.path).components
        let directory = names.dropLast().reduce(BytePath("/r")) { $0.appending($1) }
        let filter = PathFilter(WatchOptions(include: ["*"], ignore: [row.pattern]))
        let verdict = filter.verdict(
            names[names.count - 1], isDirectory: isDirectory, in: { directory }, root: BytePath("/r"),
            rules: [])
        #expect((verdict != .watched) == row.matches)
    }

    @Test("a pattern made to be slow is not")
    func hostile() {
        let glob = Glob(Array(String(repeating: "*a", count: 30).utf8) + Array("*b".utf8))
        #expect(!glob.matches(Array(repeating: UInt8(ascii: "a"), count: 250)))
        #expect(Glob(Array("**/*a/**/*b/**/c".utf8)).matches(Array("x/a/y/b/z/c".utf8)))
    }

    private func rules(_ directory: String, _ text: String) -> IgnoreRules {
        let path = BytePath(directory)
        return IgnoreRules(
            file: path.appending(GitignoreFiles.name), content: Array(text.utf8), directory: path)
    }

    @Test("the innermost file decides, the last matching line in it, and it can be named")
    func order() {
        let filter = PathFilter(WatchOptions(include: ["*"]))
        let outer = rules("/r", "*.py\n!b.py\n")
        let inner = rules("/r/pkg", "# comment\n\n!a.py\n/c.py\n")
        func verdict(_ name: String) -> PathVerdict {
            filter.verdict(
                EntryName(name), isDirectory: false, in: { BytePath("/r/pkg") }, root: BytePath("/r"),
                rules: [outer, inner])
        }
        #expect(verdict("a.py") == .watched)
        #expect(verdict("b.py") == .watched)
        let reason = IgnoreReason(
            source: .file("/r/pkg/.gitignore", line: 4), pattern: "/c.py", matched: "/r/pkg/c.py")
        #expect(verdict("c.py") == .ignored(reason))
    }

    @Test("by default only Python files are watched, and nothing that editors leave beside them")
    func defaults() {
        let filter = PathFilter(WatchOptions())
        func verdict(_ name: String, isDirectory: Bool = false) -> PathVerdict {
            filter.verdict(
                EntryName(name), isDirectory: isDirectory, in: { BytePath("/r") }, root: BytePath("/r"),
                rules: [])
        }
        #expect(verdict("a.py") == .watched)
        #expect(verdict("a.txt") == .notIncluded)
        #expect(verdict("pkg", isDirectory: true) == .watched)
        for name in ["node_modules", ".venv", "__pycache__", ".git"] {
            #expect(verdict(name, isDirectory: true) != .watched)
        }
        #expect(verdict(".#a.py") != .watched)
    }

    @Test("it can be asked why a path is ignored, through every directory on the way")
    func explain() throws {
        let tree = try TempTree()
        tree.makeDirectories("repo/.git/info")
        tree.makeDirectories("repo/app/gen")
        try tree.write("repo/.gitignore", "gen/\n")
        try tree.write("repo/.git/info/exclude", "secret.py\n")
        let filter = PathFilter(WatchOptions())
        let root = tree["repo/app"]
        let generated = filter.explain(tree["repo/app/gen/x.py"], root: root, isDirectory: false)
        #expect(
            generated
                == .ignored(
                    IgnoreReason(
                        source: .file(tree["repo/.gitignore"], line: 1), pattern: "gen/",
                        matched: tree["repo/app/gen"])))
        let secret = filter.explain(tree["repo/app/secret.py"], root: root, isDirectory: false)
        #expect(secret != .watched)
        #expect(filter.explain(tree["repo/app/a.py"], root: root, isDirectory: false) == .watched)
        // Asked for by name, an ignored directory is watched all the same.
        let inside = filter.explain(tree["repo/app/gen/x.py"], root: tree["repo/app/gen"], isDirectory: false)
        #expect(inside == .watched)
    }
}
