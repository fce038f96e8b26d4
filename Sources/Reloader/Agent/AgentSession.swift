/// Requests to a target's agent, which is there only as long as it is needed.
///
/// Attaches for the first request, keeps the agent while requests follow each other, and lets it go when told. Not for
/// several threads at once: one thread owns a target.
package final class AgentSession {
    private let entry: any AgentEntry
    private let agentCode: [UInt8]
    private let hexVersion: Int
    private var channel: AgentChannel?
    private var pending: PendingAgent?
    /// The request that was begun last: its number, and its content while an agent that was there or prepared already
    /// may have left just before.
    private var current: (id: UInt32, unanswered: [UInt8]?) = (0, nil)
    /// Agents so far.
    private var conversations = 0
    /// CLOCK_MONOTONIC in nanoseconds when `prepare` began to attach.
    private var attachStart: Int64?

    /// Nanoseconds from the start of the last attach to the agent's answer; 0 if the agent was still there.
    package private(set) var lastAttachTime: Int64 = 0

    /// What the agents have told about the target's heap, for the next one: it need not be searched each time. Opaque.
    private var heap: [UInt8] = []

    /// Inodes of its latest agent's pipes.
    private var pipes: Set<UInt64> = []

    /// `entry`: the way into the process. Nothing is in there yet.
    package convenience init(entry: any AgentEntry, programs: CompiledPrograms) {
        self.init(entry: entry, code: programs.agent, hexVersion: programs.facts.hexVersion)
    }

    /// `code`: what `hexVersion` of CPython has compiled and marshalled.
    init(entry: any AgentEntry, code: [UInt8], hexVersion: Int) {
        self.entry = entry
        self.hexVersion = hexVersion
        agentCode = code
    }

    /// The process that the agent works in.
    package var target: Target { entry.target }

    /// Whether an agent is in the process now, as far as we know: it may have left.
    package var isAttached: Bool { channel != nil }

    /// The agent's answer to `request`. Nothing of the request was done where this throws before an answer was due,
    /// `.targetBusy(.noGIL)` for instance.
    package func exchange(_ request: [UInt8]) throws(AttachError) -> [UInt8] {
        try begin(request)
        return try finish()
    }

    /// Has an agent wait in the target for a request of up to `size` bytes, without the GIL; it leaves on its own if
    /// none comes within three seconds. Not needed before `begin`: it lets several targets begin at the same time.
    package func prepare(size: Int) throws(AttachError) {
        try checkTarget()
        guard channel == nil, pending == nil else { return }
        attachStart = Monotonic.now
        let payload = AgentPayload(agentCode: agentCode, request: heap, hexVersion: hexVersion)
        pending = try entry.prepare(capacity: payload.size + size)
    }

    /// Hands a request over; `finish` has its answer.
    package func begin(_ request: [UInt8]) throws(AttachError) {
        try checkTarget()
        lastAttachTime = 0
        guard channel != nil else { return try attach(request) }
        let former = current.id
        do throws(AttachError) {
            current = (
                try forward { (channel: borrowing AgentChannel) throws(AttachError) in
                    channel.forget(former)
                    return try channel.send(request)
                }, request
            )
        } catch .targetBusy(_, .left) {
            try attach(request)
        }
    }

    /// The answer to what was handed over last.
    ///
    /// An agent that closed its end without having acknowledged the request has done nothing of it: then, and only
    /// then, it is given to another agent. A request never runs twice. Throws `.answerLost` or `.answerLate` where it may
    /// have been done.
    package func finish() throws(AttachError) -> [UInt8] {
        let (id, unanswered) = current
        current.unanswered = nil
        var isTaken = false
        do throws(AttachError) {
            return try forward { (channel: borrowing AgentChannel) throws(AttachError) in
                defer { isTaken = channel.isTaken(id) }
                return try channel.receive(id).content
            }
        } catch .targetBusy(let pid, .left) {
            guard !isTaken else { throw .targetBusy(pid: pid, .answerLost) }
            guard let unanswered else { throw .targetBusy(pid: pid, .left) }
            try attach(unanswered)
            return try receive()
        } catch .targetBusy(let pid, .noAnswer) {
            throw .targetBusy(pid: pid, isTaken ? .answerLate : .noAnswer)
        }
    }

    /// A process that was stopped would keep us, and every other process of the burst, waiting for its answer.
    private func checkTarget() throws(AttachError) {
        guard target.isSame else {
            channel = nil
            throw target.end
        }
        // A profiler stops it for an instant, time and again.
        let end = Monotonic.now + Target.patience
        while let state = (try? target.procFS.stat(target.pid))?.state, state == "T" || state == "t" {
            guard state == "t", Monotonic.now < end else {
                throw .targetStopped(pid: target.pid, isTraced: state == "t")
            }
            Monotonic.nap(microseconds: 500)
        }
    }

    private func attach(_ request: [UInt8]) throws(AttachError) {
        let start = attachStart ?? Monotonic.now
        attachStart = nil
        let payload = AgentPayload(agentCode: agentCode, request: request + heap, hexVersion: hexVersion)
        let made: AgentChannel
        var unanswered: [UInt8]?
        if let ready = pending.take()?.start(payload) {
            made = ready
            unanswered = request
        } else {
            made = try entry.attach(payload)
        }
        pipes = made.pipes
        channel = consume made
        conversations += 1
        current = (AgentChannel.firstRequest, unanswered)
        lastAttachTime = Monotonic.now - start
    }

    /// The next frame of the request that was handed over last: its answer, or its end.
    package func receive() throws(AttachError) -> [UInt8] {
        let id = current.id
        return try forward { (channel: borrowing AgentChannel) throws(AttachError) in
            try channel.receive(id).content
        }
    }

    /// Removes what the process was forked with while an agent was in its parent. Nothing is lost if it cannot be
    /// done now.
    package func removeInherited() {
        let inherited = PipeEnd.marked(in: target).filter { !pipes.contains($0.inode) }
        // An agent of a midflight that was killed closes its own ends, whose numbers may be something else's by then.
        guard !inherited.isEmpty, target.agentThreads.count <= 1 else { return }
        let ends = inherited.map { end in
            MarshalValue.list([.int(Int64(end.number)), .int(Int64(end.inode))])
        }
        // Best effort: what is left over is a pipe that nobody reads, and the next agent tries again.
        _ = try? exchange(MarshalValue.tuple(["tidy", .list(ends)]).marshalled)
    }

    /// Remembers what an agent told about the heap; nothing new if `told` is empty.
    package func remember(heap told: [UInt8]) {
        if !told.isEmpty { heap = told }
    }

    /// Ends the agent and waits until nothing of it is left in the target.
    package func letGo() {
        channel = nil
        pending = nil
        attachStart = nil
    }

    /// A channel that failed once is not used again.
    private func forward<Value>(
        _ body: (borrowing AgentChannel) throws(AttachError) -> Value
    ) throws(AttachError) -> Value {
        guard let taken = channel.take() else { throw .targetBusy(pid: target.pid, .noAnswer) }
        let value = try body(taken)
        channel = consume taken
        return value
    }
}

