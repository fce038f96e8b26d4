import SystemPackage

/// The threads of a target that may be borrowed, best first.
struct DonorSearch {
    let target: Target

    struct Candidate {
        let thread: Int32
        /// What it waited in when we looked.
        let call: BlockedCall
        let suitability: Suitability
        var isMain: Bool
    }

    /// Endless waits before timed ones, timed epoll last; within each the main thread last.
    func candidates() -> [Candidate] {
        target.procFS.threadIDs(target.pid).compactMap { thread -> Candidate? in
            guard let text = try? target.procFS.text(target.pid, "task/\(thread)/syscall"),
                let call = BlockedCall(text: text), let suitability = Host.suitability(of: call),
                isInterruptiblySleeping(thread), !isAgent(thread)
            else { return nil }
            return Candidate(
                thread: thread, call: call, suitability: suitability, isMain: thread == target.pid)
        }.sorted {
            ($0.suitability.rawValue, $0.isMain ? 1 : 0) < ($1.suitability.rawValue, $1.isMain ? 1 : 0)
        }
    }

    /// A thread in uninterruptible sleep would keep us waiting for its stop.
    private func isInterruptiblySleeping(_ thread: Int32) -> Bool {
        guard let line = try? target.procFS.text(target.pid, "task/\(thread)/stat") else { return false }
        return ProcessStat(line: line)?.state == "S"
    }

    /// An agent of ours, or of another midflight, that has not left yet.
    private func isAgent(_ thread: Int32) -> Bool {
        let name = try? target.procFS.text(target.pid, "task/\(thread)/comm")
        return name?.hasPrefix("midflight") ?? true
    }
}
