import SystemPackage

/// The threads of a target that may be borrowed, best first.
struct DonorSearch {
    /// The process whose threads are looked at.
    let target: Target

    /// A thread that may be borrowed, as /proc shows it.
    struct Candidate {
        /// As gettid(2) gives it.
        let thread: Int32
        /// What it waited in when we looked.
        let call: BlockedCall
        /// Decides the order in which threads are tried.
        let suitability: Suitability
        /// Of two threads that suit equally well the other one is tried first.
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

    /// Threads that run, the first one last: they are borrowed where none waits.
    func running() -> [Int32] {
        target.procFS.threadIDs(target.pid).filter { thread in
            guard let text = try? target.procFS.text(target.pid, "task/\(thread)/syscall") else {
                return false
            }
            return text.hasPrefix("running") && state(of: thread) == "R" && !isAgent(thread)
        }.sorted { ($0 == target.pid ? 1 : 0, $0) < ($1 == target.pid ? 1 : 0, $1) }
    }

    /// What the threads are doing that were not even stopped, for the message that says why none was borrowed.
    func refusals() -> [(thread: Int32, DonorRefusal)] {
        target.procFS.threadIDs(target.pid).filter { !isAgent($0) }.map { thread in
            let state = state(of: thread) ?? "X"
            if state != "S", state != "R" { return (thread, .state(state)) }
            guard let text = try? target.procFS.text(target.pid, "task/\(thread)/syscall") else {
                return (thread, .gone)
            }
            return (thread, BlockedCall(text: text).map { .waits(call: $0.number) } ?? .runs)
        }
    }

    private func state(of thread: Int32) -> Character? {
        (try? target.procFS.text(target.pid, "task/\(thread)/stat")).flatMap(ProcessStat.init(line:))?.state
    }

    /// A thread in uninterruptible sleep would keep us waiting for its stop.
    private func isInterruptiblySleeping(_ thread: Int32) -> Bool {
        state(of: thread) == "S"
    }

    /// An agent of ours, or of another midflight, that has not left yet.
    private func isAgent(_ thread: Int32) -> Bool {
        let name = try? target.procFS.text(target.pid, "task/\(thread)/comm")
        return name?.hasPrefix("midflight") ?? true
    }
}
