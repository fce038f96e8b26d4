import Reloader
import SourceDiff
import Testing

@testable import Reconciler

@Suite("What may have used what changes")
struct SurroundingsTests {
    private func file(_ name: String, _ text: String) throws -> Surroundings.File {
        let outline = try Outline(reading: Array(text.utf8))
        return Surroundings.File(
            path: name + ".py", modules: [name], outline: outline, words: SourceWords(of: outline),
            calls: CallWords(of: outline, bound: SourceWords(of: outline).bound))
    }

    /// The statements that are chosen, by their texts.
    private func chosen(
        _ changes: [PlannedChange], _ files: [Surroundings.File], kept: [Around.Stale] = []
    ) -> [String] {
        var surroundings = Surroundings(changes, outlines: files.map(\.outline), kept: kept)
        return surroundings.find(in: files).flatMap(\.statements).map {
            String(decoding: $0.text, as: UTF8.self)
        }
    }

    private func change(_ operation: PlannedChange.Operation, _ qualname: String) -> PlannedChange {
        let name = qualname.split(separator: ".").last.map(String.init) ?? ""
        return PlannedChange(id: 0, operation: operation, qualname: qualname, name: name)
    }

    @Test("is a header or a value that names a changed method, and no call with that word")
    func methods() throws {
        let files = [
            try file("one", "table = Table()\n@table.add\ndef a(): pass\nx = other.add(1)\nother.add(2)\n")
        ]
        let found = chosen([change(.function, "Table.add")], files)
        #expect(found == ["x = other.add(1)", "@table.add\ndef a(): pass\n"])
    }

    @Test("is what takes all names of a module, if one may lead to something else")
    func namespaces() throws {
        let files = [try file("one", "LIMIT = 1\nCONF = {**globals()}\nOTHER = 3\n")]
        var own = files
        own[0].touched = [0]
        #expect(chosen([change(.constant, "LIMIT")], own) == ["CONF = {**globals()}"])
        #expect(chosen([change(.function, "Table.add")], files).isEmpty)
    }

    @Test("is what names it, and what names that, in all files")
    func names() throws {
        let files = [
            try file("one", "LIMIT = 1\nTWICE = LIMIT * 2\nOTHER = 3\ndef f():\n    LIMIT\n"),
            try file("two", "from one import TWICE as most\nLIMITED = 4\nLAST = [most]\n"),
        ]
        var own = files
        own[0].touched = [0]
        let found = chosen([change(.constant, "LIMIT")], own)
        #expect(found == ["TWICE = LIMIT * 2", "from one import TWICE as most", "LAST = [most]"])
    }

    @Test("is what calls a function, or a function that calls it; of a method what makes instances by it")
    func makers() throws {
        let files = [
            try file(
                "one",
                """
                class Cart:
                    def __init__(self):
                        self.fill()
                    def fill(self): pass
                    def total(self): pass
                CART = Cart()
                def a(): pass
                def b(): return a()
                TABLE = b()
                """)
        ]
        #expect(chosen([change(.function, "a")], files) == ["TABLE = b()"])
        #expect(chosen([change(.function, "Cart.fill")], files) == ["CART = Cart()"])
        #expect(chosen([change(.function, "Cart.__init__")], files) == ["CART = Cart()"])
        #expect(chosen([change(.function, "Cart.total")], files).isEmpty)
    }

