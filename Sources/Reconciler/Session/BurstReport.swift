/// What became of one burst of saves in one process, and how long it took.
package struct BurstReport: Sendable {
    package var pid: Int32
    /// Counts the bursts of a session from 1; the same in all processes of a service.
    package var id: Int
    package var patch: PatchReport
    package var timing = Timing()

    /// Nanoseconds.
    package struct Timing: Sendable {
        /// Start of the attach to the agent's answer; 0 if the agent was still there.
        package var attach: Int64 = 0
        package var compile: Int64 = 0
        /// The watcher's event to the verified answer.
        package var total: Int64 = 0
    }
}
