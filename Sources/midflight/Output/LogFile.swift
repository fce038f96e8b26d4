import Glibc

/// A file that lines are appended to; opened again when its name leads to another file, as after a rotation.
final class LogFile {
    /// Looked at before each line, to notice a rotation.
    private let path: String
    /// Opened with O_APPEND, so that several writers do not overwrite each other (open(2)).
    private var descriptor: Int32
    /// The last line could not be written, and that was told.
    private var isComplained = false

    /// Why the file cannot be written.
    struct Failure: Error {
        /// An errno.
        var number: Int32
    }

    /// Readable by its owner and group only: it names files and code.
    init(_ path: String) throws(Failure) {
        self.path = path
        descriptor = Self.open(path)
        guard descriptor >= 0 else { throw Failure(number: errno) }
    }

    deinit { close(descriptor) }

    /// -1 with errno if that fails.
    private static func open(_ path: String) -> Int32 {
        Glibc.open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY, 0o640)
    }

    /// False the first time that something could not be written.
    func append(_ text: String) -> Bool {
        reopen()
        let bytes = Array(text.utf8)
        let count = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
        defer { isComplained = count != bytes.count }
        return count == bytes.count || isComplained
    }

    /// Keeps the old file where the new one cannot be opened.
    private func reopen() {
        var mine = stat()
        var named = stat()
        let isSame =
            fstat(descriptor, &mine) == 0 && stat(path, &named) == 0 && mine.st_ino == named.st_ino
            && mine.st_dev == named.st_dev
        guard !isSame else { return }
        let new = Self.open(path)
        guard new >= 0 else { return }
        close(descriptor)
        descriptor = new
    }
}
