import Glibc
import Reconciler
import Reloader

/// Shows the calls of some functions until there were enough, the time is over, or its user ends it.
///
/// Asking for what was recorded is what keeps a watch in force: a run that is killed or stopped leaves the functions with
/// their first code, three seconds later at most.
final class CallsRun {
    private enum End: String { case limit, time, interrupted, lost }

    private let watch: CallWatch
    private let view: CallsView
    /// CLOCK_MONOTONIC in nanoseconds; nil for no end.
    private let deadline: Int64?
    private var sources: [CallSource] = []
    private var counts: [Int32: DrainAnswer] = [:]
    private var shown = 0
    private var saves: [Int32: Int] = [:]
    private var isRestored = true
    /// Nil where the calls themselves are shown.
    private var statistics: CallStatistics?

    private static let grace = Signals.Grace(
        milliseconds: 1000, status: .interrupted,
        farewell: "ended while the process was busy; its functions get their first code back by themselves\n")

    /// Watches nothing yet. `seconds`: nil for no end. `period`: seconds of one line of statistics; nil to show each call.
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
        statistics?.begin(now: Monotonic.now)
        let end = follow()
        finish()
        view.ended(
            CallsView.Summary(
                end: end.rawValue, shown: shown, counts: Array(counts.values), processes: sources.count,
                isRestored: isRestored))
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

    private func begin() throws {
        var refused: (CallSource, WatchRefusal)?
        var working: [CallSource] = []
        for source in sources {
            do throws(CallSource.Failure) {
                switch try source.start(watch) {
                case .watching(let functions, let failed):
                    if working.isEmpty { view.started(functions, failed, processes: sources.count) }
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

    private func sleep(_ milliseconds: Int64) {
        var left = milliseconds
        if let deadline { left = min(left, max(0, (deadline - Monotonic.now) / 1_000_000)) }
        while left > 0, !Signals.isEnding {
            usleep(UInt32(min(left, 20) * 1000))
            left -= 20
        }
    }

    private func look() {
        for source in sources {
            do throws(CallSource.Failure) {
                let answer = try source.drain(watch)
                if answer.isGone {
                    try again(source)
                } else {
                    take(answer, of: source)
                }
            } catch {
                view.skipped(source.pid, error)
                sources.removeAll { $0 === source }
            }
        }
    }

    /// A save has ended the probe: the new code is watched as the old one was, as soon as it runs what its file says.
    private func again(_ source: CallSource) throws(CallSource.Failure) {
        if case .watching = try source.start(watch) { saves[source.pid, default: 0] += 1 }
    }

    /// A period of statistics is over; the limit counts periods.
    private func show(_ rows: [CallStatistics.Row]?) {
        guard let rows else { return }
        shown += 1
        for row in rows { view.statistics(row) }
    }

    private func take(_ answer: DrainAnswer, of source: CallSource) {
        let last = counts[source.pid] ?? DrainAnswer()
        counts[source.pid] = answer
        let isComplete =
            !answer.isOverBudget && answer.unwatched <= last.unwatched && answer.dropped <= last.dropped
        statistics?.add(answer.costs, pid: source.pid, isComplete: isComplete)
        for call in answer.calls where watch.limit < 0 || shown < watch.limit {
            shown += 1
            view.call(call, pid: source.pid, save: saves[source.pid] ?? 0)
        }
    }

    private func finish() {
        for source in sources {
            do throws(CallSource.Failure) {
                let answer = try source.stop(watch)
                if !answer.isGone, answer.counted > 0 { take(answer, of: source) }
                isRestored = isRestored && answer.isRestored
            } catch {
                isRestored = false
            }
        }
        if shown < watch.limit || watch.limit < 0 { show(statistics?.taken()) }
    }
}
