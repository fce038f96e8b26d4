import SourceDiff
import Testing

@testable import Reconciler
@testable import Reloader

@Suite("The plan of a file")
struct PatchPlanTests {
    private func plan(_ old: String, _ new: String) throws -> PatchPlan {
        let before = try Outline(scanning: Array(old.utf8))
        let after = try Outline(scanning: Array(new.utf8))
        return PatchPlan(old: before, new: after, changes: ChangeSet(from: before, to: after))
    }

    @Test("a body is one operation, with the lines of both sides")
    func body() throws {
        let plan = try plan(
            "@d\ndef f():\n    return 1\n",
            "import sys\n@d\ndef f():\n    return 2\n".replacing("import sys", with: "# c"))
        #expect(plan.kept.isEmpty)
        #expect(plan.planned.map(\.qualname) == ["f"])
        #expect(plan.planned.first?.operation == .function)
        #expect(plan.planned.first?.old == PlannedChange.Lines(first: 1, second: 2))
        #expect(plan.planned.first?.new == PlannedChange.Lines(first: 2, second: 3))
        #expect(plan.planned.first?.aspects == ["body"])
    }

    @Test("a nested definition is its function's change")
    func nested() throws {
        let plan = try plan(
            "def f():\n    def g():\n        return 1\n    return g\n",
            "def f():\n    def g():\n        return 2\n    return g\n")
        #expect(plan.planned.map(\.qualname) == ["f"])
    }

    @Test("a name that only type checkers see from now on is lost; one that an `else` binds is not")
    func checkers() throws {
        let old = "import typing as t\nfrom typing import List, Set\n"
        let block = "if t.TYPE_CHECKING:\n    from typing import Set\n"
        let new = "import typing as t\nfrom typing import List\n" + block
        let lost = try plan(old, new).kept
        #expect(lost.map(\.name) == ["Set"])
        #expect(lost.map(\.message) == ["removed; what it did stays until a restart"])
        #expect(try plan(old, new + "else:\n    Set = set\n").kept.isEmpty)
        #expect(try plan(old, new.replacing("TYPE_CHECKING", with: "TRY")).kept.isEmpty)
    }

    @Test("names that a block bound, which is kept in another way, are named with those that it binds")
    func blocks() throws {
        let old = "if posix:\n    import a, b\n    from c import d\nimport e\n"
        let kept = try plan(old, "if posix:\n    import a\nimport d\n").kept
        #expect(kept.map(\.name).contains("a, b"))
    }

    @Test("a new member of an enumeration is told with those that count on from it")
    func members() throws {
        let old = "class S(Enum):\n    A = auto()\n    C = auto()\n    D = 9\n"
        let plan = try plan(old, old.replacing("    C", with: "    B = auto()\n    C"))
        #expect(plan.subjects.values.map(\.followers) == [["C"]])
        let id = try #require(plan.subjects.keys.first)
        let file = FilePlan(file: "a.py", codeFile: "a.py", module: "a", plan: plan)
        let told = PatchReply.Remark(change: id, reason: "enum-members", message: "", count: 1)
        #expect(PatchReport.Remark([file], told, otherwise: .notAtomic).name == "a.S.B, C")
    }

    @Test(
        "a decorator of what a later statement wraps is told to the agent as such", arguments: [true, false])
    func overwritten(isWrapped: Bool) throws {
        let old = "class S:\n    @a\n    def f(cls): pass\n    \(isWrapped ? "f" : "g") = classmethod(f)\n"
        let plan = try plan(old, old.replacing("@a", with: "@b"))
        #expect(plan.planned.map { $0.aspects.contains("overwritten") } == [isWrapped])
    }

    @Test("comments and layout ask for nothing")
    func comments() throws {
        #expect(try plan("def f():\n    return 1\n", "# new\n\ndef f():\n    return (1)\n").isEmpty)
    }

    static let operations: [(String, String, [String], [String])] = [
        ("x = 1\n", "def f(): pass\nx = 1\n", ["define f"], []),
        ("def f(): pass\n", "", ["delete f"], []),
        ("def f(): pass\n", "def g(): return 1\n", ["define g", "delete f"], []),
        ("class A:\n    def m(self): pass\n", "", ["delete A"], []),
        ("", "class A:\n    n = 1\n    def m(self): pass\n", ["define A"], []),
        ("class A: pass\n", "class A(B): pass\n", ["class A"], []),
        ("", "import os\n", ["import os"], []),
        ("", "LIMIT = 5\n", ["assign LIMIT"], []),
        ("LIMIT = 5\n", "LIMIT = 6\n", ["constant LIMIT"], []),
        ("class A:\n    n = 5\n", "class A:\n    n = 6\n", ["constant A.n"], []),
        ("", "print(1)\n", [], ["module-statement"]),
        ("import os\n", "", [], ["module-statement"]),
        ("x = 1\n", "x = 1\nif x:\n    def f(): pass\n", ["block f"], []),
        (
            "class A:\n    def f(self): pass\n",
            "class A:\n    if TYPE_CHECKING:\n        def f(self): pass\n", ["delete A.f", "block A.f"], []
        ),
        ("def f(): pass\n", "if TYPE_CHECKING or x:\n    def f(): pass\n", ["block f"], []),
        ("def f(): pass\n", "if TYPE_CHECKING: pass\nelif x:\n    def f(): pass\n", ["block f"], []),
        ("def f(): pass\n", "if x:  # TYPE_CHECKING\n    def f(): pass\n", ["block f"], []),
        (
            "def f(): pass\n", "if t.TYPE_CHECKING:  # never\n    def f(): pass\n",
            ["delete f", "block f"], []
        ),
        ("", "t = {}\nfor n in (1, 2):\n    t[n] = 1\n", ["assign t", "block n, t"], []),
        ("", "t = []\nif x:\n    t.append(1)\n", ["assign t", "block t"], []),
        (
            "x = 1\nif x:\n    y = 1\n", "x = 1\nif x:\n    y = 1\n    def f(): pass\n", ["define f"], []
        ),
    ]

