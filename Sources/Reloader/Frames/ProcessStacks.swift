/// All threads of one process that run Python, at about one moment.
package struct ProcessStacks: Sendable, Hashable {
    /// The process that was read.
    package var pid: Int32
    /// As in "3.11".
    package var version: String
    /// Those that run Python. One that is in C code of a library, and has never run Python, is not among them.
    package var threads: [ThreadStack]

    /// Makes what was read; the threads are shown in this order.
    package init(pid: Int32, version: String, threads: [ThreadStack]) {
        self.pid = pid
        self.version = version
        self.threads = threads
    }
}
