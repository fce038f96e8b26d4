import Glibc
import Profiles
import Reconciler
import Reloader

/// Samples of a process and of the Python processes below it, until the time is over, Ctrl-C, or all of them have
/// ended.
final class PerfRun {
    /// What was asked for.
    struct Request: Sendable {
        /// Which threads count at a look.
        var choice: ThreadSampler.Choice
        /// Looks in a second.
        var rate: Double
        /// Nil for no end.
        var seconds: Double?
        /// Which processes below the chosen one are looked at.
        var workers: Workers

        /// Nanoseconds from look to look.
        var period: Int64 { Int64(1e9 / rate) }
    }

    /// What came of it.
    struct Outcome: Sendable {
        /// All stacks that were seen, with their threads and times.
        var profile = Profile()
        /// In the order in which they were found, with their versions.
        var processes: [(pid: Int32, version: String)] = []
        /// What was not seen.
        var counts = ProcessSampler.Counts()
        /// What went live meanwhile.
        var saves: [SaveMark] = []
        /// CLOCK_MONOTONIC in nanoseconds.
        var start: Int64 = 0
        /// From the first look to the last.
        var nanoseconds: Int64 = 0
    }

    /// As the user asked.
    private let request: Request
    /// Holds the processes that are looked at.
    private let sampler: ProcessSampler
    /// To the user.
    private let warn: (String) -> Void

    /// The end that Ctrl-C makes may take as long.
    static let grace = Signals.Grace(milliseconds: 2000, status: .interrupted, farewell: "")

    /// Looks at nothing yet. `warn` is called for a worker that cannot be had, and with the reason where saves cannot be heard of.
    init(_ request: Request, warn: @escaping (String) -> Void) {
        self.request = request
        self.warn = warn
        sampler = ProcessSampler(choice: request.choice, workers: request.workers, warn: warn)
    }

    /// The chosen process must be had; one below it that cannot be had is named.
    func outcome(of pid: Int32, ready: () -> Void) throws(AttachError) -> Outcome {
        Signals.forward(grace: Self.grace) { _ in }
        try sampler.open(pid)
        var saves = SaveListener(SaveFeed.listening(to: pid, warn: warn))
        ready()
        var outcome = Outcome()
        let (period, start) = (request.period, Monotonic.now)
        SamplingLoop(sampler: sampler, pid: pid, rate: request.rate).run { now in
            if let seconds = request.seconds, Double(now - start) >= seconds * 1e9 { return false }
            sampler.look(now: now) { places, thread in
                outcome.profile.add(places: places, thread: thread, at: now - start, period: period)
            }
            outcome.saves += saves.take(now: now)
            return true
        }
        outcome.nanoseconds = Monotonic.now - start
        outcome.start = start
        outcome.profile.names = sampler.names
        (outcome.processes, outcome.counts) = (sampler.processes, sampler.counts)
        return outcome
    }
}
