import SystemPackage
import Testing

@testable import Reloader

@Suite("Who may attach to whom")
struct PermissionFactsTests {
    /// A process of uid 1000, seen by uid 1000 without capabilities, where nothing stands in the way.
    private func facts(_ change: (inout PermissionFacts) -> Void) -> PermissionFacts {
        var facts = PermissionFacts(pid: 1, procFS: ProcFS(root: "/nonexistent"))
        facts.pid = 4121
        facts.ownUserID = 1000
        facts.ownGroupID = 1000
        facts.isInFirstNamespace = true
        facts.targetUserIDs = [1000, 1000, 1000, 1000]
        facts.targetGroupIDs = [1000, 1000, 1000, 1000]
        facts.isProtected = false
        change(&facts)
        return facts
    }

    private func failures(_ facts: PermissionFacts) -> [String] {
        facts.findings.filter { $0.verdict == .fail }.map(\.id)
    }

    @Test("one's own process without Yama: nothing fails")
    func own() {
        let facts = facts { _ in }
        #expect(facts.findings.map(\.id) == ["account", "dumpable", "yama"])
        #expect(failures(facts).isEmpty)
    }

    @Test(
        "Yama's scopes",
        arguments: [
            (0, false, true), (1, false, false), (1, true, true), (2, true, true), (2, false, false),
            (3, true, false),
        ])
    func yama(scope: Int, hasCapability: Bool, mayAttach: Bool) {
        let facts = facts {
            $0.yamaScope = scope
            $0.hasTraceCapability = hasCapability
        }
        #expect(failures(facts) == (mayAttach ? [] : ["yama"]))
        #expect(mayAttach || facts.actions[0].hasPrefix("kernel.yama.ptrace_scope is \(scope)"))
        #expect(
            (scope == 1 && !hasCapability) == facts.actions.contains { $0.contains("midflight run -- CMD") })
    }

    @Test("another user's process, one that changed its group, one with capabilities, a protected one")
    func accounts() {
        #expect(failures(facts { $0.targetUserIDs = [0, 0, 0, 0] }) == ["account"])
        #expect(failures(facts { $0.targetGroupIDs = [1000, 4, 4, 4] }) == ["account"])
        #expect(failures(facts { $0.targetMayMore = true }) == ["capabilities"])
        #expect(failures(facts { $0.isProtected = true }) == ["dumpable"])
        let root = facts {
            $0.hasTraceCapability = true
            $0.targetUserIDs = [0, 0, 0, 0]
            $0.targetMayMore = true
            $0.isProtected = true
        }
        #expect(failures(root).isEmpty)
    }

    @Test("root in a container without the capability is told of it")
    func container() {
        let facts = facts {
            $0.ownUserID = 0
            $0.isFiltered = true
            $0.isInFirstNamespace = false
        }
        #expect(facts.actions == ["root without CAP_SYS_PTRACE: in a container add --cap-add SYS_PTRACE"])
        #expect(facts.findings.filter { $0.verdict == .warn }.map(\.id) == ["user-namespace", "own-seccomp"])
    }
}
