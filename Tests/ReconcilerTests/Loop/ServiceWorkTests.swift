import Glibc
import Testing

@testable import Reconciler

@Suite("Work of several services")
struct ServiceWorkTests {
    /// A loop with services that have no processes, and what came of their work.
    private final class Stage {
        let mailbox: Mailbox<SessionMessage>
        let loop: ServiceLoop
        var done: [String] = []
        var told: [SessionEvent] = []

        init(services: Int) throws {
            mailbox = try #require(Mailbox())
            loop = ServiceLoop(mailbox: mailbox)
            for index in 0..<services {
                var options = SessionOptions()
                options.name = "s\(index)"
                let specification = ServiceSpecification(options: options, selector: "s\(index)") { [] }
                loop.add(specification) { [unowned self] in told.append($0) }
            }
        }

        /// Has the service write `name` down when it has done `body`.
        func perform(_ index: Int, _ name: String, _ body: @escaping () -> Void = {}) {
            loop.perform(loop.services[index]) {
                body()
                return name
            } dropped: { [unowned self] in
                done.append("no " + name)
            } then: { [unowned self] in
                done.append($0)
            }
        }

        /// A thread has the first service until the gate is opened, and "b" waits for its turn.
        func hold() -> Gate {
            let gate = Gate()
            perform(0, "a", gate.wait)
            perform(0, "b")
            return gate
        }

        /// Hands the loop what others say until `condition` holds; fails after five seconds of silence.
        func run(until condition: () -> Bool) {
            while !condition() {
                guard case .message(let message) = mailbox.next(timeout: 5000, watching: []) else {
                    Issue.record("nobody says anything: \(done)")
                    return
                }
                loop.handle(message)
            }
        }
    }

    /// Closed until somebody opens it.
    private final class Gate: @unchecked Sendable {
        private let semaphore = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)
        init() { sem_init(semaphore, 0, 0) }
        func wait() { while sem_wait(semaphore) < 0 {} }
        func open() { sem_post(semaphore) }
        deinit { semaphore.deallocate() }
    }

    @Test("of the only one is done at once, on the loop's thread")
    func only() throws {
        let stage = try Stage(services: 1)
        let caller = pthread_self()
        var thread: pthread_t?
        stage.perform(0, "a") { thread = pthread_self() }
        #expect(stage.done == ["a"] && thread == caller)
    }

    @Test("one that waits for its process delays no other, and its own work keeps its order")
    func apart() throws {
        let stage = try Stage(services: 2)
        let gate = stage.hold()
        stage.perform(1, "c")
        stage.run { stage.done == ["c"] }
        #expect(stage.loop.idle.map(\.number) == [2])
        gate.open()
        stage.run { stage.done == ["c", "a", "b"] }
        #expect(stage.loop.idle.count == 2)
    }

    @Test("what happens meanwhile is told by the loop, in its order")
    func events() throws {
        let stage = try Stage(services: 2)
        let service = stage.loop.services[0]
        stage.perform(0, "a") {
            service.emit(.paused)
            service.emit(.resumed)
        }
        #expect(stage.told.isEmpty)
        stage.run { !stage.done.isEmpty }
        guard stage.told.count == 2, case .paused = stage.told[0], case .resumed = stage.told[1] else {
            Issue.record("\(stage.told)")
            return
        }
    }

    @Test("is ended before its service is let go of, for good; what waits is dropped, and messages are kept")
    func removed() throws {
        let stage = try Stage(services: 2)
        let gate = Gate()
        weak var service: Service?
        service = stage.loop.services[0]
        stage.perform(0, "a") { [unowned service = stage.loop.services[0]] in
            gate.wait()
            service.emit(.burst(BurstOutcome(id: 1, files: [])))
        }
        stage.perform(0, "b")
        let report = CommandReport(
            words: ["true"], occasion: .afterReload, end: .exited(0), output: "", duration: 0)
        stage.mailbox.post(.command(report, service: 2))
        gate.open()
        stage.loop.remove(named: "s0")
        #expect(stage.done == ["no b", "a"] && stage.loop.services.count == 1)
        #expect(stage.told.count == 1, "what it has done is told")
        #expect(service == nil, "a service that is kept keeps the locks of its processes")
        stage.run { stage.told.count == 2 }
    }

    @Test("what a thread takes in can be asked for before it has ended")
    func taken() throws {
        let stage = try Stage(services: 2)
        let gate = Gate()
        stage.perform(0, "a", gate.wait)
        stage.loop.handle(.taken([7], owners: [1000], service: 1))
        #expect(stage.loop.services(of: 7, for: 1000).map(\.number) == [1])
        #expect(stage.loop.services(of: 7, for: 1001).isEmpty)
        gate.open()
        stage.run { !stage.done.isEmpty }
        #expect(stage.loop.services(of: 7, for: 1000).isEmpty)
    }

    @Test("a message that was put back comes before those that came after it")
    func postedBack() throws {
        let mailbox = try #require(Mailbox<Int>())
        mailbox.post(3)
        mailbox.postBack([1, 2])
        for number in 1...3 {
            guard case .message(number) = mailbox.next(timeout: 0, watching: []) else {
                Issue.record("not \(number)")
                return
            }
        }
    }

    @Test("waits while all are let go for a moment, and goes on after")
    func suspended() throws {
        let stage = try Stage(services: 2)
        let gate = stage.hold()
        gate.open()
        stage.loop.settle(stage.loop.services, isLast: false) { stage.done.append("still") }
        #expect(stage.done == ["a", "still"])
        stage.run { stage.done == ["a", "still", "b"] }
    }
}
