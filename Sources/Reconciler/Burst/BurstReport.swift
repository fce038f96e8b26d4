import Reloader

/// What became of one burst of saves in one process, and how long it took.
package struct BurstReport: Sendable {
    /// The process that it speaks of.
    package var pid: Int32
    /// Counts the bursts of a session from 1; the same in all processes of a service.
    package var id: Int
    /// What went in, and what did not.
    package var patch: PatchReport
    /// How long its stages took.
    package var timing = Timing()

    /// Nanoseconds.
    package struct Timing: Sendable, Hashable {
        /// The kernel's news of a save to the watcher's event.
        package var event: Int64 = 0
        /// Reading the saved files.
        package var read: Int64 = 0
        /// Scanning what was read, and comparing it with what runs.
        package var scan: Int64 = 0
        /// Deciding what can go in.
        package var plan: Int64 = 0
        /// Start of the attach to the agent's answer; 0 if the agent was still there.
        package var attach: Int64 = 0
        /// The compiler twin's work for all processes that are alike.
        package var compile: Int64 = 0
        /// Handing the request over, the attach apart.
        package var send: Int64 = 0
        /// Until the agent's thread has the interpreter's lock.
        package var wait: Int64 = 0
        /// The agent's work until all changes are in.
        package var pause: Int64 = 0
        /// Comparing what the process runs with what was sent.
        package var verify: Int64 = 0
        /// The agent's answer on its way.
        package var reply: Int64 = 0
        /// The watcher's event to the moment from which calls run the new code; 0 if there is none.
        package var visible: Int64 = 0
        /// The watcher's event to the verified answer.
        package var total: Int64 = 0
    }
}

extension BurstReport.Timing {
    /// What was measured, in the order in which it happened.
    package var stages: [(name: String, nanoseconds: Int64)] {
        // An attach takes the request with it.
        let sending = attach > 0 ? [("attach", attach)] : [("send", send), ("wait", wait)]
        let all =
            [("event", event), ("read", read), ("scan", scan), ("plan", plan), ("compile", compile)] + sending
            + [("pause", pause), ("verify", verify), ("reply", reply), ("visible", visible)]
        return all.filter { $0.1 > 0 }.map { (name: $0.0, nanoseconds: $0.1) }
    }
}
