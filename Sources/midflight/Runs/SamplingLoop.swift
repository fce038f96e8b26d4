import Reloader

/// Looks at processes again and again at a rate.
struct SamplingLoop {
    /// What looks.
    let sampler: ProcessSampler
    /// New processes are looked for below this one.
    let pid: Int32
    /// Looks in a second.
    let rate: Double

    /// Nanoseconds between two looks for new processes.
    private static let searchPause: Int64 = 1_000_000_000
    /// Nanoseconds between two questions what has become of the processes while one cannot be read.
    private static let reviewPause: Int64 = 50_000_000

    /// Calls `step` for every look that is due, until it says false, all processes have ended, or a signal asks for
    /// the end. `now`: nanoseconds of CLOCK_MONOTONIC.
    func run(_ step: (_ now: Int64) -> Bool) {
        var pace = LookPace(rate: rate, now: Monotonic.now)
        var (search, review) = (Monotonic.now + Self.searchPause, Monotonic.now)
        while !Signals.isEnding, !sampler.isEmpty {
            let now = Monotonic.now
            guard step(now) else { return }
            if now >= search || sampler.isFailing && now >= review {
                sampler.review(now: now)
                review = now + Self.reviewPause
            }
            if now >= search {
                sampler.addWorkers(below: pid)
                search = now + Self.searchPause
            }
            sampler.miss(pace.advance(now: Monotonic.now))
            wait(until: pace.next)
        }
    }

    /// In pieces, so that a signal is noticed.
    private func wait(until time: Int64) {
        while !Signals.isEnding {
            let left = time - Monotonic.now
            guard left > 0 else { return }
            Monotonic.nap(microseconds: Int(min(left, 50_000_000) / 1000 + 1))
        }
    }
}
