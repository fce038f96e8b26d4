import Glibc
import Profiles
import Reconciler
import Reloader

/// Samples of a process before and after the next save that changes its code.
final class PerfSaveRun {
    /// What came of it.
    struct Outcome: Sendable {
        /// Also told by the `profile_change` event.
        var end: End
        /// Nil where nothing was saved.
        var change: ProfileChange?
        /// Those that count as the one that is compared; empty where nothing was saved.
        var saves: [SaveMark] = []
        /// In the order in which they were found, with their versions.
        var processes: [(pid: Int32, version: String)] = []
        /// Over the whole run, the wait included.
        var counts = ProcessSampler.Counts()
    }

    /// Why nothing more was looked at.
    enum End: String, Sendable, Hashable {
        /// The time after the save is over.
        case complete
        /// Another save changed the code before the time was over.
        case nextSave = "next-save"
        /// The time for which a save was waited for is over.
        case nothingSaved = "nothing-saved"
        /// A signal asked for the end.
        case interrupted
        /// All processes have ended.
        case ended
        /// Nobody patches the process any more: it was let go.
        case unheard
    }

    /// What is told while it runs.
    enum News {
        /// It begins. `isOwn`: no midflight controls the process, and we have attached.
        case ready(isOwn: Bool)
        /// New code is live; the time after it begins.
        case saved(SaveMark)
    }

    /// Its `seconds` say how long a save is waited for.
    private let request: PerfRun.Request
    /// Nanoseconds on each side of the save.
    private let window: Int64
    /// Looks from the start on: the time before the save is past when the save comes.
    private let sampler: ProcessSampler
    /// To the user.
    private let warn: (String) -> Void

    /// Looks at nothing yet. `request.seconds`: how long a save is waited for; nil for ever. `window`: seconds before
    /// the save and after it.
    init(_ request: PerfRun.Request, window: Double, warn: @escaping (String) -> Void) {
        self.request = request
        self.window = Int64(window * 1e9)
        self.warn = warn
        sampler = ProcessSampler(choice: request.choice, workers: request.workers, warn: warn)
    }

    /// Attaches where no midflight controls the process, for as long as it takes.
    func outcome(of pid: Int32, tell: (News) -> Void) throws(SessionError) -> Outcome {
        Signals.forward(grace: PerfRun.grace) { _ in }
        do throws(AttachError) { try sampler.open(pid) } catch { throw .attach(error) }
        let feed = try feed(of: pid)
        defer { feed.end() }
        if case .own = feed { tell(.ready(isOwn: true)) } else { tell(.ready(isOwn: false)) }
        var recent = SampleWindow(length: window * 2 + 5_000_000_000)
        var comparison = SaveComparison(
            window: window, limit: request.seconds.map { Int64($0 * 1e9) }, now: Monotonic.now)
        let end = sample(pid, feed, &recent, &comparison, tell)
        var outcome = Outcome(end: end, saves: comparison.saves)
        if let before = comparison.before, let after = comparison.after {
            let period = request.period
            func side(_ span: SaveComparison.Span) -> ProfileChange.Side {
                recent.side(from: span.start, to: span.end, period: period, names: sampler.names)
            }
            outcome.change = ProfileChange(before: side(before), after: side(after))
        }
        (outcome.processes, outcome.counts) = (sampler.processes, sampler.counts)
        return outcome
    }

    /// The controlling midflight's events, else a session of our own, which patches.
    private func feed(of pid: Int32) throws(SessionError) -> SaveFeed {
        if let feed = SaveFeed.listening(to: pid, warn: warn) { return feed }
        return .own(try SaveSession(pid: pid, workers: request.workers))
    }

    /// Keeps the last looks only, until a save says which of them count.
    private func sample(
        _ pid: Int32, _ feed: SaveFeed, _ recent: inout SampleWindow, _ comparison: inout SaveComparison,
        _ tell: (News) -> Void
    ) -> End {
        var saves = SaveListener(feed)
        var end: End?
        SamplingLoop(sampler: sampler, pid: pid, rate: request.rate).run { now in
            recent.look(at: now)
            sampler.look(now: now) { recent.add(places: $0, thread: $1) }
            for save in saves.take(now: now) {
                comparison.note(save)
                tell(.saved(save))
            }
            if let reached = comparison.end(now: now) {
                end = End(reached)
            } else if saves.feed == nil, comparison.saves.isEmpty {
                // The other midflight may have seen the end of the process before a look has.
                sampler.review(now: now)
                end = sampler.isEmpty ? .ended : .unheard
            }
            return end == nil
        }
        return end ?? (Signals.isEnding ? .interrupted : .ended)
    }
}

extension PerfSaveRun.End {
    /// The other reasons are seen by the run itself.
    init(_ end: SaveComparison.End) {
        switch end {
        case .complete: self = .complete
        case .nextSave: self = .nextSave
        case .nothingSaved: self = .nothingSaved
        }
    }
}
