import Glibc

/// The process's own streams.
enum Terminal {
    /// False if the reader has left.
    @discardableResult
    static func standardOutput(_ text: String) -> Bool { put(text, on: STDOUT_FILENO) }
    static func standardError(_ text: String) { _ = put(text, on: STDERR_FILENO) }

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
