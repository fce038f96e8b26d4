import Glibc

/// CLOCK_MONOTONIC in nanoseconds.
package enum Monotonic {
    /// Nanoseconds since a moment before this process began; the clock stands still while the machine sleeps.
    package static var now: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }

    /// Milliseconds from `now` until `deadline`, both in nanoseconds; 0 where it is over. Rounded up: a wait that
    /// ends too early finds nothing to do and waits again.
    package static func milliseconds(until deadline: Int64, now: Int64) -> Int64 {
        max(0, (deadline - now + 999_999) / 1_000_000)
    }

    /// A short pause while waiting for another process; signals may end it early.
    package static func nap(microseconds: Int) {
        var time = timespec(tv_sec: 0, tv_nsec: microseconds * 1000)
        nanosleep(&time, nil)
    }

    /// Asks `condition` every `interval` microseconds until it holds or `limit` milliseconds are over.
    static func wait(milliseconds limit: Int64, every interval: Int, until condition: () -> Bool) -> Bool {
        let deadline = now + limit * 1_000_000
        while !condition() {
            if now >= deadline { return false }
            nap(microseconds: interval)
        }
        return true
    }
}
