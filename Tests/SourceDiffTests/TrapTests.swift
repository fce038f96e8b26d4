import SourceDiff
import Testing

@Suite("Outline: traps of the grammar")
struct TrapTests {
    struct Trap: CustomTestStringConvertible, Sendable {
        var name: String
        var source: String
        /// Qualified name and first line of every definition.
        var definitions: [String]
        var testDescription: String { name }

        init(_ name: String, _ source: String, _ definitions: [String]) {
            self.name = name
            self.source = source
            self.definitions = definitions
        }
    }

    static let strings: [Trap] = [
        Trap("nested quotes of one kind", "x = f\"{a[\"b\"]}\"\ndef g(): pass\n", ["g:2"]),
        Trap("a comment in a field", "x = f\"\"\"{\n a # }\"\"\"\n}\"\"\"\ndef g(): pass\n", ["g:4"]),
        Trap("a field over several lines", "x = f'{\na\n}'\ndef g(): pass\n", ["g:4"]),
        Trap("nested format specs", "x = f\"{a!r:>{w}.{p}}\"\ndef g(): pass\n", ["g:2"]),
        Trap("a walrus is a format spec", "x = f\"{a:=5}\"\ndef g(): pass\n", ["g:2"]),
        Trap("not equal is no conversion", "x = f\"{a!=b}\"\ndef g(): pass\n", ["g:2"]),
        Trap(
            "a named character is no field", "x = f\"\\N{LEFT CURLY BRACKET}{a}\"\ndef g(): pass\n", ["g:2"]),
        Trap("a raw one is", "x = rf\"\\N{a}\"\ndef g(): pass\n", ["g:2"]),
        Trap("an escaped brace opens a field", "x = f\"\\{a}\"\ndef g(): pass\n", ["g:2"]),
        Trap("doubled braces are text", "x = f\"{{def g(): pass}}\"\ndef h(): pass\n", ["h:2"]),
        Trap("a keyword before a quote", "x = 1 if\"a\"else\"b\"\ndef g(): pass\n", ["g:2"]),
        Trap("a template string", "x = t\"{a}\"\ndef g(): pass\n", ["g:2"]),
        Trap("an escaped quote in a raw string", "x = r\"\\\"\"\ndef g(): pass\n", ["g:2"]),
        Trap("five quotes", "x = \"\"\"\"a\"\"\"\ndef g(): pass\n", ["g:2"]),
        Trap(
            "a definition inside a string", "s = \"\"\"\ndef no():\n  pass\n\"\"\"\ndef g(): pass\n", ["g:5"]),
        Trap("a continued string", "x = \"a\\\ndef no(): pass\"\ndef g(): pass\n", ["g:3"]),
        Trap("a continued string with CRLF", "x = \"a\\\r\nb\"\r\ndef g(): pass\r\n", ["g:3"]),
    ]

    static let lines: [Trap] = [
        Trap(
            "a header with backslashes", "def \\\n  g \\\n (a): \\\n  pass\ndef h(): pass\n", ["g:1", "h:5"]),
        Trap("async, backslash, def", "async \\\n def g(): pass\n", ["g:1"]),
        Trap("a decorator after a backslash", "@\\\na\ndef g(): pass\n", ["g:1"]),
        Trap("matmul in brackets", "x = (a\n@b)\ndef g(): pass\n", ["g:3"]),
        Trap("matmul after a backslash", "x = a \\\n@b\ndef g(): pass\n", ["g:3"]),
        Trap(
            "form feed resets the column", "def g():\n  \u{0C}    a\n    b\ndef h(): pass\n", ["g:1", "h:4"]),
        Trap("carriage returns end lines", "def g():\r  a\rdef h(): pass\r", ["g:1", "h:3"]),
        Trap("mixed line ends", "def g():\n  a\r\n  b\r  c\ndef h(): pass\r\n", ["g:1", "h:5"]),
        Trap(
            "other separators end no line",
            "x = \"a\u{2028}b\"  # c\u{2029}def no(): pass\u{85}\ndef g(): pass\n", ["g:2"]),
        Trap(
            "odd comments never dedent", "def g():\n    a\n  # odd\n\t\n# c0\n    b\ndef h(): pass\n",
            ["g:1", "h:7"]),
        Trap("tabs", "def g():\n\tif 1:\n\t\ta\n\tb\ndef h(): pass\n", ["g:1", "h:5"]),
        Trap(
            "a lambda as result annotation", "def g() -> lambda x: lambda y: 0: return 1\ndef h(): pass\n",
            ["g:1", "h:2"]),
        Trap(
            "one-line bodies", "def g(): return 1\nclass A: x=1; y=2\ndef h(): a; b;\n",
            ["g:1", "A:2", "h:3"]),
        Trap("no line end at the end", "def g():\n  return 1", ["g:1"]),
        Trap(
            "names that only start like keywords", "default = 1\nclassy = 2\ndef_ = 3\ndef g(): pass\n",
            ["g:4"]),
        Trap(
            "soft keywords as names",
            "match = 1\ntype = 3\nmatch(x)\nmatch[x]: int = 1\ndef match(case): pass\n", ["match:5"]),
    ]

