import Glibc
import SystemPackage

/// Which threads of a process are on a processor or ready for one, by the kernel's word.
///
/// A thread's file stays open from look to look: to open it costs several times more than to read it again.
final class RunningThreads {
    private let pid: Int32
    private let procFS: ProcFS
    private var files: [Int32: FileDescriptor] = [:]
    private var buffer = [UInt8](repeating: 0, count: 256)

    /// More threads than these are looked at without a file that stays open: descriptors are few.
    private static let mostFiles = 256

    /// Opens nothing yet.
    init(pid: Int32, procFS: ProcFS) {
        self.pid = pid
        self.procFS = procFS
    }

    deinit { forget() }

    /// Closes all files: the threads are other ones now.
    func forget() {
        for file in files.values { try? file.close() }  // read-only: nothing can be lost
        files = [:]
    }

    /// Nil for a thread that is gone.
    func isRunning(_ id: Int32) -> Bool? {
        if let file = files[id] { return state(in: file).map { $0 == UInt8(ascii: "R") } }
        // Why it cannot be opened is no matter: nothing is known of the thread then.
        guard
            let file = try? FileDescriptor.open(
                procFS.path(pid, "task/\(id)/stat"), .readOnly, options: [.closeOnExec])
        else { return nil }
        defer {
            if files.count < Self.mostFiles { files[id] = file } else { try? file.close() }  // read-only
        }
        return state(in: file).map { $0 == UInt8(ascii: "R") }
    }

    /// The letter behind the name, which is in parentheses and may itself contain some; what follows contains none.
    private func state(in file: FileDescriptor) -> UInt8? {
        let count = buffer.withUnsafeMutableBytes { pread(file.rawValue, $0.baseAddress, $0.count, 0) }
        guard count > 0, let close = buffer[..<count].lastIndex(of: UInt8(ascii: ")")), close + 2 < count
        else { return nil }
        return buffer[close + 2]
    }
}
