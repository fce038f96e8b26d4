import Glibc
import Reconciler
import Reloader

/// Shows the calls of some functions until there were enough, the time is over, or its user ends it.
///
/// Asking for what was recorded is what keeps a watch in force: a run that is killed or stopped leaves the functions
/// with their first code, three seconds later at most.
final class CallsRun {
    /// Why no more calls are shown; the raw value is that of the event.
    private enum End: String { case limit, time, interrupted, lost }

    /// The same for every process.
    private let watch: CallWatch
    /// Says everything: this type prints nothing itself.
    private var view: CallsView
    /// CLOCK_MONOTONIC in nanoseconds; nil for no end.
    private let deadline: Int64?
    /// When calls were seen first, as the deadline.
    private var began: Int64 = 0
    /// Processes that are still watched; the chosen one first.
    private var sources: [CallSource] = []
    /// The last answer of each process, since its watch began or a save began it again.
    private var counts: [Int32: DrainAnswer] = [:]
    /// The last answers of watches that a save has ended.
    private var earlier: [DrainAnswer] = []
    /// Calls, or periods of statistics; compared with the limit.
    private var shown = 0
    /// Of the first process that is watched.
    private var functions: [String] = []
    /// How often a save has ended the watch of each process.
    private var saves: [Int32: Int] = [:]
    /// False as soon as one process could not say that its first code is back.
    private var isRestored = true
    /// Nil where the calls themselves are shown.
    private var statistics: CallStatistics?

    /// Long enough for a busy process to put its first code back.
    private static let grace = Signals.Grace(
        milliseconds: 1000, status: .interrupted,
        farewell: "ended while the process was busy; its functions get their first code back by themselves\n")

    /// Watches nothing yet. `seconds`: nil for no end. `period`: seconds of one line of statistics; nil to show each
    /// call.
    init(watch: CallWatch, seconds: Double?, period: Double? = nil, view: CallsView) {
        self.watch = watch
        self.view = view
        statistics = period.map { CallStatistics(seconds: $0, now: Monotonic.now) }
        deadline = seconds.map { Monotonic.now + Int64($0 * 1e9) }
    }

    /// Shows calls until the limit, the time, or Ctrl-C.
    func run(pid: Int32, workers: Workers) throws {
        Signals.forward(grace: Self.grace) { _ in }
        try open(pid, workers)
        try begin()
        began = Monotonic.now
        statistics?.begin(now: began)
        let end = follow()
        finish()
        view.ended(
            CallsView.Summary(
                end: end.rawValue, shown: shown, counts: earlier + counts.values, processes: sources.count,
                isRestored: isRestored, functions: functions, seconds: Double(Monotonic.now - began) / 1e9))
        if statistics.map({ $0.total > 0 }) ?? (shown > 0) { return }
        switch end {
        case .interrupted: throw ExitStatus.interrupted
        case .lost, .time, .limit: throw ExitStatus.targetUnavailable
        }
    }

    /// The chosen process must be had; one below it that cannot be had is named.
    private func open(_ pid: Int32, _ workers: Workers) throws {
        do throws(CallSource.Failure) { sources = [try CallSource(pid: pid, beside: [])] } catch {
            throw view.failed(error)
        }
        guard let depth = workers.depth else { return }
        for relative in ProcessFamily().pythons(below: pid, depth: depth) {
            do throws(CallSource.Failure) {
                sources.append(try CallSource(pid: relative.pid, beside: sources))
            } catch {
                view.skipped(relative.pid, error)
            }
        }
    }

    /// Throws unless at least one process is watched. What only some processes refuse is named.
    private func begin() throws {
        var refused: (CallSource, WatchRefusal)?
        var working: [CallSource] = []
        for source in sources {
            do throws(CallSource.Failure) {
                switch try source.start(watch) {
                case .watching(let functions, let failed):
                    if working.isEmpty {
                        self.functions = functions
                        view.started(functions, failed, processes: sources.count)
                    }
                    statistics?.expect(functions)
                    working.append(source)
                case .refused(let refusal): refused = refused ?? (source, refusal)
                }
            } catch {
                if source === sources.first, sources.count == 1 { throw view.failed(error) }
                view.skipped(source.pid, error)
            }
        }
        sources = working
        view.namesProcess = working.count > 1
        guard working.isEmpty else { return }
        if let refused { view.refused(refused.1) }
        throw ExitStatus.notApplied
    }