/// Requests beside the one that is waited for: the caller polls and need not wait for the agent.
extension AgentSession {
    /// A request that was posted, to the agent that was there then.
    package struct Ticket: Sendable, Hashable {
        fileprivate let conversation: Int
        fileprivate let id: UInt32
    }

    /// Sends a request to the agent that is there. Throws `.targetBusy(.left)` if there is none.
    package func post(_ request: [UInt8]) throws(AttachError) -> Ticket {
        guard channel != nil else { throw .targetBusy(pid: target.pid, .left) }
        let id = try forward { (channel: borrowing AgentChannel) throws(AttachError) in
            try channel.post(request)
        }
        return Ticket(conversation: conversations, id: id)
    }

    /// What has arrived for a request by now. `dropped`: events so far that were not collected in time. Throws
    /// `.targetBusy(.left)` once its agent is gone, though another may be there.
    package func collect(_ ticket: Ticket) throws(AttachError) -> (frames: [Frame], dropped: Int) {
        guard channel != nil, ticket.conversation == conversations else {
            throw .targetBusy(pid: target.pid, .left)
        }
        return try forward { (channel: borrowing AgentChannel) throws(AttachError) in
            let frames = try channel.collect(ticket.id)
            return (frames, channel.droppedEvents(ticket.id))
        }
    }
}
