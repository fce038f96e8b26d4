import Reloader
import SystemPackage
import Testing
import Watcher

@testable import Reconciler

@Suite("What of a burst is news")
struct LedgerTests {
    private let path: FilePath = "/srv/a.py"

    private func burst(_ change: (inout Burst) -> Void = { _ in }) -> Burst {
        var burst = Burst(report: BurstReport(pid: 7, id: 1, patch: PatchReport(files: ["a.py"])))
        burst.saved = [path]
        change(&burst)
        return burst
    }

    private func outcome(of bursts: [Burst], failures: [SessionError] = []) -> BurstOutcome {
        var outcome = BurstOutcome(id: 1, files: ["a.py"])
        outcome.reports = bursts.map(\.report)
        outcome.failures = failures
        return outcome
    }

    private var rejected: Burst {
        burst { $0.reject(.tooBig, file: "a.py", message: "too big") }
    }

    private func words(_ events: [SessionEvent]) -> [String] {
        events.map { event in
            switch event {
            case .burst: "burst"
            case .change(_, _, let message): message
            case .failed: "failed"
            default: "\(event)"
            }
        }
    }

    @Test("bursts are counted from 1")
    func count() {
        var ledger = Ledger()
        #expect((ledger.nextID(), ledger.nextID(), ledger.bursts) == (1, 2, 2))
    }

    @Test("a rejection is told; tried again by a sync it is told only if it ends in another way")
    func again() {
        var ledger = Ledger()
        #expect(words(ledger.news(of: outcome(of: [rejected]), [rejected], areAsBefore: true)) == ["burst"])
        ledger.isSynchronizing = true
        #expect(ledger.news(of: outcome(of: [rejected]), [rejected], areAsBefore: true).isEmpty)
        #expect(words(ledger.news(of: outcome(of: [rejected]), [rejected], areAsBefore: false)) == ["burst"])
    }

    @Test("a failure is told; where a sync meets it again it is not")
    func failedAgain() {
        let lost = outcome(of: [], failures: [.attach(.targetBusy(pid: 7, .noAnswer))])
        var ledger = Ledger()
        #expect(words(ledger.news(of: lost, [], areAsBefore: true)) == ["failed"])
        ledger.isSynchronizing = true
        #expect(words(ledger.news(of: lost, [], areAsBefore: false)) == ["failed"])
        #expect(ledger.news(of: lost, [], areAsBefore: true).isEmpty)
    }

    @Test("the event of a save that a sync was quicker than is no news, once")
    func synced() {
        var ledger = Ledger()
        ledger.noteSync([path])
        let same = burst()
        #expect(ledger.news(of: outcome(of: [same]), [same], areAsBefore: false).isEmpty)
        #expect(
            words(ledger.news(of: outcome(of: [same]), [same], areAsBefore: false)) == ["nothing changed"])
    }

    @Test("half a save is no news, a process that could not be reached is")
    func quiet() {
        var ledger = Ledger()
        let half = burst {
            $0.saved = []
            $0.unfinished = [path]
        }
        #expect(ledger.news(of: outcome(of: [half]), [half], areAsBefore: false).isEmpty)
        let gone = SessionError.attach(.targetBusy(pid: 7, .noAnswer))
        let events = ledger.news(of: outcome(of: [], failures: [gone]), [], areAsBefore: true)
        #expect(words(events) == ["failed"])
    }
}

@Suite("What a process's files remember of a burst")
struct FileStatesTests {
    private let path: FilePath = "/srv/a.py"
    private let file = ModuleFile(
        path: "/srv/a.py", spelling: "/srv/a.py", codePath: "/srv/a.py", modules: ["a"], isTransformed: false)

    private func states(_ text: String) -> FileStates {
        var state = FileState(file: file, display: "a.py")
        state.baseline = FileState.Source(Array(text.utf8))
        return [path: state]
    }

    private func burst(_ text: String) -> Burst {
        var burst = Burst(report: BurstReport(pid: 7, id: 1, patch: PatchReport(files: ["a.py"])))
        burst.saved = [path]
        burst.sources = [path: FileState.Source(Array(text.utf8))]
        return burst
    }

    @Test("what went in is the new baseline")
    func applied() {
        var states = states("x = 1\n")
        states.settle(burst("x = 2\n"), isAtomic: true)
        #expect(states[path]?.baseline?.bytes == Array("x = 2\n".utf8))
        #expect(states.waiting.isEmpty)
    }

    @Test("what was rejected as a whole waits with its reason, on the old baseline")
    func rejected() {
        var states = states("x = 1\n")
        var burst = burst("x = (\n")
        burst.reject(.syntax, file: "a.py", message: "'(' was never closed")
        #expect(!states.isAsBefore(burst))
        states.settle(burst, isAtomic: true)
        #expect(states.waiting == [path] && states[path]?.rejected?.reason == .syntax)
        #expect(states[path]?.baseline?.bytes == Array("x = 1\n".utf8))
        #expect(states.isAsBefore(burst))
        states.settle(self.burst("x = 2\n"), isAtomic: true)
        #expect(states.waiting.isEmpty && states[path]?.rejected == nil)
    }

