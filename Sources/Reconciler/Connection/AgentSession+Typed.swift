import Reloader

/// Typed conversations with agent and twin.
extension AgentSession {
    /// What the process is and has loaded.
    func inventory() throws(SessionError) -> Inventory {
        let inventory = try parsed(try ask(Inventory.request), Inventory.init(answer:))
        remember(heap: inventory.heap)
        return inventory
    }

    /// Which live functions differ from files; the twin has made the request.
    func compare(_ request: [UInt8]) throws(SessionError) -> [LiveComparison] {
        try parsed(try ask(request), LiveComparison.list(answer:))
    }

    /// What was looked at.
    func look(_ request: [UInt8]) throws(SessionError) -> LookAnswer {
        try parsed(try ask(request), LookAnswer.init(answer:))
    }

    /// The asyncio tasks of the process.
    func tasks(_ request: [UInt8]) throws(SessionError) -> TaskStacks {
        try parsed(try ask(request), TaskStacks.init(answer:))
    }

    /// The calls of all threads with their variables.
    func locals(_ request: [UInt8]) throws(SessionError) -> LocalStacks {
        try parsed(try ask(request), LocalStacks.init(answer:))
    }

    /// Puts a recorder into functions.
    func startProbe(_ request: [UInt8]) throws(SessionError) -> ProbeStart {
        try parsed(try ask(request), ProbeStart.init(answer:))
    }

    /// What it has recorded since it was asked last.
    func drain(_ request: [UInt8]) throws(SessionError) -> DrainAnswer {
        try parsed(try ask(request), DrainAnswer.init(answer:))
    }

    /// Makes the agent ready, so that `beginPatch` only hands the request over.
    func prepare(for request: [UInt8]) throws(SessionError) {
        do throws(AttachError) { try prepare(size: request.count) } catch { throw .attach(error) }
    }

    /// Hands the request over, and does not wait.
    func beginPatch(_ request: [UInt8]) throws(SessionError) {
        do throws(AttachError) { try begin(request) } catch { throw .attach(error) }
    }

    /// Waits for what became of it.
    func finishPatch() throws(SessionError) -> PatchReply {
        let answer: [UInt8]
        do throws(AttachError) { answer = try finish() } catch { throw .attach(error) }
        let reply = try parsed(answer, PatchReply.init(answer:))
        remember(heap: reply.heap)
        return reply
    }

    /// The frame after a patch's answer: how many functions only moved.
    func moved() throws(SessionError) -> Int {
        let frame: [UInt8]
        do throws(AttachError) { frame = try receive() } catch { throw .attach(error) }
        return try parsed(frame, PatchReply.moved(answer:))
    }

    /// Has the agent look for copies that were made since it looked last; `copies` has what it found.
    func askForCopies() throws(SessionError) -> Ticket {
        do throws(AttachError) { return try post(CopySearch.request) } catch { throw .attach(error) }
    }

    /// Nil as long as the agent looks. Never waits.
    func copies(_ ticket: Ticket) throws(SessionError) -> CopySearch? {
        let frames: [Frame]
        do throws(AttachError) { frames = try collect(ticket).frames } catch { throw .attach(error) }
        guard let answer = frames.first(where: { $0.kind == .answer }) else { return nil }
        let search = try parsed(answer.content, CopySearch.init(answer:))
        remember(heap: search.heap)
        return search
    }

    /// One request and its answer. Throws `attach` where the process cannot be reached or does not answer.
    private func ask(_ request: [UInt8]) throws(SessionError) -> [UInt8] {
        do throws(AttachError) { return try exchange(request) } catch { throw .attach(error) }
    }

    /// Throws `wrongAnswer` where the answer has another form: agent and parser come from one build, so that
    /// is a fault of ours.
    private func parsed<Value>(
        _ answer: [UInt8], _ parse: ([UInt8]) throws(ProtocolError) -> Value
    ) throws(SessionError) -> Value {
        do throws(ProtocolError) { return try parse(answer) } catch {
            throw .wrongAnswer(error, pid: target.pid)
        }
    }
}
