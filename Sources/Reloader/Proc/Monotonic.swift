import Glibc

/// CLOCK_MONOTONIC in nanoseconds.
package enum Monotonic {
    package static var now: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }

    /// A short pause while waiting for another process; signals may end it early.
    static func nap(microseconds: Int) {
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
