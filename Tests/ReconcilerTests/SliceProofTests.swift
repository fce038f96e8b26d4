import Foundation
import SourceDiff
import SystemPackage
import TestSupport
import Testing

@testable import Reconciler
@testable import Reloader

/// MIDFLIGHT_SLICE_EDITS (default 60) edits an interpreter, from MIDFLIGHT_SLICE_SEED (default 1).
@Suite("Slices against the whole file")
struct SliceProofTests {
    static let edits = number("MIDFLIGHT_SLICE_EDITS") ?? 60
    static let seed = number("MIDFLIGHT_SLICE_SEED") ?? 1

    private static func number(_ name: String) -> Int? {
        ProcessInfo.processInfo.environment[name].flatMap(Int.init)
    }

    static let hostile = """
        from __future__ import annotations
        import os, sys as s
        safe = super
        LIMIT = 12
        class A(object):
            n = 12
            def m(self, a=1, *, b=2):
                '''doc'''
                return super().m(), __class__, os.path, [a for _ in s.path]
            if LIMIT:
                @property
                def p(self):
                    class Local:
                        n = 12
                    return lambda: self
        def outer(x):
            y = 1
            def inner():
                nonlocal y
                y += x
                return y
            return inner
        try:
            def late(): return os.x
        except ImportError: pass
        class B:
            global exported
            def exported(self): return 1
            class C:
                async def deep(self, *rest, **named):
                    async for i in self: yield i
                x = lambda self: 1
        table = [lambda: 1, lambda: 2]

        """

    private func sources(_ interpreter: TestSupport.Interpreter) throws -> [[UInt8]] {
        let library = try ProgramOutput.of(
            interpreter.path, "-c", "import os; print(os.path.dirname(os.__file__))"
        )
        .trimmingCharacters(in: .whitespacesAndNewlines)
        let names = ["contextlib.py", "dataclasses.py", "queue.py", "types.py", "asyncio/locks.py"]
        return try [Array(Self.hostile.utf8)]
            + names.map { Array(try Data(contentsOf: URL(filePath: library + "/" + $0))) }
    }

    @Test(
        "what slices give is what the whole files give, and what the whole file refuses no slice lets in",
        arguments: TestSupport.Interpreter.all)
    func proof(interpreter: TestSupport.Interpreter) throws {
        let twin = try CompilerTwin(
            TwinLaunch(executable: FilePath(interpreter.path), name: interpreter.path))
        let sources = try sources(interpreter)
        var dice = RandomEdit(seed: UInt64(Self.seed))
        var (sliced, refused, frames) = (0, 0, [UInt8]())
        for _ in 0..<Self.edits {
            let old = try #require(sources.randomElement(using: &dice))
            let new = dice.edited(old)
            guard let edit = try Self.edit(from: old, to: new) else { continue }
            let part = CompilerTwin.Part(files: [edit], isFirst: true, isLast: true)
            guard case .prepared(let fromSlices) = try twin.patch(part, PatchOptions(), whole: false) else {
                refused += 1
                continue
            }
            guard case .request(let one) = fromSlices,
                case .prepared(.request(let two)) = try twin.patch(part, PatchOptions(), whole: true)
            else {
                Issue.record("the whole file does not compile:\n\(String(decoding: new, as: UTF8.self))")
                return
            }
            sliced += 1
            for part in [one, two, old, new] { frames += UInt32(part.count).littleEndianBytes + part }
        }
        #expect(sliced * 6 >= Self.edits, "\(sliced) edits of \(Self.edits) were compiled as slices")
        #expect(refused > 0, "no edit was wrong")
        let verdict = try judge(frames, interpreter)
        #expect(verdict == "\(sliced) alike\n", "\(verdict)")
    }

    /// Nil if the change needs the whole file.
    static func edit(from old: [UInt8], to new: [UInt8]) throws -> FileEdit? {
        guard old != new, let before = try? Outline(scanning: old), let after = try? Outline(scanning: new)
        else { return nil }
        let changes = ChangeSet(from: before, to: after)
        let plan = PatchPlan(old: before, new: after, changes: changes)
        guard let slices = plan.slices(old: before, new: after, changes: changes) else { return nil }
        var edit = FileEdit(
            path: "/x.py", paths: ["/x.py"], modules: ["x"], old: old, new: new, changes: plan.planned)
        edit.slices = slices
        return edit
    }

    private func judge(_ frames: [UInt8], _ interpreter: TestSupport.Interpreter) throws -> String {
        let tree = try TemporaryTree()
        try Data(frames).write(to: tree.file("frames"))
        try tree.write(Self.judge, to: "judge.py")
        return try ProgramOutput.of(
            interpreter.path, "-W", "ignore", tree.file("judge.py").path, tree.file("frames").path,
            resource("base_facts"), resource("base_class_lines"), resource("base_code"))
    }

    private func resource(_ name: String) -> String {
        Checkout.file("Sources/Reloader/Resources/agent/\(name).py").path
    }

    /// Compares the units of both requests, and moves every other function of the old source as the ranges say: its
    /// code must be in the new source's.
    private static let judge = """
        import _imp, marshal, sys
        CodeType = type((lambda: None).__code__)
        for name in sys.argv[2:]:
            exec(open(name).read())
        content = open(sys.argv[1], "rb").read()
        parts = []
        while content:
            size = int.from_bytes(content[:4], "little")
            parts.append(content[4 : 4 + size])
            content = content[4 + size :]

        def functions(code):
            for inner in nested(code):
                if inner.co_flags & 3 == 3:
                    yield inner
                else:
                    yield from functions(inner)

        def mark(code):
            # From 3.14 on the code of a local class is not alike to the byte.
            return (fingerprint(code, True), code.co_firstlineno) if HAS_SMALL_INT else marshal.dumps(code, 2)

        def compiled(source):
            return compile(source, "/x.py", "exec", 0, True, 0)

        def kept(key, value, lines):
            # It runs below a skeleton of its class, whose own line does not matter.
            if key == "make" and value is not None:
                constants = [c for c in value.co_consts if type(c) is not int or c not in lines]
                value = (value.co_names, len(value.co_code), tuple(constants))
            return marshal.dumps(value, 2)

        def differing(one, two):
            for a, b in zip(one["units"], two["units"]):
                lines = {made.co_firstlineno for made in (a["make"], b["make"]) if made is not None}
                for key in a:
                    if kept(key, a[key], lines) != kept(key, b[key], lines):
                        yield a["qualname"], key

        for index in range(0, len(parts), 4):
            one, two = [marshal.loads(part)[1]["files"][0] for part in parts[index : index + 2]]
            old, new = [list(functions(compiled(part))) for part in parts[index + 2 : index + 4]]
            differ = list(differing(one, two))
            problem = "the units differ: %s " % differ if differ else ""
            if two["moved"]["exact"] or sorted(one["moved"]["classes"]) != sorted(two["moved"]["classes"]):
                problem = "moved code differs"
            known = {mark(code) for code in new}
            changed = {(unit["line"], unit["name"]) for unit in one["units"]}
            for code in old:
                first = code.co_firstlineno
                delta = sum([d for a, b, d in one["moved"]["ranges"] if a <= first <= b])
                if (first, code.co_name) not in changed and mark(shifted(code, delta)) not in known:
                    problem = problem or "line %d, %s: its code is not that of the new file" % (first, code.co_name)
            if problem:
                print(problem, len(parts[index + 3]), parts[index + 3][:1000].decode("utf-8", "replace"))
        print(len(parts) // 4, "alike")

        """
}
