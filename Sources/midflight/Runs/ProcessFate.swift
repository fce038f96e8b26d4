import Reloader

/// What has become of a process that is looked at from outside.
enum ProcessFate: Sendable, Hashable {
    /// It is to be looked at as before.
    case same
    /// It is gone or a zombie, or its pid is another process's by now.
    case ended
    /// It executes another program (execve(2)), perhaps the same file once more.
    case replaced
    /// It lives, and its memory has not been understood for too long.
    case unreadable

    /// Nanoseconds: an interpreter that begins or ends cannot be read for some time.
    private static let patience: Int64 = 3_000_000_000

    /// `was`: when the looks began; `now`: nil where there is no such process. `failing`: nanoseconds for which no
    /// look has succeeded.
    init(was: ProcessStat, now: ProcessStat?, failing: Int64) {
        guard let now, now.startTime == was.startTime, !now.hasEnded else {
            self = .ended
            return
        }
        // Of a first thread that is a zombie both are 0.
        let isOther = now.startCode != was.startCode || now.startStack != was.startStack
        if isOther, !now.isLosingFirstThread {
            self = .replaced
        } else {
            self = failing > Self.patience ? .unreadable : .same
        }
    }
}
