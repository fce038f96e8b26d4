import Testing

@testable import Watcher

@Suite("What time decides")
struct WaitingTests {
    private let start = ContinuousClock.now
    private let file = FileKey(directory: DirectoryID(rawValue: 1), name: EntryName("a.py"))
    private let path = BytePath("/p/a.py")

    private func after(_ milliseconds: Int) -> Waiting.Moment { start + .milliseconds(milliseconds) }

    @Test("nothing is due while nothing happens")
    func idle() {
        #expect(Waiting().nextDue == nil)
    }

    @Test("a missing file counts as removed after 50 ms, unless it is back")
    func removal() {
        var waiting = Waiting()
        waiting.expectRemoval(of: file, at: path, now: start)
        #expect(waiting.nextDue == after(50))
        #expect(waiting.takeDue(now: after(49)).removals.isEmpty)
        #expect(waiting.takeDue(now: after(50)).removals.map(\.path) == [path])
        waiting.expectRemoval(of: file, at: path, now: start)
        waiting.cancelRemoval(at: path)
        #expect(waiting.nextDue == nil)
    }

    @Test("every write puts off the look at a file that stays open")
    func stillOpen() {
        var waiting = Waiting()
        waiting.wrote(file, now: start)
        waiting.wrote(file, now: after(500))
        #expect(waiting.takeDue(now: after(1099)).looks.isEmpty)
        #expect(waiting.takeDue(now: after(1100)).looks.map(\.look.reason) == [.stillOpen])
    }

    static let pauses = [(0, 20), (1, 600), (2, 1200), (3, 2400), (4, 4800), (9, 4800)]

    @Test("looks at an unfinished file come ever more seldom", arguments: pauses)
    func unfinished(attempt: Int, milliseconds: Int) {
        var waiting = Waiting()
        let candidate = Candidates.Candidate(file: file, reason: .found, attempt: attempt)
        waiting.lookAgain(at: candidate, now: start)
        #expect(waiting.nextDue == after(milliseconds))
        let due = waiting.takeDue(now: after(milliseconds)).looks
        #expect(due.map(\.look.attempt) == [attempt + 1])
        #expect(due.map(\.look.reason) == [.unfinished(.found)])
    }

    @Test("a directory that does not arrive within 20 ms has left the tree")
    func rename() {
        let directory = DirectoryID(rawValue: 5)
        var waiting = Waiting()
        waiting.directoryLeft(directory, cookie: 7, now: start)
        #expect(waiting.directoryCame(cookie: 8) { _ in true } == nil)
        #expect(waiting.directoryCame(cookie: 7) { $0 != directory } == nil)
        #expect(waiting.takeDue(now: after(20)).directories == [directory])
        waiting.directoryLeft(directory, cookie: 7, now: start)
        #expect(waiting.directoryCame(cookie: 7) { $0 == directory } == directory)
        #expect(waiting.nextDue == nil)
    }

    @Test("a burst names each file once, with the strongest thing known about it")
    func burst() {
        let other = FileKey(directory: DirectoryID(rawValue: 1), name: EntryName("b.py"))
        var candidates = Candidates()
        candidates.add(file, .created)
        candidates.add(other, .found)
        candidates.add(file, .saved)
        candidates.add(file, .created)
        let all = candidates.takeAll()
        #expect(all.map(\.file) == [file, other])
        #expect(all.map(\.reason) == [.saved, .found])
        #expect(candidates.isEmpty)
    }
}