    static let names: [Trap] = [
        Trap(
            "nested scopes", "def f():\n  class A:\n    def m(self):\n      def n(): pass\n",
            ["f:1", "f.<locals>.A:2", "f.<locals>.A.m:3", "f.<locals>.A.m.<locals>.n:4"]),
        Trap(
            "global",
            "def f():\n  global g, h\n  def g():\n    def k(): pass\n  class h:\n    def m(self): pass\n",
            ["f:1", "g:3", "g.<locals>.k:4", "h:5", "h.m:6"]),
        Trap("global after a semicolon", "def f():\n  x = 1; global g\n  def g(): pass\n", ["f:1", "g:3"]),
        Trap("global on a header's line", "def f():\n  if 1: global g\n  def g(): pass\n", ["f:1", "g:3"]),
        Trap(
            "global of another scope", "def f():\n  global g\n  def h():\n    def g(): pass\n",
            ["f:1", "f.<locals>.h:3", "f.<locals>.h.<locals>.g:4"]),
        Trap(
            "global names are mangled", "class B:\n  global _B__h\n  def __h(self): pass\n", ["B:1", "__h:3"]),
        Trap(
            "nonlocal", "def f():\n  g = 1\n  def h():\n    nonlocal g\n    def g(): pass\n",
            ["f:1", "f.<locals>.h:3", "f.<locals>.h.<locals>.g:5"]),
        Trap(
            "compatibility characters", "def ﬁx(): pass\nclass Å:\n def 𝐟(self): pass\n",
            ["fix:1", "Å:2", "Å.f:3"]),
        Trap("decomposed characters", "def caf\u{65}\u{301}(): pass\n", ["caf\u{E9}:1"]),
        Trap(
            "type parameters",
            "def g[T: (int, str), *Ts, **P](x: T) -> T: pass\nclass A[T](B):\n  def m[U](self): pass\n",
            ["g:1", "A:2", "A.m:3"]),
    ]

    @Test("every definition is found, and nothing else", arguments: strings + lines + names)
    func definitions(trap: Trap) throws {
        let outline = try outline(trap.source)
        #expect(outline.definitions.map { "\($0.qualname):\($0.firstLine)" } == trap.definitions)
    }

    @Test(
        "docstrings are plain string statements",
        arguments: [
            ("def g():\n  'x' \"y\"\n  pass\n", 2...2), ("def g():\n  (\"x\"\n   \"y\")\n", 2...3),
            ("def g(): # c\n  # c2\n\n  \"d\"\n", 4...4), ("def g(): \"d\"; return 1\n", 1...1),
            ("def g(): u\"\"\"a\nb\"\"\"; x = 1\n", 1...2), ("def g():\n  b\"x\"\n", nil),
            ("def g():\n  f\"x\"\n", nil),
            ("def g():\n  \"x\" + \"y\"\n", nil), ("def g():\n  \"x\",\n", nil),
            ("def g():\n  \"x\".y\n", nil),
        ] as [(String, ClosedRange<Int>?)])
    func docstrings(source: String, lines: ClosedRange<Int>?) throws {
        let definition = try #require(try outline(source).definitions.first)
        #expect(definition.docstringLines == lines)
    }

    @Test("property triples and overloads are numbered")
    func occurrences() throws {
        let outline = try outline(
            "class A:\n  def x(self): pass\n  @x.setter\n  def x(self, v): pass\ndef x(): pass\n")
        #expect(outline.definitions.map(\.occurrence) == [0, 0, 1, 0])
    }

    @Test(
        "what CPython refuses is refused at its place",
        arguments: [
            ("x = 1)\n", .unmatchedBracket, 1, 6), ("x = (1]\n", .mismatchedBracket, 1, 7),
            ("x = (1,\n", .unclosedBracket, 2, 1),
            ("x = \"abc\n", .unterminatedString, 1, 5),
            ("x = \"\"\"abc\n", .unterminatedTripleQuotedString, 1, 5),
            ("x = f\"{a\"\n", .unterminatedString, 1, 9), ("x = f\"}\"\n", .singleClosingBrace, 1, 7),
            ("x = f\"{}\"\n", .emptyField, 1, 8),
            ("def g()\n  pass\n", .expectedColon, 1, 8), ("def class(): pass\n", .expectedName, 1, 5),
            ("def g():\n# c\ndef h(): pass\n", .expectedBlock, 3, 1),
            ("x = 1\n  y = 2\n", .unexpectedIndent, 2, 3),
            ("if 1:\n    a\n  b\n", .inconsistentDedent, 3, 3),
            ("def g():\n        a\n\tb\n", .inconsistentTabs, 3, 2),
            ("x = 1 \\ \n", .badContinuation, 1, 7),
            ("x = 1\n  \\\n", .badContinuation, 2, 3), ("@a\nx = 1\n", .decoratorWithoutDefinition, 2, 1),
            ("x = 1; def g(): pass\n", .compoundStatementOnLine, 1, 8), ("x = \u{0}\n", .nullByte, 1, 5),
            ("x = $a\n", .invalidCharacter, 1, 5),
        ] as [(String, ScanError.Kind, Int, Int)])
    func errors(source: String, kind: ScanError.Kind, line: Int, column: Int) {
        #expect(throws: ScanError(kind: kind, line: line, column: column)) { try outline(source) }
    }
}
