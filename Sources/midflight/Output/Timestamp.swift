import Glibc

/// The time of day, for people and for programs.
enum Timestamp {
    /// RFC 3339 in UTC with milliseconds, as `2026-11-22T08:00:01.123Z`.
    static func universal() -> String {
        let (time, milliseconds) = now()
        var seconds = time
        var parts = tm()
        gmtime_r(&seconds, &parts)
        return "\(parts.tm_year + 1900)-\(two(parts.tm_mon + 1))-\(two(parts.tm_mday))T"
            + "\(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec)).\(three(milliseconds))Z"
    }

    /// Local `08:00:01`.
    static func local() -> String {
        var seconds = now().0
        var parts = tm()
        localtime_r(&seconds, &parts)
        return "\(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec))"
    }

    /// Local `08:00:01.123` of a moment in seconds since 1970.
    static func local(_ moment: Double) -> String {
        let (parts, milliseconds) = local(parts: moment)
        return "\(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec)).\(three(milliseconds))"
    }

    /// Local `2026-11-22 08:00:01:123`, as PyFlightProfiler writes it.
    static func dated(_ moment: Double) -> String {
        let (parts, milliseconds) = local(parts: moment)
        return "\(parts.tm_year + 1900)-\(two(parts.tm_mon + 1))-\(two(parts.tm_mday)) "
            + "\(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec)):\(three(milliseconds))"
    }

    /// A moment before 1970 counts as 1970. The second part is milliseconds.
    private static func local(parts moment: Double) -> (tm, Int) {
        let whole = max(0, moment)
        var seconds = time_t(whole)
        var parts = tm()
        localtime_r(&seconds, &parts)
        return (parts, Int((whole - Double(seconds)) * 1000))
    }

    /// Seconds since 1970, and milliseconds, cut.
    private static func now() -> (time_t, Int) {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return (time.tv_sec, time.tv_nsec / 1_000_000)
    }

    /// With a zero in front below 10.
    private static func two(_ value: Int32) -> String { value < 10 ? "0\(value)" : "\(value)" }
    /// 0 to 999, with zeros in front.
    private static func three(_ value: Int) -> String { String(String(1000 + value).dropFirst()) }
}