    @Test("is what a value of another file called, by way of files that import the name, or the module")
    func chains() throws {
        let files = [
            try file("one", "def low(): pass\nclass Store:\n    def get(self): pass\n"),
            try file("two", "from one import low as least\ndef middle(): return least()\n"),
            try file("three", "import two\ndef make(): return two.middle()\nMADE = make()\n"),
            try file("four", "import one\ndef get(): return one.Store().get()\nGOT = get()\n"),
            try file("five", "def make(): return {}.middle()\nOTHER = make()\nLEAST = {}.least()\n"),
        ]
        #expect(
            chosen([change(.function, "low")], files) == [
                "MADE = make()", "OTHER = make()", "LEAST = {}.least()",
            ])
        #expect(chosen([change(.function, "Store.get")], files) == ["GOT = get()"])
    }

    @Test(
        "is what reads a name that a loop, a `with`, an inner expression or a function has bound, in its own file"
    )
    func otherBindings() throws {
        let text = """
            def check(n=(most := LIMIT)): pass
            TWICE = most * 2
            for each in [LIMIT]:
                pass
            EACH = each
            with open(LIMIT) as opened:
                pass
            OPENED = opened
            def fill():
                global filled
                filled = LIMIT
            """
        let other = "most = each = opened = filled = low = 1\n"
        var files = [try file("one", "LIMIT = 1\n" + text), try file("two", other)]
        files[0].touched = [0]
        let found = chosen([change(.constant, "LIMIT")], files)
        #expect(found.contains("TWICE = most * 2"))
        #expect(
            files[0].words.bound.isSuperset(
                of: ["most", "each", "opened", "filled"].map { SourceWords.hash($0.utf8) }))
        #expect(!files[0].words.bound.contains(SourceWords.hash("n".utf8)))
    }

    @Test("is what reads it as an attribute, of whatever; and what calls it by a second name")
    func attributesAndSecondNames() throws {
        let files = [
            try file("conf", "LIMIT = 1\ndef low(): pass\nother = low\nOWN = other()\n"),
            try file("pack/__init__", "from .conf import *\n"),
            try file(
                "use",
                "import pack\nMOST = pack.LIMIT\nLIMITED = LIMIT\ndef made(): return pack.low()\nMADE = made()\n"
            ),
            try file("same", "LIMIT = 2\nMANY = [LIMIT]\nimport conf\n"),
            try file("strange", "MUCH = [LIMIT]\n"),
        ]
        var own = files
        own[0].touched = [0]
        let read = chosen([change(.constant, "LIMIT")], own)
        #expect(read.contains("MOST = pack.LIMIT") && read.contains("MANY = [LIMIT]"))
        #expect(!read.contains("LIMITED = LIMIT") && !read.contains("MUCH = [LIMIT]"))
        #expect(
            chosen([change(.function, "low")], files) == [
                "OWN = other()", "from .conf import *", "MADE = made()",
            ])
    }

    @Test("is a default or a decorator that called it, by way of others")
    func chainsOfHeaders() throws {
        let files = [
            try file(
                "one",
                """
                def low(): pass
                def deco(f): low()
                @deco
                def a(n=1): pass
                def b(n=deco(1)): pass
                def c(n: deco, low=1): pass
                KIND: Optional[deco] = None
                """)
        ]
        let wanted = ["@deco\ndef a(n=1): pass\n", "def b(n=deco(1)): pass\n"]
        #expect(chosen([change(.function, "low")], files) == wanted)
    }

    @Test("is a call at module level, where nothing but a `try`, a `with` or the main guard is around it")
    func calls() throws {
        let text = """
            def start(): pass
            def setup(): start()
            start()
            setup()
            if DEBUG:
                start(2)
            try:
                start(3)
            finally:
                pass
            if __name__ == "__main__":
                start(4)

            """
        var files = [try file("one", text)]
        #expect(chosen([change(.function, "start")], files) == ["start()", "start(3)"])
        files[0].modules = ["__main__"]
        #expect(chosen([change(.function, "start")], files) == ["start()", "start(3)", "start(4)"])
    }

    @Test("of a constant is what a decorator or a factory read, by way of other functions too")
    func readers() throws {
        let text = """
            LIMIT = 1
            def inner(): return LIMIT
            def limited(f): inner()
            def make(): return inner()
            def other(): pass
            @limited
            def get(): pass
            @other
            def free(): pass
            MADE = make()
            make()
            other()
            """
        var files = [try file("one", text)]
        files[0].touched = [0]
        #expect(
            chosen([change(.constant, "LIMIT")], files) == [
                "MADE = make()", "make()", "@limited\ndef get(): pass\n",
            ])
        #expect(
            chosen([change(.function, "inner")], files) == [
                "MADE = make()", "make()", "@limited\ndef get(): pass\n",
            ])
    }

    @Test("is a class whose metaclass calls it")
    func metaclasses() throws {
        let text = """
            def mark(): pass
            class Registry(type):
                def __init__(cls, *rest): mark()
            class Shop(metaclass=Registry): pass
            """
        let files = [try file("one", text)]
        #expect(chosen([change(.function, "mark")], files) == ["class Shop(metaclass=Registry): pass\n"])
    }

    @Test("is what is built from a name that an assignment expression binds in a header or a condition")
    func innerNames() throws {
        let text = """
            LIMIT = 1
            def f(n=(most := LIMIT + 1), other = most): pass
            TWICE = most * 2
            if (one:= LIMIT): pass
            LAST = one
            LIST = [(inside
                := LIMIT)]
            SAME = inside
            FREE = other
            """
        var files = [try file("one", text)]
        files[0].touched = [0]
        let found = chosen([change(.constant, "LIMIT")], files)
        let values = found.filter { ["TWICE", "LAST", "SAME", "FREE"].contains($0.prefix { $0 != " " }) }
        #expect(values == ["TWICE = most * 2", "LAST = one", "SAME = inside"])
    }

    @Test("is no import, where a function keeps its name; but the other name that an import gives it")
    func keptNames() throws {
        let files = [
            try file("one", "def f(): pass\ndef g(): return f()\n"),
            try file(
                "two", "from one import *\nfrom one import f\nfrom one import g as h\nA = f()\nB = [h()]\n"),
            try file("three", "from two import B as C\nD = C * 2\n"),
        ]
        let body = change(.function, "f")
        #expect(
            chosen([body], files) == [
                "A = f()", "B = [h()]", "from one import *", "from two import B as C", "D = C * 2",
            ])
        let quiet = [files[0], try file("two", "from one import *\nfrom one import f, g\n")]
        #expect(chosen([body], quiet).isEmpty)
        var decorated = body
        decorated.aspects = ["decorators"]
        #expect(chosen([decorated], quiet) == ["from one import f, g", "from one import *"])
    }

    @Test("is what used a constant once: headers, calls and conditions, but no body and no own name")
    func usedOnce() throws {
        let files = [
            try file(
                "one",
                """
                @every(LIMIT)
                def f(LIMITED, n=LIMIT):
                    return 1
                class Cart(Kind, size=LIMIT):
                    def LIMIT(self):
                        return LIMIT
                def g():
                    def h(n=LIMIT): pass
                    return LIMIT
                start(LIMIT)
                if LIMIT: pass
                """)
        ]
        #expect(
            chosen([change(.constant, "LIMIT")], files) == [
                "start(LIMIT)", "if LIMIT: pass", "@every(LIMIT)\ndef f(LIMITED, n=LIMIT): pass\n",
                "class Cart(Kind, size=LIMIT): pass\n",
            ])
        #expect(chosen([change(.function, "g")], files).isEmpty)
    }

    @Test("finds the statements of many words as those of a few")
    func manyWords() throws {
        let names = (0..<300).map { "name\($0)" }
        let source = try file("one", names.map { "\($0)_ = \($0)\n" }.joined())
        let all = chosen(names.map { change(.constant, $0) }, [source])
        #expect(all == names.map { "\($0)_ = \($0)" })
        #expect(chosen([change(.constant, "name7")], [source]) == ["name7_ = name7"])
    }

    @Test("is every star where a name changes, and what names what is kept without asking")
    func starsAndKept() throws {
        let files = [try file("two", "from one import *\nfrom one import x\nTWICE = x * 2\n")]
        #expect(chosen([change(.define, "new")], files) == ["from one import *"])
        let stale = Around.Stale(owner: [], name: "x")
        #expect(chosen([], files, kept: [stale]).contains("TWICE = x * 2"))
    }
}
