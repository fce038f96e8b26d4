import Reloader

/// What a delivery asks of a process's agent.
protocol PatchReceiver: AnyObject {
    /// Has an agent wait for the request, so that several processes can begin at the same time.
    func prepare(for request: [UInt8]) throws(SessionError)
    /// Hands the request over and does not wait for an answer. Throws if the process cannot be reached.
    func beginPatch(_ request: [UInt8]) throws(SessionError)
    /// Waits for the answer to the request that was begun. Throws if the process ended or gave no answer in
    /// time.
    func finishPatch() throws(SessionError) -> PatchReply
    /// Waits until the functions that only moved have their new line numbers; how many these are.
    func moved() throws(SessionError) -> Int
    /// Nanoseconds; 0 if the agent was still there.
    var lastAttachTime: Int64 { get }
}

extension AgentSession: PatchReceiver {}

/// Patch requests on their way to one process or to many, and what came back. Bursts, `reload` and `diff` use the same
/// steps.
struct Delivery<Receiver: PatchReceiver> {
    /// A request to one process, and its answer.
    struct Parcel {
        /// Whom it is for; one parcel at a time.
        let receiver: Receiver
        /// Content of one request frame.
        let request: [UInt8]
        /// nil until the answer is there, or a step has failed.
        var reply: Result<PatchReply, SessionError>?
        /// CLOCK_MONOTONIC in nanoseconds: when its request began to be handed over, when it had been, and when its
        /// answer was there.
        var began: Int64 = 0
        /// 0 until then.
        var sent: Int64 = 0
        /// 0 until then, and for ever where no answer came.
        var answered: Int64 = 0
        /// Nanoseconds from the start of the attach to the answer; 0 if the agent was still there.
        var attachTime: Int64 = 0

        /// Nothing is sent yet.
        init(_ request: [UInt8], to receiver: Receiver) {
            self.request = request
            self.receiver = receiver
        }
    }

    /// In the order given; each has a reply after `run`.
    private(set) var parcels: [Parcel]
    /// CLOCK_MONOTONIC in nanoseconds; tests give their own.
    private let clock: () -> Int64

    /// `clock`: CLOCK_MONOTONIC in nanoseconds.
    init(_ parcels: [Parcel], clock: @escaping () -> Int64 = { Monotonic.now }) {
        self.parcels = parcels
        self.clock = clock
    }

    /// First an agent waits in each process, then all begin, then all are heard. What fails in one process stops no
    /// other.
    mutating func run() {
        let clock = clock
        if parcels.count > 1 {
            attempt { (parcel) throws(SessionError) in try parcel.receiver.prepare(for: parcel.request) }
        }
        attempt { (parcel) throws(SessionError) in
            parcel.began = clock()
            try parcel.receiver.beginPatch(parcel.request)
            parcel.sent = clock()
        }
        attempt { (parcel) throws(SessionError) in
            parcel.reply = .success(try parcel.receiver.finishPatch())
            parcel.answered = clock()
            parcel.attachTime = parcel.receiver.lastAttachTime
        }
    }

    /// Waits for the frames after the answers: the reader of the report may look at a traceback at once.
    func awaitLines() {
        for parcel in parcels {
            guard case .success = parcel.reply else { continue }
            // The patch is live. A process that ended since has no lines, and a later request meets what else is wrong.
            _ = try? parcel.receiver.moved()
        }
    }

    /// One step for all processes in which nothing has gone wrong yet.
    private mutating func attempt(_ step: (inout Parcel) throws(SessionError) -> Void) {
        for index in parcels.indices where parcels[index].reply == nil {
            do throws(SessionError) { try step(&parcels[index]) } catch {
                parcels[index].reply = .failure(error)
            }
        }
    }
}

extension Delivery {
    /// Nanoseconds between the first process's answer and the last one's.
    var skew: Int64 {
        let answers = parcels.filter { if case .success = $0.reply { true } else { false } }.map(\.answered)
        guard let first = answers.min(), let last = answers.max() else { return 0 }
        return last - first
    }

    /// To one process; throws if it did not answer. `received`: when what asks for it began.
    static func one(
        _ request: [UInt8], to receiver: Receiver, received: Int64,
        clock: @escaping () -> Int64 = { Monotonic.now }
    ) throws(SessionError) -> (reply: PatchReply, timing: BurstReport.Timing) {
        var delivery = Delivery([Parcel(request, to: receiver)], clock: clock)
        delivery.run()
        delivery.awaitLines()
        let parcel = delivery.parcels[0]
        guard let reply = try parcel.reply?.get() else {
            throw .attach(.targetBusy(pid: 0, .noAnswer))  // every parcel has a reply once it was delivered
        }
        var timing = BurstReport.Timing()
        timing.take(parcel, reply, received: received)
        return (reply, timing)
    }
}

extension BurstReport.Timing {
    /// What a delivered parcel says of the way there and back. The agent's clock is ours, unless the process lives in
    /// another time namespace. `received`: CLOCK_MONOTONIC in nanoseconds when what asks for it began.
    mutating func take<Receiver>(
        _ parcel: Delivery<Receiver>.Parcel, _ reply: PatchReply, received: Int64
    ) {
        attach = parcel.attachTime
        guard let clock = reply.clock else { return }
        send = parcel.sent - parcel.began
        wait = max(0, clock.began - parcel.sent)
        pause = clock.swapped - clock.began
        verify = clock.ended - clock.swapped
        self.reply = max(0, parcel.answered - clock.ended)
        visible = max(1, parcel.answered - self.reply - verify - received)
    }
}
