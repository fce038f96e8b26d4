import Glibc
import Reconciler

/// The form of systemd's journal: it has a clock of its own, and takes a priority in front of a line (sd-daemon(3)).
enum Journal {
    /// As syslog(3) counts.
    enum Priority: Int { case error = 3, warning = 4, information = 6 }

    /// systemd names the stream that it has connected to its journal, by device and inode, in JOURNAL_STREAM.
    static func isBehind(_ descriptor: Int32) -> Bool {
        var status = stat()
        guard let stream = getenv("JOURNAL_STREAM"), fstat(descriptor, &status) == 0 else { return false }
        return String(cString: stream) == "\(status.st_dev):\(status.st_ino)"
    }

    /// Each line with its priority in front, which journald takes off (sd-daemon(3)).
    static func lines(_ text: String, _ priority: Priority) -> String {
        text.split(separator: "\n").map { "<\(priority.rawValue)>\($0)\n" }.joined()
    }
}

extension SessionEvent {
    /// How much an event matters.
    var priority: Journal.Priority {
        switch self {
        case .failed, .refused, .unattached, .lost: .error
        case .burst, .notice, .ended, .command: isComplaint ? .warning : .information
        case .attached, .ready, .joined, .change, .overflow, .left, .waiting, .back, .otherFiles, .signalled,
            .staleMount, .detached, .reconfigured, .paused, .resumed:
            .information
        }
    }
}
