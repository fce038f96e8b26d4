import Glibc

/// Relates a process's start to the time stamps of files.
package enum ProcessClock {
    /// Nanoseconds of CLOCK_REALTIME at which a process with `startTime` (clock ticks after boot) began, at the
    /// earliest.
    ///
    /// A tick is 10 ms; a clock that was set since the boot shifts the result by as much.
    package static func realTime(startTime: UInt64) -> Int64 {
        let ticks = Int64(sysconf(Int32(_SC_CLK_TCK)))
        let sinceBoot = Int64(startTime) * (1_000_000_000 / max(1, ticks))
        return now(CLOCK_REALTIME) - now(CLOCK_BOOTTIME) + sinceBoot
    }

    /// Nanoseconds since 1970: the clock that file times are in.
    package static var realTimeNow: Int64 { now(CLOCK_REALTIME) }

    /// Nanoseconds; which moment they count from depends on the clock (clock_gettime(2)).
    private static func now(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
