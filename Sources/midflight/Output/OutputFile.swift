import Glibc

/// A file that one command writes as a whole, in place of what was there.
struct OutputFile {
    /// As the user wrote it.
    private let path: String

    /// Why the file cannot be written.
    struct Failure: Error {
        /// An errno.
        var number: Int32
    }

    /// Opens nothing yet.
    init(_ path: String) { self.path = path }

    /// Throws what `write` would fail with now; changes nothing. What takes long is not begun for a file that cannot be
    /// written.
    func check() throws(Failure) {
        var status = stat()
        guard stat(path, &status) != 0 else {
            if status.st_mode & S_IFMT == S_IFDIR { throw Failure(number: EISDIR) }
            if access(path, W_OK) != 0 { throw Failure(number: errno) }
            return
        }
        let directory = path.lastIndex(of: "/").map { path[...$0] } ?? ""
        if access(directory + ".", W_OK | X_OK) != 0 { throw Failure(number: errno) }
    }

    /// Replaces what the file holds.
    func write(_ text: String) throws(Failure) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOCTTY, 0o644)
        guard descriptor >= 0 else { throw Failure(number: errno) }
        defer { close(descriptor) }
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count > 0 {
                bytes = bytes.dropFirst(count)
            } else if errno != EINTR {
                throw Failure(number: errno)
            }
        }
    }
}
