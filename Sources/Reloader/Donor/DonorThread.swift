import CLinuxShims
import Glibc
import SystemPackage

/// One attempt to start the agent on one thread of the target.
///
/// At every instant a kill of this process leaves the thread going on as if nothing had been: first through the signal
/// frame on its stack, later through the stub that is complete before it is started.
struct DonorThread: ~Copyable {
    enum Outcome {
        case fired(Scratch)
        /// This thread cannot be used now; another may.
        case unsuitable
        case execMemoryDenied
        case shadowStack
    }

    let target: Target
    /// Bytes of payload that the mapping must hold.
    let capacity: Int
    private let thread: TracedThread

    /// The thread must be stopped already.
    init(target: Target, capacity: Int, thread: consuming TracedThread) {
        self.target = target
        self.capacity = capacity
        self.thread = thread
    }

    private var memory: RemoteMemory { RemoteMemory(pid: target.pid) }

    /// `seen`: the call that /proc showed before the stop.
    consuming func fire(seen: BlockedCall?) -> Outcome {
        guard let raw = thread.registers(), let mask = thread.signalMask() else { return .unsuitable }
        let stop = Host.stop(raw, seen: seen, memory: memory)
        guard stop.suitability != nil,
            mask == 0 || !SignalHandlerProbe.isRunning(raw, target: target, memory: memory)
        else {
            // The target may have gone meanwhile, which is no concern of ours.
            if stop.mustBeResumed { _ = thread.setRegisters(stop.resumed) }
            return .unsuitable
        }
        if thread.hasShadowStack {
            if stop.mustBeResumed { _ = thread.setRegisters(stop.resumed) }
            return .shadowStack
        }
        guard let extended = thread.extendedState(),
            let frame = Host.signalFrame(
                of: stop, extended: extended, signalMask: mask, restorer: target.symbols.places.restorer),
            frame.parts.allSatisfy({ memory.write($0.bytes, at: $0.address) })
        else { return .unsuitable }
        StageLog.shared.enter(.framed)
        let outcome = start(raw: raw, stop: stop, mask: mask, frame: frame)
        if case .fired = outcome { return outcome }
        _ = thread.setSignalMask(mask)
        _ = thread.setRegisters(stop.resumed)
        return outcome
    }

    private func start(
        raw: Host.Registers, stop: Stop<Host>, mask: UInt64, frame: SignalFrame
    ) -> Outcome {
        guard let scratch = makeScratch(raw: raw, frame: frame) else { return .unsuitable }
        StageLog.shared.enter(.mapped)
        let wayBack = Host.wayBack(stop, on: frame, at: target.symbols.places)
        guard let page = scratch.page(wayBack: wayBack, signalMask: mask, symbols: target.symbols),
            let code = scratch.code(wayBack: wayBack),
            memory.write(page, at: scratch.base), memory.write(code, at: scratch.codePage)
        else {
            unmap(scratch, raw: raw, frame: frame)
            return .unsuitable
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
            return .unsuitable
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

    private func makeScratch(raw: Host.Registers, frame: SignalFrame) -> Scratch? {
        let length = Scratch.length(capacity: capacity)
        let protection = UInt64(PROT_READ | PROT_WRITE)
        let flags = UInt64(MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE)
        guard let address = call(.mmap, [0, length, protection, flags, .max, 0], raw: raw, frame: frame),
            address > 0
        else { return nil }
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
