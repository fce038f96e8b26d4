/// Why a directory is compared with what is known of it.
enum Comparison: Sendable, Hashable {
    /// Events were lost: nanoseconds since 1970 when the last one was not. By ctime: mtime can be set at will.
    case changedSince(Int64)
    /// No events come from here.
    case polled
    /// It has another path now, so every file in it is new.
    case everything
    /// Only what the filter lets through now and did not before.
    case unknownOnly
}
