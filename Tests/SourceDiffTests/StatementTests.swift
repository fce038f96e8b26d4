import SourceDiff
import Testing

@Suite("Outline: statements")
struct StatementTests {
    @Test(
        "kind and bound names",
        arguments: [
            ("import a.b, c as d", .import, ["a", "d"]),
            ("from a import (b, c as d,)", .fromImport, ["b", "d"]),
            ("from a import *", .fromImport, ["*"]), ("lazy import a", .import, ["a"]),
            ("x = y = 1", .assign, ["x", "y"]),
            ("x, (y, *z) = a", .assign, ["x", "y", "z"]), ("a.b = c[0, 1] = 1", .assign, ["a.b", "c[0, 1]"]),
            ("x: int = 1", .annotatedAssign, ["x"]), ("x += 1", .augmentedAssign, ["x"]),
            ("x **= 1", .augmentedAssign, ["x"]),
            ("type X[T] = list[T]", .typeAlias, ["X"]), ("type = 1", .assign, ["type"]),
            ("f(x == 1, y=2)", .expression, []),
            ("lambda x: x", .expression, []), ("x if y != 1 else z", .expression, []), ("del x", .delete, []),
            ("pass", .pass, []),
            ("assert x == 1", .assert, []), ("raise X from y", .raise, []),
            ("for i, j in x: k = 1", .for, ["i", "j", "k"]),
            ("while x: y = 1", .while, ["y"]), ("with a as b, c as (d, e): pass", .with, ["b", "d", "e"]),
            ("with (a as b, c): pass", .with, ["b"]),
            ("if x: import a\nelif y: b = 1\nelse: c = 1", .if, ["a", "b", "c"]),
            ("try:\n  import a\nexcept E as e:\n  a = 1\n  def f(): pass", .try, ["a", "e", "a", "f"]),
            ("match x:\n  case 1: y = 1", .match, ["y"]), ("match[x] = 1", .assign, ["match[x]"]),
            ("match(x)", .expression, []),
        ] as [(String, Statement.Kind, [String])])
    func kinds(source: String, kind: Statement.Kind, names: [String]) throws {
        let statement = try #require(try outline(source + "\n").statements.first)
        #expect(statement.kind == kind)
        #expect(statement.names == names)
    }

    @Test("semicolons separate, and blocks contain")
    func containers() throws {
        let outline = try outline("a = 1; b = 2\nclass A:\n  x = 1\n  if y:\n    z = 1\ndef f():\n  w = 1\n")
        #expect(outline.statements.map(\.names) == [["a"], ["b"], ["x"], ["z"], ["z"]])
        #expect(outline.statements.map(\.scope) == [nil, nil, 0, 0, 0])
        #expect(outline.statements.map(\.container) == [nil, nil, nil, nil, 3])
        #expect(outline.statements.map(\.isConditional) == [false, false, false, false, true])
    }

    @Test("a compound statement ends with its last clause")
    func ends() throws {
        let outline = try outline("try:\n  a\nexcept E:\n  b\nfinally:\n  c\n\n# tail\nx = 1\n")
        #expect(outline.statements.first?.endLine == 6)
    }

    @Test("future imports are read up to the first other statement")
    func future() throws {
        let outline = try outline(
            "'doc'\nfrom __future__ import (annotations, division as d)\nx = 1\nfrom __future__ import barry_as_FLUFL\n"
        )
        #expect(outline.futureFlags == [.annotations, .division])
        #expect(outline.futureFlags.effective.pythonNames == ["annotations"])
    }
}