    /// Twenty milliseconds after a look that found something, up to 200 where nothing happens.
    private func follow() -> End {
        var pause: Int64 = 20
        while true {
            if Signals.isEnding { return .interrupted }
            if watch.limit >= 0, shown >= watch.limit { return .limit }
            if let deadline, Monotonic.now >= deadline { return .time }
            let before = shown
            look()
            show(statistics?.due(now: Monotonic.now))
            if sources.isEmpty { return .lost }
            pause = shown > before ? 20 : min(200, pause * 2)
            if watch.limit < 0 || shown < watch.limit { sleep(pause) }
        }
    }

    /// Milliseconds at most, in pieces, so that a signal or the deadline is noticed.
    private func sleep(_ milliseconds: Int64) {
        var left = milliseconds
        if let deadline { left = min(left, max(0, (deadline - Monotonic.now) / 1_000_000)) }
        while left > 0, !Signals.isEnding {
            usleep(UInt32(min(left, 20) * 1000))
            left -= 20
        }
    }

    /// Asks every process once; one that cannot be asked any more is named and left out.
    private func look() {
        var seen: [SeenCall] = []
        for source in sources {
            do throws(CallSource.Failure) {
                let answer = try source.drain(watch)
                if answer.isGone {
                    try again(source)
                } else {
                    seen += take(answer, of: source)
                }
            } catch {
                view.skipped(source.pid, error)
                sources.removeAll { $0 === source }
            }
        }
        show(seen)
    }

    /// A save has ended the probe: the new code is watched as the old one was, as soon as it runs what its file says.
    private func again(_ source: CallSource) throws(CallSource.Failure) {
        guard case .watching = try source.start(watch) else { return }
        saves[source.pid, default: 0] += 1
        if let last = counts.removeValue(forKey: source.pid) { earlier.append(last) }
    }

    /// In the order in which they ended, as many as are wanted.
    private func show(_ seen: [SeenCall]) {
        let room = watch.limit < 0 ? seen.count : max(0, watch.limit - shown)
        for one in SeenCall.fair(seen, room) {
            shown += 1
            view.call(one.call, pid: one.pid, save: one.save)
        }
    }

    /// A period of statistics is over; the limit counts periods.
    private func show(_ rows: [CallStatistics.Row]?) {
        guard let rows else { return }
        shown += 1
        for row in rows { view.statistics(row) }
    }

    /// Counters of an answer count from the start of the watch: one that has grown says that calls of this
    /// period were missed.
    private func take(_ answer: DrainAnswer, of source: CallSource) -> [SeenCall] {
        let last = counts[source.pid] ?? DrainAnswer()
        counts[source.pid] = answer
        let isComplete =
            !answer.isOverBudget && answer.unwatched <= last.unwatched && answer.dropped <= last.dropped
        statistics?.add(answer.costs, pid: source.pid, isComplete: isComplete)
        let save = saves[source.pid] ?? 0
        return answer.calls.map { SeenCall(call: $0, pid: source.pid, save: save) }
    }

    /// Takes the last records along, and puts the first code back everywhere.
    private func finish() {
        var seen: [SeenCall] = []
        for source in sources {
            do throws(CallSource.Failure) {
                let answer = try source.stop(watch)
                if !answer.isGone, answer.counted > 0 { seen += take(answer, of: source) }
                isRestored = isRestored && answer.isRestored
            } catch {
                isRestored = false
            }
        }
        show(seen)
        if shown < watch.limit || watch.limit < 0 { show(statistics?.taken()) }
    }
}
