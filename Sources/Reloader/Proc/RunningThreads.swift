import Glibc
import SystemPackage

/// Which threads of a process are on a processor or ready for one, by the kernel's word.
///
/// A thread's files stay open from look to look: to open one costs several times more than to read it again.
/// Whether a thread that slept has run since is told by `schedstat`, which is read in a third of the time
/// that `stat` takes; the kernel counts there from the moment in which the thread is on a processor.
final class RunningThreads {
    /// What is known of one thread.
    private final class Entry {
        /// `stat`; nil where it does not stay open.
        var state: FileDescriptor?
        /// `schedstat`; nil where it does not stay open, or the kernel does not count.
        var times: FileDescriptor?
        /// What `schedstat` said before the thread was seen asleep; empty if it was not.
        var asleep: [UInt8] = []
        var wasRunning = false
    }

    private let pid: Int32
    private let procFS: ProcFS
    private var entries: [Int32: Entry] = [:]
    private var buffer = [UInt8](repeating: 0, count: 256)

    /// More threads than these are looked at without files that stay open: descriptors are few.
    private static let mostThreads = 128
    /// What a kernel says that does not count.
    private static let nothing = Array("0 0 0\n".utf8)

    /// Opens nothing yet.
    init(pid: Int32, procFS: ProcFS) {
        self.pid = pid
        self.procFS = procFS
    }

    deinit { forget() }

    /// Closes all files: the threads are other ones now.
    func forget() {
        for entry in entries.values {
            // Read-only: nothing can be lost.
            try? entry.state?.close()
            try? entry.times?.close()
        }
        entries = [:]
    }

    /// Nil for a thread that is gone.
    func isRunning(_ id: Int32) -> Bool? {
        guard let entry = entries[id] ?? entry(of: id) else {
            guard let file = open(id, "stat") else { return nil }
            defer { try? file.close() }  // read-only
            return state(in: file).map { $0 == UInt8(ascii: "R") }
        }
        var times = 0
        if !entry.wasRunning, let file = entry.times {
            times = read(file)
            if times > 0, times == entry.asleep.count, entry.asleep.elementsEqual(buffer[..<times]) {
                return false
            }
        }
        // Before the state is read: what runs in between is noticed the next time.
        let before = times > 0 ? Array(buffer[..<times]) : []
        guard let file = entry.state, let state = state(in: file) else { return nil }
        entry.wasRunning = state == UInt8(ascii: "R")
        entry.asleep = entry.wasRunning || before == Self.nothing ? [] : before
        return entry.wasRunning
    }

    /// Nil if there are too many, or the thread is gone.
    private func entry(of id: Int32) -> Entry? {
        guard entries.count < Self.mostThreads, let state = open(id, "stat") else { return nil }
        let entry = Entry()
        (entry.state, entry.times) = (state, open(id, "schedstat"))
        entries[id] = entry
        return entry
    }

    /// Why it cannot be opened is no matter: nothing is known of the thread then.
    private func open(_ id: Int32, _ name: String) -> FileDescriptor? {
        try? FileDescriptor.open(procFS.path(pid, "task/\(id)/\(name)"), .readOnly, options: [.closeOnExec])
    }

    /// Bytes that are in the buffer now.
    private func read(_ file: FileDescriptor) -> Int {
        buffer.withUnsafeMutableBytes { pread(file.rawValue, $0.baseAddress, $0.count, 0) }
    }

    /// The letter behind the name, which is in parentheses and may itself contain some; what follows contains
    /// none.
    private func state(in file: FileDescriptor) -> UInt8? {
        let count = read(file)
        guard count > 0, let close = buffer[..<count].lastIndex(of: UInt8(ascii: ")")), close + 2 < count
        else { return nil }
        return buffer[close + 2]
    }
}
