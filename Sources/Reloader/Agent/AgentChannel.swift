import Glibc

/// The conversation with an agent over two pipes.
///
/// Private by construction: there is no path and no port. Closing it ends the agent.
package struct AgentChannel: ~Copyable {
    private let presence: any AgentPresence
    private let toAgent: Int32
    private let fromAgent: Int32
    private let limits: AttachLimits
    private let link: FrameLink

    /// The number of the request that the agent has from the start.
    static let firstRequest: UInt32 = 1

    /// `hasRequest`: the agent's payload has a first request in it.
    init(
        presence: any AgentPresence, toAgent: Int32, fromAgent: Int32, limits: AttachLimits, hasRequest: Bool
    ) {
        self.presence = presence
        self.toAgent = toAgent
        self.fromAgent = fromAgent
        self.limits = limits
        // It cannot fail on a descriptor that is open.
        _ = fcntl(toAgent, F_SETFL, fcntl(toAgent, F_GETFL) | O_NONBLOCK)
        link = FrameLink(
            input: fromAgent, output: toAgent, isSocket: false, pidfd: presence.target.pidfd,
            given: hasRequest ? Self.firstRequest : 0)
    }

    private var target: Target { presence.target }

    /// Inodes of our two pipe ends, by which a child's copies are known.
    var pipes: Set<UInt64> { Set([toAgent, fromAgent].compactMap(PipeEnd.inode)) }

    /// What becomes readable when there is something to `collect`.
    package var descriptor: Int32 { link.descriptor }

    /// Sends a request without waiting for anything, and returns its number.
    package func post(_ content: [UInt8]) throws(AttachError) -> UInt32 {
        do throws(FrameLink.Failure) { return try link.post(content) } catch { throw meaning(of: error) }
    }

    /// Sends a request whole, and returns its number.
    package func send(_ content: [UInt8]) throws(AttachError) -> UInt32 {
        do throws(FrameLink.Failure) {
            let id = try link.post(content)
            try link.finishSending(by: Monotonic.now + limits.answer * 1_000_000)
            return id
        } catch {
            throw meaning(of: error)
        }
    }

    /// The next frame of a request, its acknowledgement left out. `timeout` in milliseconds; nil is the limit of an
    /// answer.
    package func receive(_ id: UInt32, timeout: Int64? = nil) throws(AttachError) -> Frame {
        let start = Monotonic.now
        let deadline = start + (timeout ?? limits.answer) * 1_000_000
        let end = timeout == nil ? start + limits.work * 1_000_000 : deadline
        do throws(FrameLink.Failure) {
            let last = try awaitFrame(of: id, by: deadline, atMost: end)
            let frame = try link.next(of: id, by: last)
            StageLog.shared.enter(.answered)
            return frame
        } catch {
            throw meaning(of: error)
        }
    }

    /// Waits for a frame, and helps the agent to the GIL where it does not get it alone. Returns the deadline: as long as
    /// the agent works on the request there is another one, until `end`.
    private func awaitFrame(
        of id: UInt32, by first: Int64, atMost end: Int64
    ) throws(FrameLink.Failure) -> Int64 {
        var deadline = first
        // After this CPython's own request to give the GIL up is under way.
        var pause: Int64 = 6_000_000
        var used: Int64?
        while try !link.hasFrame(of: id, by: min(deadline, Monotonic.now + pause)) {
            if Monotonic.now >= deadline {
                let now = timeUsed
                // A thread that only asks for the GIL, time and again, uses less.
                let least = (used ?? now) + limits.answer * 10_000
                guard link.isTaken(id), deadline < end, now > least else { return deadline }
                deadline = min(end, deadline + limits.answer * 1_000_000)
                used = now
            }
            used = used ?? timeUsed
            if waitsForLock { presence.helpToGIL { link.hasNews || !waitsForLock } }
            pause = min(pause * 2, 50_000_000)
        }
        return deadline
    }

    /// Nanoseconds that the agent's thread has been on a processor; 0 where the kernel does not tell.
    private var timeUsed: Int64 {
        target.agentThreads.reduce(0) { sum, thread in
            let text = try? target.procFS.text(target.pid, "task/\(thread)/schedstat")
            return sum + (text?.split(separator: " ").first.flatMap { Int64($0) } ?? 0)
        }
    }

    /// Whether the agent's thread waits for a lock: the GIL, mostly.
    private var waitsForLock: Bool {
        target.agentThreads.contains { thread in
            let text = try? target.procFS.text(target.pid, "task/\(thread)/syscall")
            return text.flatMap(BlockedCall.init(text:)).flatMap { Host.waitingCall($0) } == .futex
        }
    }

    /// The frames of a request that have arrived. Never waits.
    package func collect(_ id: UInt32) throws(AttachError) -> [Frame] {
        do throws(FrameLink.Failure) { return try link.collect(of: id) } catch { throw meaning(of: error) }
    }

    /// Whether the agent has said that it works on the request, or has answered it.
    package func isTaken(_ id: UInt32) -> Bool { link.isTaken(id) }

    /// Events of the request that were dropped here because nobody collected them.
    package func droppedEvents(_ id: UInt32) -> Int { link.droppedEvents(of: id) }

    /// What still comes for the request is dropped.
    package func forget(_ id: UInt32) { link.forget(id) }

    private func meaning(of failure: FrameLink.Failure) -> AttachError {
        switch failure {
        case .closed: return ended()
        case .malformed: return .targetBusy(pid: target.pid, .noAnswer)
        case .tooSlow:
            presence.cancel()
            // An agent without the GIL looks for this once it has it, and leaves: nothing of its request is done.
            return .targetBusy(pid: target.pid, presence.progress == .beforeGIL ? .noGIL : .noAnswer)
        }
    }

    /// Why the agent closed its ends before it answered.
    private func ended() -> AttachError {
        if !target.isSame { return target.end }
        return presence.progress == .unfit
            ? .targetExiting(pid: target.pid) : .targetBusy(pid: target.pid, .left)
    }

    private var hasLeft: Bool { presence.progress == nil || target.agentThreads.isEmpty }

    /// Lets the agent go and waits until nothing of it is left, two seconds at most.
    package consuming func close() {}  // deinit does it

    deinit {
        StageLog.shared.enter(.closing)
        Glibc.close(toAgent)
        Glibc.close(fromAgent)
        presence.confirmLeft()
        let end = Monotonic.now + limits.leave * 1_000_000
        // It needs the GIL once more.
        while !Monotonic.wait(milliseconds: 10, every: 100, until: { hasLeft }), Monotonic.now < end {
            presence.helpToGIL { hasLeft || !waitsForLock }
        }
        StageLog.shared.enter(.gone)
    }
}