    @Test("what was held back and went in after all is held back no more")
    func held() {
        var states = states("x = 1\n")
        var half = burst("")
        half.sources = [:]
        half.report.patch.kept = [
            PatchReport.Remark(
                name: "a", file: "a.py", line: 1, reason: .heldBack, message: "most of it is gone",
                action: "")
        ]
        states.settle(half, isAtomic: true)
        #expect(states[path]?.kept.map(\.reason) == [.heldBack])
        states.settle(burst("x = 2\n"), isAtomic: true)
        #expect(states[path]?.kept.isEmpty == true)
    }

    @Test("what could not be delivered waits, and is what a sync tells")
    func failed() {
        var states = states("x = 1\n")
        states.fail([path, "/srv/other.py"], .attach(.targetBusy(pid: 7, .noAnswer)))
        #expect(states.waiting == [path] && states.count == 1)
        var files = SavedFiles { _ in .success(Array("x = 1\n".utf8)) }
        let look = SyncLook(isPaused: false, held: [])
        let subjects = [SyncLook.Subject(pid: 7, files: states)]
        #expect(look.report(of: [path], in: subjects, &files) { $0.string }.state == .pending)
    }

    @Test(
        "what may have been done although it could not be delivered is compared before the next save",
        arguments: [
            (AttachError.BusyReason.noAnswer, false), (.noGIL, false), (.answerLost, true),
            (.answerLate, true),
        ])
    func doubtful(reason: AttachError.BusyReason, isDoubtful: Bool) {
        var states = states("x = 1\n")
        states["/srv/b.py"] = FileState(
            file: ModuleFile(
                path: "/srv/b.py", spelling: "/srv/b.py", codePath: "/srv/b.py", modules: ["b"],
                isTransformed: false), display: "b.py")
        states["/srv/b.py"]?.baseline = FileState.Source([])
        states.fail([path], .attach(.targetBusy(pid: 7, reason)))
        #expect((states[path]?.baseline == nil) == isDoubtful)
        // It is compared with that first; a second failure does not take it away.
        states.fail([path], .attach(.targetBusy(pid: 7, reason)))
        #expect(states[path]?.former?.bytes == (isDoubtful ? Array("x = 1\n".utf8) : nil))
        #expect(states["/srv/b.py"]?.baseline != nil)
        #expect(states.waiting == [path])
    }

    @Test("a failure is the same as the last one if it says the same of every file")
    func failedAgain() {
        var states = states("x = 1\n")
        let busy = SessionError.attach(.targetBusy(pid: 7, .noAnswer))
        #expect(!states.haveFailed([path], busy))
        states.fail([path], busy)
        #expect(states.haveFailed([path], busy))
        #expect(!states.haveFailed([path, "/srv/other.py"], busy))
        #expect(!states.haveFailed([path], .attach(.targetBusy(pid: 7, .answerLost))))
        states.settle(burst("x = 2\n"), isAtomic: true)
        #expect(!states.haveFailed([path], busy))
    }

    @Test("a sync is live where the file is what runs, stale where not, pending while a file is held")
    func looks() {
        var files = SavedFiles { _ in .success(Array("x = 2\n".utf8)) }
        func state(_ text: String, held: Set<FilePath> = []) -> SyncReport.State {
            let subjects = [SyncLook.Subject(pid: 7, files: states(text))]
            return SyncLook(isPaused: false, held: held)
                .report(of: [path], in: subjects, &files) { $0.string }.state
        }
        #expect(state("x = 2\n") == .live)
        #expect(state("x = 1\n") == .stale)
        #expect(state("x = 1\n", held: [path]) == .pending)
    }
}

@Suite("Changed files")
struct ChangedFilesTests {
    @Test(
        "are sorted by what they are to the service, each once; a link is followed where it is not known itself"
    )
    func kinds() {
        let changes = [
            ("/a.py", FileChange.Kind.modified), ("/link.py", .modified), ("/b.py", .modified),
            ("/c.py", .modified), ("/c.py", .modified), ("/gone.py", .removed), ("/never.py", .removed),
            ("/page.html", .modified),
        ].map { FileChange(path: FilePath($0.0), kind: $0.1) }
        let loaded: Set<FilePath> = ["/a.py", "/b.py", "/gone.py"]
        let files = ChangedFiles(changes, resolved: { $0 == "/link.py" ? "/a.py" : $0 }) {
            loaded.contains($0)
        }
        #expect(files.saved == ["/a.py", "/b.py"])
        #expect(files.gone == ["/gone.py"])
        #expect(files.unknown == ["/c.py"])
        #expect(files.others == ["/page.html"])
    }

    @Test("saves that come while a service is paused are handed out when it goes on")
    func paused() {
        var gate = PauseGate()
        let change = FileChange(path: "/a.py", kind: .modified)
        #expect(gate.admit([change]) == [change])
        #expect(gate.toggle().isEmpty && gate.isPaused)
        #expect(gate.admit([change]).isEmpty)
        #expect(gate.toggle() == [change] && !gate.isPaused)
        #expect(gate.toggle().isEmpty)
    }
}
