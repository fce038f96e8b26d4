import CLinuxShims
import Glibc
import SystemPackage

/// One attempt to start the agent on one thread of the target.
///
/// At every instant a kill of this process leaves the thread going on as if nothing had been: first through the signal
/// frame on its stack, later through the stub that is complete before it is started.
struct DonorThread: ~Copyable {
    /// How an attempt with one thread ended.
    enum Outcome {
        /// The thread goes on without us; the mapping is the agent's from now on.
        case fired(Scratch)
        /// This thread cannot be used now; another may.
        case unsuitable(DonorRefusal)
        /// The kernel lets no page of the mapping become executable: another thread would get the same
        /// answer.
        case execMemoryDenied
        /// The thread was let go as it was.
        case shadowStack
    }

    /// The process of the thread.
    let target: Target
    /// Bytes of payload that the mapping must hold.
    let capacity: Int
    /// For threads that run; nil where only waiting ones are wanted.
    private let rule: RunningThreadRule?
    private let thread: TracedThread

    /// The thread must be stopped already.
    init(target: Target, capacity: Int, thread: consuming TracedThread, rule: RunningThreadRule?) {
        self.rule = rule
        self.target = target
        self.capacity = capacity
        self.thread = thread
    }

    private var memory: RemoteMemory { RemoteMemory(pid: target.pid) }

    /// `seen`: the call that /proc showed before the stop; nil for a thread that runs.
    consuming func fire(seen: BlockedCall?) -> Outcome {
        guard let raw = thread.registers(), let mask = thread.signalMask() else { return .unsuitable(.gone) }
        let stop = Host.stop(raw, seen: seen, memory: memory)
        if let refusal = refusal(stop, raw, mask) {
            // The target may have gone meanwhile, which is no concern of ours.
            if stop.mustBeResumed { _ = thread.setRegisters(stop.resumed) }
            return .unsuitable(refusal)
        }
        if thread.hasShadowStack {
            if stop.mustBeResumed { _ = thread.setRegisters(stop.resumed) }
            return .shadowStack
        }
        guard let extended = thread.extendedState(),
            let frame = Host.signalFrame(
                of: stop, extended: extended, signalMask: mask, restorer: target.symbols.places.restorer),
            frame.parts.allSatisfy({ memory.write($0.bytes, at: $0.address) })
        else { return .unsuitable(.gone) }
        StageLog.shared.enter(.framed)
        let outcome = start(raw: raw, stop: stop, mask: mask, frame: frame)
        if case .fired = outcome { return outcome }
        // Only a thread that has ended refuses these, and that needs them no more.
        _ = thread.setSignalMask(mask)
        _ = thread.setRegisters(stop.resumed)
        return outcome
    }

    /// Why this thread is left alone.
    private func refusal(_ stop: Stop<Host>, _ raw: Host.Registers, _ mask: UInt64) -> DonorRefusal? {
        if stop.suitability != nil {
            let isRunning = mask != 0 && SignalHandlerProbe.isRunning(raw, target: target, memory: memory)
            return isRunning ? .signalHandler : nil
        }
        guard stop.isRunning, let rule, let register = Host.threadPointer else {
            return stop.call.map { .waits(call: $0.number) } ?? .runs
        }
        if thread.isInRestartableSequence(memory) { return .restartable }
        let running = RunningThread(
            instruction: raw[Host.codePointer], stackPointer: raw[Host.stackPointer],
            threadPointer: raw[register],
            firstStack: thread.id == target.pid ? target.identity.startStack : nil)
        return rule.refusal(of: running, on: Host.self, memory: memory) {
            try? target.procFS.memoryMap(target.pid)
        }
    }

    private func start(
        raw: Host.Registers, stop: Stop<Host>, mask: UInt64, frame: SignalFrame
    ) -> Outcome {
        let scratch: Scratch
        do throws(DonorRefusal) { scratch = try makeScratch(raw: raw, frame: frame) } catch {
            return .unsuitable(error)
        }
        StageLog.shared.enter(.mapped)
        let wayBack = Host.wayBack(stop, on: frame, at: target.symbols.places)
        guard let page = scratch.page(wayBack: wayBack, signalMask: mask, symbols: target.symbols),
            let code = scratch.code(wayBack: wayBack),
            memory.write(page, at: scratch.base), memory.write(code, at: scratch.codePage)
        else {
            unmap(scratch, raw: raw, frame: frame)
            return .unsuitable(.gone)
        }
        let protection = UInt64(PROT_READ | PROT_EXEC)
        guard
            call(.mprotect, [scratch.codePage.value, Scratch.pageSize, protection], raw: raw, frame: frame)
                == 0
                || remapExecutable(scratch, code: code, raw: raw, frame: frame)
        else {
            unmap(scratch, raw: raw, frame: frame)
            return .execMemoryDenied
        }
        StageLog.shared.enter(.written)
        guard thread.setRegisters(scratch.entry(from: raw)), thread.setSignalMask(mask) else {
            return .unsuitable(.gone)
        }
        StageLog.shared.enter(.fired)
        return .fired(scratch)
    }

    /// Runs one system call on the thread; its stack pointer rests on the signal frame meanwhile.
    private func call(
        _ call: RemoteCall, _ arguments: [UInt64], raw: Host.Registers, frame: SignalFrame
    ) -> Int64? {
        guard frame.isSound(below: raw[Host.stackPointer], for: Host.self) else { return nil }
        let registers = Host.calling(
            call, arguments, from: raw, at: target.symbols.places, on: frame)
        // The mask only now: before this SETREGS a kill would leave a thread that is deaf for ever.
        guard thread.setRegisters(registers), thread.setSignalMask(.max) else { return nil }
        return thread.runSystemCall()
    }

    private func makeScratch(raw: Host.Registers, frame: SignalFrame) throws(DonorRefusal) -> Scratch {
        let length = Scratch.length(capacity: capacity)
        let protection = UInt64(PROT_READ | PROT_WRITE)
        let flags = UInt64(MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE)
        guard let address = call(.mmap, [0, length, protection, flags, .max, 0], raw: raw, frame: frame)
        else {
            throw .gone
        }
        guard address > 0 else { throw address == -Int64(ENOMEM) ? .noMemory : .gone }
        return Scratch(base: RemoteAddress(UInt64(address)), length: length)
    }

    /// Where policy forbids making written memory executable: a fresh executable page, filled through /proc/PID/mem.
    private func remapExecutable(_ scratch: Scratch, code: [UInt8], raw: Host.Registers, frame: SignalFrame)
        -> Bool
    {
        let protection = UInt64(PROT_READ | PROT_EXEC)
        let flags = UInt64(MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED)
        let mapped = call(
            .mmap, [scratch.codePage.value, Scratch.pageSize, protection, flags, .max, 0], raw: raw,
            frame: frame)
        guard mapped == Int64(scratch.codePage.value) else { return false }
        let descriptor = open(target.procFS.path(target.pid, "mem").string, O_RDWR | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        return pwrite(descriptor, code, code.count, off_t(scratch.codePage.value)) == code.count
    }

    private func unmap(_ scratch: Scratch, raw: Host.Registers, frame: SignalFrame) {
        _ = call(.munmap, [scratch.base.value, scratch.length], raw: raw, frame: frame)
    }
}
