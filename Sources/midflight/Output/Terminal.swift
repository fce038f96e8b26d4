import Glibc
import Synchronization

/// The process's own streams.
enum Terminal {
    /// What stays below everything else on standard error; empty for nothing.
    private static let status = Mutex("")
    /// To the first column, and erase to the end of the line (ECMA-48's EL).
    private static let clearLine = "\r\u{1b}[K"

    /// False if the reader has left.
    @discardableResult
    static func standardOutput(_ text: String) -> Bool { put(text, on: STDOUT_FILENO) }

    /// The reader of standard error may have left: that is no reason to stop.
    static func standardError(_ text: String) {
        status.withLock { status in
            _ = put(status.isEmpty ? text : clearLine + text + status, on: STDERR_FILENO)
        }
    }

    /// Replaces the status line: one line without its end, no longer than `columns`.
    static func setStatus(_ line: String) {
        status.withLock { status in
            guard line != status else { return }
            status = line
            _ = put(clearLine + line, on: STDERR_FILENO)
        }
    }

    /// While the terminal is another program's.
    static func hideStatus() {
        status.withLock { if !$0.isEmpty { _ = put(clearLine, on: STDERR_FILENO) } }
    }

    /// The terminal is ours again.
    static func showStatus() {
        status.withLock { if !$0.isEmpty { _ = put(clearLine + $0, on: STDERR_FILENO) } }
    }

    /// Takes the status line away, for good.
    static func endStatus() {
        if !status.withLock(\.isEmpty) { setStatus("") }
    }

    /// Of the terminal behind standard error; 80 where it does not say.
    static var columns: Int {
        var size = winsize()
        let isKnown = ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
        return isKnown ? Int(size.ws_col) : 80
    }

    /// A person sees standard error, on a terminal that can move its cursor.
    static var isInteractive: Bool {
        func variable(_ name: String) -> String { getenv(name).map { String(cString: $0) } ?? "" }
        return isatty(STDERR_FILENO) == 1 && !["", "dumb"].contains(variable("TERM"))
            && variable("CI").isEmpty
    }

    /// Ends midflight; nothing of it runs after this.
    static func exit(_ status: ExitStatus) -> Never { Glibc.exit(status.rawValue) }

    /// A reader that went away ends the output, not the command: EPIPE is no error of ours.
    private static func put(_ text: String, on descriptor: Int32) -> Bool {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            if count > 0 { bytes = bytes.dropFirst(count) } else if errno != EINTR { return errno != EPIPE }
        }
        return true
    }
}
