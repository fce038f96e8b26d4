/// A midflight that was stopped by a signal, by Ctrl-Z for instance: it keeps its processes and answers nobody.
///
/// It has let its agents go before it stopped (SIGTSTP), so that ending it by SIGKILL leaves nothing in a process. Any
/// other signal waits until it goes on.
package enum SuspendedHolder {
    /// Whether process `holder` is stopped by a signal now.
    package static func isSuspended(_ holder: Int32, procFS: ProcFS = ProcFS()) -> Bool {
        (try? procFS.stat(holder))?.state == "T"  // a holder that has ended is not suspended
    }

    /// Says what it is, without a full stop.
    package static func message(_ holder: Int32) -> String { "midflight \(holder) is suspended (Ctrl-Z)" }

    /// Says what ends that.
    package static func action(_ holder: Int32) -> String {
        "bring it back with fg, or end it: kill -KILL \(holder)"
    }
}