    @Test("an edit becomes operations and remarks", arguments: operations)
    func planned(old: String, new: String, operations: [String], reasons: [String]) throws {
        let plan = try plan(old, new)
        #expect(
            plan.planned.map { "\($0.operation.rawValue) \($0.qualname)" }.sorted() == operations.sorted())
        #expect(Set(plan.kept.map(\.reason.rawValue)) == Set(reasons))
        #expect(plan.subjects.count == plan.planned.count)
    }

    @Test(
        "a statement that stays out is told by the name that it uses",
        arguments: [
            ("while table:\n    table.pop()\n", "table"),
            ("table.update(a=1)\n", "table"), ("table[1][2] = 3\n", "table"),
            ("table.size = 1\n", "table.size"), ("print(1)\n", "expression"),
            ("class A:\n    t = {}\n    t[5] = 6\n", "A.t"), ("(a.b)\n", "expression"),
            ("for n in range(3): table[n] = n\n", "n, table[n]"),
        ])
    func keptName(added: String, name: String) throws {
        let old = added.hasPrefix("class") ? "class A:\n    t = {}\n" : "table = {}\n"
        #expect(try plan(old, added.hasPrefix("class") ? added : old + added).kept.map(\.name) == [name])
    }

    @Test("a changed call is called by the object that it uses")
    func changedCall() throws {
        let plan = try plan("t = []\nt.append(1)\n", "t = []\nt.append(2)\n")
        #expect(plan.planned.map { "\($0.operation.rawValue) \($0.qualname)" } == ["constant t"])
        #expect(try self.plan("t.a[1] = 1\n", "t.a[1] = 2\n").planned.map(\.qualname) == ["t.a[1]"])
    }

    @Test(
        "a name that the same save has made is deleted; what only a `del` has meant goes with it",
        arguments: [
            ("", "h = 1\ndel h\n", ["assign h", "block del h"], 0), ("h = 1\n", "h = 1\ndel h\n", [], 1),
            ("h = 1\ndel h\n", "", [], 0), ("h = 1\ndel h\nh = 2\n", "", [], 2), ("del h\n", "", [], 1),
            ("g = 1\ndel g\n", "h = 1\ndel h\n", ["assign h", "block del h"], 0),
            ("del g\n", "h = 1\ndel h\n", ["assign h"], 1),
            ("h = 1\nif x: del h\n", "if x: pass\n", [], 2),
            ("h = 1\ndel h\ndef f():\n    global h\n", "def f():\n    global h\n", [], 1),
        ])
    func deleted(old: String, new: String, operations: [String], kept: Int) throws {
        let plan = try plan(old, new)
        #expect(
            plan.planned.map { "\($0.operation.rawValue) \($0.qualname)" }.sorted() == operations.sorted())
        #expect(plan.kept.count == kept)
    }

    @Test("another __future__ import compiles every function again")
    func future() throws {
        let body = "def f(a: int): pass\n\ndef g(): pass\n"
        let plan = try plan(body, "from __future__ import annotations\n" + body)
        #expect(plan.planned.filter { $0.operation == .function }.map(\.qualname) == ["f", "g"])
        let other = body.replacing("pass", with: "1")
        let edited = try self.plan(body, "from __future__ import annotations\n" + other)
        let functions = edited.planned.filter { $0.operation == .function }
        #expect(functions.map(\.qualname) == ["f", "g"])
        #expect(functions.allSatisfy { $0.aspects.contains("body") && $0.aspects.contains("annotations") })
    }

    @Test("ids go on where the file before stopped")
    func ids() throws {
        let before = try Outline(scanning: Array("def f(): pass\n".utf8))
        let after = try Outline(scanning: Array("def f(): return 1\n".utf8))
        let plan = PatchPlan(old: before, new: after, changes: ChangeSet(from: before, to: after), firstID: 7)
        #expect(plan.planned.map(\.id) == [7])
        #expect(plan.nextID == 8)
    }

    @Test("every reason has words and an action", arguments: ReasonID.allCases)
    func wording(reason: ReasonID) {
        #expect(!reason.message.isEmpty && !reason.message.hasSuffix("."))
        #expect(!reason.action.isEmpty && !reason.action.hasSuffix("."))
    }
}
