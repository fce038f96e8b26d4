/// All threads of one process that run Python, at about one moment.
package struct ProcessStacks: Sendable, Hashable {
    package var pid: Int32
    /// As in "3.11".
    package var version: String
    package var threads: [ThreadStack]

    package init(pid: Int32, version: String, threads: [ThreadStack]) {
        self.pid = pid
        self.version = version
        self.threads = threads
    }
}
