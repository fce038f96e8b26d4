import Foundation
import Glibc
import TestSupport
import Testing

extension EndToEnd {
    @Suite("Undo")
    struct UndoTests {
        private static func source(_ value: Int) -> String {
            "def answer():\n    return (\(value), 'helper' in globals())\n"
        }

        private func attached(_ interpreter: Interpreter) async throws -> (Flock, Program) {
            let flock = try await Flock(interpreter, children: 1, library: Self.source(1))
            try await flock.waitForAnswer("(1, False)", from: 2)
            let tool = try Midflight.start("attach", String(flock.pid), "--json")
            _ = try await tool.output.line("ready") { $0.contains(#""event":"ready""#) }
            return (flock, tool)
        }

        private func save(_ text: String, giving answer: String, to flock: Flock) async throws {
            try flock.save(text)
            try await flock.waitForAnswer(answer, from: 2)
            // Live is not settled: the sync is answered when it is.
            #expect(try await Answer.of("sync", String(flock.pid)).status == 0)
        }

        @Test(
            "takes the last save back in all processes, and the one before it, and then says no",
            arguments: Interpreter.ends)
        func last(interpreter: Interpreter) async throws {
            let (flock, tool) = try await attached(interpreter)
            let helper = "def helper():\n    return 2\n\n\n"
            try await save(
                helper + Self.source(2).replacing("(2", with: "(helper()"), giving: "(2, True)", to: flock)
            try await save(Self.source(3), giving: "(3, False)", to: flock)
            let first = try await Answer.of("undo", String(flock.pid), "--json")
            #expect(first.status == 0, "\(first)")
            try await flock.waitForAnswer("(2, True)", from: 2)
            let second = try await Answer.of("undo", String(flock.pid))
            #expect(second.status == 0 && second.errors.contains("lib.answer"), "\(second)")
            try await flock.waitForAnswer("(1, False)", from: 2)
            let third = try await Answer.of("undo", String(flock.pid))
            #expect(third.status == 1 && third.errors.contains("nothing was patched"), "\(third)")
            try await eventually("the undos' lines", seen: { tool.output.text }) {
                tool.output.lines.count { $0.contains(#""event":"undo""#) } >= 4
            }
            let events = try tool.output.lines.map(Event.init(parsing:)).filter { $0.event == "undo" }
            #expect(events.count == 4 && Set(events.compactMap(\.pid)) == Set(flock.answers.keys))
            #expect(events.allSatisfy { $0.kept?.isEmpty == true && $0.files == ["lib.py"] })
            #expect(try String(contentsOf: flock.library, encoding: .utf8) == Self.source(3))
        }

        @Test("is over with the next sync or save of the file, also when that changes nothing in it")
        func over() async throws {
            let (flock, tool) = try await attached(.usual)
            defer { tool.send(SIGTERM) }
            try await save(Self.source(2), giving: "(2, False)", to: flock)
            let undone = try await Answer.of("undo", String(flock.pid), flock.library.path)
            #expect(undone.status == 0, "\(undone)")
            try await flock.waitForAnswer("(1, False)", from: 2)
            try flock.save(Self.source(2))
            try await flock.waitForAnswer("(2, False)", from: 2)
            #expect(try await Answer.of("undo", String(flock.pid), "--all").status == 0)
            try await flock.waitForAnswer("(1, False)", from: 2)
            #expect(try await Answer.of("sync", String(flock.pid)).status == 0)
            try await flock.waitForAnswer("(2, False)", from: 2)
        }

        @Test("says before what it cannot restore, and afterwards what stayed")
        func kept() async throws {
            let (flock, tool) = try await attached(.usual)
            defer { tool.send(SIGTERM) }
            try flock.save("LEVEL = 7\n\n\n" + Self.source(1).replacing("(1", with: "(LEVEL"))
            try await flock.waitForAnswer("(7, False)", from: 2)
            _ = try await Answer.of("sync", String(flock.pid))
            let list = try await Answer.of("undo", String(flock.pid), "--list")
            #expect(list.status == 0 && list.errors.contains("1  lib.py"), "\(list)")
            let undone = try await Answer.of("undo", String(flock.pid), "--json")
            try await flock.waitForAnswer("(1, False)", from: 2)
            // What was named before is what stayed.
            #expect(list.errors.contains("cannot be restored") == (undone.status == 1), "\(list) \(undone)")
        }

        @Test("detach --restore leaves the code that was there at attach, and nothing of us")
        func restore() async throws {
            let (flock, tool) = try await attached(.usual)
            try await save(Self.source(2), giving: "(2, False)", to: flock)
            try await save(Self.source(3), giving: "(3, False)", to: flock)
            let answer = try await Answer.of("detach", "--restore", String(flock.pid))
            #expect(answer.status == 0, "\(answer)")
            #expect(try await tool.status() == 0)
            try await flock.waitForAnswer("(1, False)", from: 2)
        }
    }
}
