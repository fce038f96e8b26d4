import Testing

@testable import Reconciler
@testable import Reloader

@Suite("Who belongs to a service")
struct RosterTests {
    private final class Process: RosterProcess {
        let pid: Int32
        let parent: Int32?
        var hasEnded = false

        init(_ pid: Int32, below parent: Int32? = nil) {
            self.pid = pid
            self.parent = parent
        }
    }

    private let busy = SessionError.attach(.targetBusy(pid: 3, .noAnswer))

    private func relative(_ pid: Int32) -> ProcessFamily.Relative {
        ProcessFamily.Relative(pid: pid, parent: 1)
    }

    private func roster(_ processes: Process...) -> Roster<Process> {
        processes.reduce(into: Roster()) { $0.add($1) }
    }

    @Test("strangers are neither members nor refused; who is late is awaited until it joins")
    func strangers() {
        var roster = roster(Process(1), Process(2, below: 1))
        roster.postpone(3, busy)
        roster.refuse(4)
        roster.postpone(5, nil)
        let family = (2...6).map { relative($0) }
        #expect(roster.strangers(among: family).map(\.pid) == [3, 5, 6])
        #expect(roster.awaited(among: family).map(\.pid) == [3])
        roster.add(Process(3, below: 1))
        #expect(roster.strangers(among: family).map(\.pid) == [5, 6])
        #expect(roster.awaited(among: family).isEmpty)
    }

    @Test("who was late and is refused in the end is awaited no more")
    func refused() {
        var roster = roster(Process(1))
        roster.postpone(3, busy)
        roster.refuse(3)
        #expect(roster.awaited(among: [relative(3)]).isEmpty && roster.refused == [3])
    }

    @Test("a worker that ends leaves; the last chosen process takes the service with it")
    func ends() {
        let (first, second, worker) = (Process(1), Process(2), Process(3, below: 1))
        var roster = roster(first, second, worker)
        #expect(roster.removeEnded()?.isEmpty == true)
        worker.hasEnded = true
        first.hasEnded = true
        #expect(roster.removeEnded()?.map(\.pid) == [1, 3])
        #expect(roster.chosenPID == 2 && roster.chosen.map(\.pid) == [2])
        second.hasEnded = true
        #expect(roster.removeEnded() == nil)
        #expect(roster.members.map(\.pid) == [2], "what ended is still known to whoever tells of it")
    }

    @Test("nothing is left of a service that is abandoned")
    func abandoned() {
        var roster = roster(Process(1))
        roster.refuse(2)
        roster.postpone(3, busy)
        roster.removeAll()
        #expect(roster.members.isEmpty && roster.refused.isEmpty)
        #expect(roster.awaited(among: [relative(3)]).isEmpty)
    }
}

@Suite("What an attempt to have a process says of the next one")
struct VerdictTests {
    private func verdict(
        _ error: AttachError, isStarting: Bool = false, hasDescriptors: Bool = true
    ) -> SessionError.Verdict {
        SessionError.attach(error).verdict(
            isStarting: { _ in isStarting }, hasDescriptors: hasDescriptors)
    }

    @Test("a busy process may be had later, one of another kind never, unless it only begins")
    func kinds() {
        #expect(verdict(.targetBusy(pid: 1, .noGIL)) == .later)
        #expect(verdict(.targetGone(pid: 1)) == .final)
        #expect(verdict(.unsupportedBuild(pid: 1, .symbolsMissing([]))) == .final)
        #expect(verdict(.unsupportedBuild(pid: 1, .symbolsMissing([])), isStarting: true) == .later)
    }

    @Test("one that has executed a program while we looked may be had, and that is no news")
    func replaced() {
        let error = AttachError.targetReplaced(pid: 1, program: "python3")
        #expect(verdict(error) == .later && !SessionError.attach(error).isWorthTelling)
    }

    @Test("without descriptors of ours nothing is final")
    func ours() {
        #expect(verdict(.targetGone(pid: 1), hasDescriptors: false) == .later)
    }
}
