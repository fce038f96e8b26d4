import Reloader
import Testing

@testable import Reconciler

@Suite("Delivery")
struct DeliveryTests {
    /// An agent that does as it is told, and writes down what it was asked.
    private final class Agent: PatchReceiver {
        let name: String
        let journal: Journal
        var failing: Set<String> = []
        var lastAttachTime: Int64 = 0

        init(_ name: String, _ journal: Journal) {
            self.name = name
            self.journal = journal
        }

        private func step(_ word: String) throws(SessionError) {
            journal.lines.append("\(word) \(name)")
            journal.now += 10
            if failing.contains(word) { throw .attach(.targetBusy(pid: 7, .noAnswer)) }
        }

        func prepare(for request: [UInt8]) throws(SessionError) { try step("prepare") }
        func beginPatch(_ request: [UInt8]) throws(SessionError) { try step("begin") }

        func finishPatch() throws(SessionError) -> PatchReply {
            try step("finish")
            return journal.reply
        }

        func moved() throws(SessionError) -> Int {
            try step("moved")
            return 0
        }
    }

    private final class Journal {
        var lines: [String] = []
        var now: Int64 = 1000
        let reply: PatchReply

        init() throws {
            let content: MarshalValue = [
                "pause": .int(3), "applied": .list([.list([.int(0), .int(1), .int(0)])]),
                "clock": .list([.int(1012), .int(1015), .int(1018)]),
            ]
            reply = try PatchReply(answer: MarshalValue.tuple(["patch", content]).marshalled)
        }
    }

    private func delivered(
        _ agents: [Agent], _ journal: Journal
    ) -> Delivery<Agent> {
        var delivery = Delivery(agents.map { Delivery<Agent>.Parcel([1], to: $0) }) { journal.now }
        delivery.run()
        delivery.awaitLines()
        return delivery
    }

    @Test("an agent waits in every process before the first one begins")
    func order() throws {
        let journal = try Journal()
        _ = delivered([Agent("a", journal), Agent("b", journal)], journal)
        let words = ["prepare", "begin", "finish", "moved"]
        #expect(journal.lines == words.flatMap { ["\($0) a", "\($0) b"] })
    }

    @Test("one process is not prepared: its request goes with the attach")
    func single() throws {
        let journal = try Journal()
        _ = delivered([Agent("a", journal)], journal)
        #expect(journal.lines == ["begin a", "finish a", "moved a"])
    }

    @Test("what fails in one process stops no other", arguments: ["prepare", "begin", "finish"])
    func failing(step: String) throws {
        let journal = try Journal()
        let (bad, good) = (Agent("bad", journal), Agent("good", journal))
        bad.failing = [step]
        let delivery = delivered([bad, good], journal)
        guard case .failure = delivery.parcels[0].reply, case .success = delivery.parcels[1].reply else {
            Issue.record("\(delivery.parcels.map(\.reply))")
            return
        }
        #expect(!journal.lines.contains("moved bad") && journal.lines.last == "moved good")
        #expect(delivery.skew == 0)
    }

    @Test("a patch that is live stays a success when its line numbers are lost")
    func lines() throws {
        let journal = try Journal()
        let agent = Agent("a", journal)
        agent.failing = ["moved"]
        let reply = try Delivery.one([1], to: agent, received: 990, clock: { journal.now }).reply
        #expect(reply.applied.count == 1)
        #expect(journal.lines == ["begin a", "finish a", "moved a"])
    }

    @Test("times are those of the steps, as the process's clock has them")
    func timing() throws {
        let journal = try Journal()
        let agent = Agent("a", journal)
        agent.lastAttachTime = 4
        let timing = try Delivery.one([1], to: agent, received: 990, clock: { journal.now }).timing
        #expect((timing.send, timing.wait, timing.pause, timing.verify, timing.reply) == (10, 2, 3, 3, 2))
        #expect(timing.attach == 4 && timing.visible == 25)
    }
}
