import Glibc

/// A program's file that is open for writing: execve(2) says ETXTBSY. It is being installed or saved, or a process that
/// was forked meanwhile has the writer's descriptor until its own exec: an instant, as a rule.
enum BusyProgram {
    /// Milliseconds for which it is tried again.
    static let patience: Int64 = 500

    /// `start`: tries to start the program; an errno, 0 if it runs. Returns the last one.
    static func started(_ start: () -> Int32) -> Int32 {
        var status = start()
        guard status == ETXTBSY else { return status }
        _ = Monotonic.wait(milliseconds: patience, every: 2000) {
            status = start()
            return status != ETXTBSY
        }
        return status
    }
}
