import SourceDiff
import Testing

@Suite("Repeated names")
struct RepeatedNamesTests {
    struct Edit: CustomTestStringConvertible, Sendable {
        var name: String
        var old: [String]
        var new: [String]
        /// For each new definition the index of its old one, -1 for none.
        var pairs: [Int]
        var testDescription: String { name }
    }

    static let int = "@show.register\ndef _(x: int): return 1\n"
    static let list = "@show.register\ndef _(x: list): return 2\n"
    static let float = "@show.register\ndef _(x: float): return 3\n"
    static let first = "@overload\ndef f(x: int): ...\n"
    static let second = "@overload\ndef f(x: str): ...\n"
    static let body = "def f(x): return x\n"

    static let edits: [Edit] = [
        Edit(name: "one is added first", old: [int, list], new: [float, int, list], pairs: [-1, 0, 1]),
        Edit(name: "one is added between", old: [int, list], new: [int, float, list], pairs: [0, -1, 1]),
        Edit(name: "the first is deleted", old: [int, list], new: [list], pairs: [1]),
        Edit(name: "two change places", old: [int, list], new: [list, int], pairs: [1, 0]),
        Edit(
            name: "one is added, the other edited", old: [int, list],
            new: [float, int, list.replacing("2", with: "20")], pairs: [-1, 0, 1]),
        Edit(
            name: "only the decorator is new", old: ["@on(1)\n" + body, "@on(2)\n" + body],
            new: ["@on(3)\n" + body, "@on(2)\n" + body], pairs: [0, 1]),
        Edit(
            name: "decorator and body are new", old: ["@on(1)\ndef f(): 1\n", "@on(2)\ndef f(): 2\n"],
            new: ["@on(3)\ndef f(): 3\n", "@on(2)\ndef f(): 2\n"], pairs: [-1, 1]),
        Edit(
            name: "an overload more, another implementation", old: [first, body],
            new: [first, second, body.replacing("return x", with: "return 2")], pairs: [0, -1, 1]),
        Edit(name: "the first overload", old: [body], new: [first, body], pairs: [-1, 0]),
        Edit(
            name: "branches keep their places", old: ["if A:\n  def f(): 1\nelse:\n  def f(): 2\n"],
            new: ["if A:\n  def f(): 2\nelse:\n  def f(): 1\n"], pairs: [0, 1]),
        Edit(
            name: "methods follow their classes",
            old: ["class A:\n  def f(self): 1\n", "class A:\n  x = 1\n  def f(self): 2\n"],
            new: [
                "class A:\n  y = 1\n", "class A:\n  def f(self): 1\n",
                "class A:\n  x = 1\n  def f(self): 2\n",
            ],
            pairs: [-1, 0, 1, 2, 3]),
    ]

    @Test("which definition is which", arguments: edits)
    func pairs(edit: Edit) throws {
        let changes = try changes(edit.old.joined(), edit.new.joined())
        #expect(edit.pairs.indices.map { changes.old(of: $0) ?? -1 } == edit.pairs)
    }

    @Test("the name of definitions that change places leads to another one")
    func rebound() throws {
        let changes = try changes(Self.int + Self.list, Self.list + Self.int)
        let rebound = changes.definitions.filter { $0.aspects.contains(.rebound) }
        #expect(rebound.map(\.old) == [0])
        #expect(changes.reordered)
    }
}

extension String {
    fileprivate func replacing(_ part: String, with other: String) -> String {
        split(separator: part, omittingEmptySubsequences: false).joined(separator: other)
    }
}
