import SourceDiff
import Testing

@Suite("ChangeSet")
struct ChangeSetTests {
    struct Edit: CustomTestStringConvertible, Sendable {
        var name: String
        var old: String
        var new: String
        var aspects: Aspects
        var testDescription: String { name }

        init(_ name: String, _ old: String, _ new: String, _ aspects: Aspects) {
            self.name = name
            self.old = old
            self.new = new
            self.aspects = aspects
        }
    }

    static let edits: [Edit] = [
        Edit("body", "def f():\n  return 1\n", "def f():\n  return 2\n", .body),
        Edit(
            "nested function", "def f():\n  def g(): return 1\n  return g\n",
            "def f():\n  def g(): return 2\n  return g\n", [.body, .nested]),
        Edit("docstring", "def f():\n  'a'\n  return 1\n", "def f():\n  'b'\n  return 1\n", .doc),
        Edit("parameters", "def f(a): pass\n", "def f(b): pass\n", .parameters),
        Edit("default", "def f(a=1): pass\n", "def f(a=2): pass\n", .defaults),
        Edit(
            "default of a lambda", "def f(a=lambda x, y=1: x): pass\n", "def f(a=lambda x, y=2: x): pass\n",
            .defaults),
        Edit("annotation", "def f(a: int): pass\n", "def f(a: str): pass\n", .annotations),
        Edit("result annotation", "def f(a): pass\n", "def f(a) -> int: pass\n", .annotations),
        Edit("type parameters", "def f[T](a): pass\n", "def f[T: int](a): pass\n", .typeParameters),
        Edit("decorator", "@a\ndef f(): pass\n", "@a(1)\ndef f(): pass\n", .decorators),
        Edit("kind", "def f(): pass\n", "async def f(): pass\n", .kind),
        Edit("class becomes function", "class f(A): pass\n", "def f(a): pass\n", .kind),
        Edit("bases", "class A(B): pass\n", "class A(C): pass\n", .bases),
        Edit("keywords", "class A(B): pass\n", "class A(B, metaclass=M): pass\n", .keywords),
        Edit("debug field", "def f(): return f\"{x=}\"\n", "def f(): return f\"{x = }\"\n", .body),
        Edit("template field", "def f(): return t\"{x}\"\n", "def f(): return t\"{ x }\"\n", .body),
        Edit("moved down", "def f(): pass\n", "\n\ndef f(): pass\n", .relined),
        Edit("comment after", "def f():\n  return 1 # a\n", "def f():\n  return 1 # b\n", []),
        Edit(
            "line break inside", "def f():\n  return g(1, 2)\n", "def f():\n  return g(1,\n    2)\n",
            .reflowed),
        Edit("quotes", "def f(): return 'a' 'b'\n", "def f(): return \"ab\"\n", [.format, .reflowed]),
        Edit("trailing comma", "def f(): return g(1)\n", "def f(): return g(1,)\n", [.format, .reflowed]),
        Edit("one-tuple", "def f(): return (1)\n", "def f(): return (1,)\n", .body),
        Edit("parentheses", "def f(): x = (a + b)\n", "def f(): x =  a + b\n", [.format, .reflowed]),
        Edit("needed parentheses", "def f(): x = (a + b) * c\n", "def f(): x = a + b * c\n", .body),
        Edit(
            "white space in a field", "def f(): return f\"{x}\"\n", "def f(): return f\"{ x }\"\n",
            [.format, .reflowed]),
    ]

    @Test("one edit, one kind of change", arguments: edits)
    func edit(edit: Edit) throws {
        let changes = try changes(edit.old, edit.new)
        #expect(
            changes.definitions.first { !$0.qualname.contains("<locals>") }?.aspects ?? [] == edit.aspects)
        #expect(changes.statements.isEmpty)
    }

    @Test("an added and a removed definition of one body are a rename")
    func rename() throws {
        let changes = try changes("def f(a): return a\nx = 1\n", "def g(a): return a\nx = 1\n")
        #expect(
            changes.definitions.map(\.qualname) == ["f", "g"]
                || changes.definitions.map(\.qualname) == ["g", "f"])
        #expect(changes.definitions.allSatisfy { $0.aspects.contains(.moved) && $0.similarTo == 0 })
    }

    @Test("a method's change leaves its class alone")
    func method() throws {
        let changes = try changes(
            "class A:\n  def m(self): return 1\n  x = 1\n", "class A:\n  def m(self): return 2\n  x = 1\n")
        #expect(changes.definitions.map(\.qualname) == ["A.m"])
        #expect(changes.statements.isEmpty)
    }

    @Test("repeated definitions are matched by occurrence")
    func occurrences() throws {
        let old = "def f(): return 1\ndef f(): return 2\ndef f(): return 3\n"
        let changes = try changes(old, "def f(): return 1\ndef f(): return 2\ndef f(): return 4\n")
        #expect(changes.definitions.map(\.occurrence) == [2])
    }

    @Test("statements: added, removed, changed, reordered")
    func statements() throws {
        let old = "import a\nLIMIT = 1\nf()\ng()\nclass A:\n  x = 1\n"
        let changes = try changes(old, "import a\nimport b\nLIMIT = 2\ng()\nf()\nclass A:\n  x = 2\n")
        #expect(
            changes.statements.map { "\($0.scope) \($0.change) \($0.kind) \($0.names)" } == [
                " reordered expression []", " changed assign [\"LIMIT\"]", " added import [\"b\"]",
                "A changed assign [\"x\"]",
            ])
    }

    @Test("a change inside of a block names the block and the statement")
    func blocks() throws {
        let changes = try changes(
            "try:\n  X = 1\nexcept E:\n  Y = 1\n", "try:\n  X = 1\nexcept E:\n  Y = 2\n")
        #expect(changes.statements.map(\.kind) == [.try, .assign])
        #expect(changes.statements.map(\.container) == [nil, 0])
        #expect(changes.statements.last?.newLine == 4)
    }

    @Test(
        "summaries",
        arguments: [
            ("x = 1\n", "x = 1\n", .identical), ("x = 1\n", "x = 1 # c\n", .comments),
            ("x = 'a'\n", "x = \"a\"\n", .format),
            ("from a import (b)\n", "from a import b\n", .format),
            ("from a import b, c\n", "from a import (\n    b,\n    c,\n)\n", .format),
            ("x = 1\n", "x = 2\n", .semantic), ("def f(): pass\n", "\ndef f(): pass\n", .comments),
            ("def f(): pass\ndef g(): pass\n", "def g(): pass\ndef f(): pass\n", .semantic),
        ] as [(String, String, ChangeSet.Summary)])
    func summary(old: String, new: String, summary: ChangeSet.Summary) throws {
        #expect(try changes(old, new).summary == summary)
    }

    @Test("only effective future features count")
    func future() throws {
        #expect(try changes("x = 1\n", "from __future__ import annotations\nx = 1\n").futureChanged)
        #expect(try !changes("x = 1\n", "from __future__ import division\nx = 1\n").futureChanged)
    }
}
