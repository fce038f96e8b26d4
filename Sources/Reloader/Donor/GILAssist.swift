import Glibc

/// Helps the agent to the GIL in a process where a thread gives it up for microseconds only, but often.
///
/// Such a thread (computing, with small writes: logging) starves every newcomer: `take_gil` is woken by each release,
/// finds the GIL taken again, and so never waits long enough to ask for it. At the entry of a system call that
/// releases it the GIL is free: the thread is held there, for two milliseconds at most, until the agent has it. No
/// register is touched, and a midflight that is killed meanwhile harms nothing: the kernel lets the thread go on.
struct GILAssist {
    /// The process that the agent waits in.
    let target: Target

    /// Milliseconds that one thread is watched, and that it is held at one call.
    private static let watch: Int64 = 15
    private static let hold: Int64 = 2
    /// Where more threads compute, each gets its turn from CPython's own scheduler.
    private static let mostThreads = 3

    /// Each thread that runs is watched once, until `isDone`.
    func help(until isDone: () -> Bool) {
        let running = DonorSearch(target: target).running()
        guard running.count <= Self.mostThreads else { return }
        for id in running where !isDone() { hold(id, until: isDone) }
    }

    private func hold(_ id: Int32, until isDone: () -> Bool) {
        guard let thread = try? TracedThread(seizing: id, of: target), thread.interrupt() == .stopped else {
            return  // it has ended, or is stopped by somebody else: then it holds nothing up
        }
        restart(thread)
        let end = Monotonic.now + Self.watch * 1_000_000
        while Monotonic.now < end, !isDone() {
            switch thread.runToSystemCall(by: end) {
            case .entry: _ = Monotonic.wait(milliseconds: Self.hold, every: 50, until: isDone)
            case .exit: continue
            case .stopped, .gone: return
            case .running:
                // It can be let go only where it is stopped: ptrace(2).
                if thread.interrupt() == .stopped { restart(thread) }
                return
            }
        }
        restart(thread)
    }

    /// A call that only our stop interrupted is entered again.
    private func restart(_ thread: borrowing TracedThread) {
        guard let registers = thread.registers() else { return }
        let stop = Host.stop(registers, seen: nil, memory: RemoteMemory(pid: target.pid))
        if stop.mustBeResumed { _ = thread.setRegisters(stop.resumed) }
    }
}
