import Reloader
import SourceDiff
import Testing

@testable import Reconciler

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

    @Test("comments and layout ask for nothing")
    func comments() throws {
        #expect(try plan("def f():\n    return 1\n", "# new\n\ndef f():\n    return (1)\n").isEmpty)
    }

    @Test("every reason has words and an action", arguments: ReasonID.allCases)
    func wording(reason: ReasonID) {
        #expect(!reason.message.isEmpty && !reason.message.hasSuffix("."))
        #expect(!reason.action.isEmpty && !reason.action.hasSuffix("."))
    }
}
