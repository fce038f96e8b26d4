import SourceDiff
import Testing

@Suite("Slice")
struct SliceTests {
    private func slice(_ source: String, _ qualname: String) throws -> (
        text: String, slice: Slice, outline: Outline
    ) {
        let outline = try outline(source)
        let index = try #require(outline.definitions.firstIndex { $0.qualname == qualname })
        let slice = outline.slice(of: index)
        return (String(decoding: slice.source, as: UTF8.self), slice, outline)
    }

    @Test("a method stands on its own line below its class's header")
    func method() throws {
        let source =
            "import os, sys as s\nx = 1\nclass A(B):\n    '''doc'''\n    y = 1\n    @p\n    def m(self):\n        return os.x\n"
        let (text, slice, _) = try slice(source, "A.m")
        #expect(text == "\n\n\n\nclass A:\n    @p\n    def m(self):\n        return os.x\nimport os, s\n")
        #expect(!slice.isWholeFile)
    }

    @Test("a nested function comes with the outermost function around it")
    func nested() throws {
        let (text, slice, outline) = try slice(
            "x = 1\ndef f():\n    def g(): return x\n    return g\n", "f.<locals>.g")
        #expect(text == "\ndef f():\n    def g(): return x\n    return g\n")
        #expect(outline.definitions[slice.definition].qualname == "f")
    }

    @Test("a conditional definition may be indented")
    func conditional() throws {
        #expect(
            try slice("import a\nif x:\n    def f(): pass\n", "f").text
                == "\nif 1:\n    def f(): pass\nimport a\n")
    }

    @Test("type parameters of the classes around keep their names only")
    func typeParameters() throws {
        let (text, _, _) = try slice(
            "class A[T: (int, str), *Ts, **P](B):\n    def m(self): return T\n", "A.m")
        #expect(text == "class A[T,*Ts,**P]:\n    def m(self): return T\n")
    }

    @Test("a global declaration needs the whole file")
    func global() throws {
        let (text, slice, outline) = try slice("class A:\n    global g\n    def g(): pass\n", "g")
        #expect(slice.isWholeFile)
        #expect(Array(text.utf8) == outline.bytes)
    }

    @Test("a module that mentions super itself makes the slice mention it")
    func shadowedSuper() throws {
        let (text, _, _) = try slice("safe = super\nclass A:\n    def m(self): super().m()\n", "A.m")
        #expect(text.hasSuffix("super().m()\nsuper\n"))
    }
}
