/// Why a thread was not borrowed; another one may be, or the same one a moment later.
package enum DonorRefusal: Error, Sendable, Hashable {
    /// It waits in a system call of this number, and would notice the stop.
    case waits(call: Int)
    /// The handler may have interrupted anything, an allocator too.
    case signalHandler
    /// It runs code of libc, of the dynamic linker or of an allocator.
    case inLibrary(String)
    /// Something that libc or an allocator called.
    case callback
    /// Code of no file: a just-in-time compiler's; or a library that was loaded a moment ago.
    case unknownCode
    /// That of a library for coroutines, for example: what lies below its pointer may be in use.
    case foreignStack
    /// It may be in a sequence of instructions that the kernel starts again where it interrupts it.
    case restartable
    /// Too much of it would have to be searched.
    case deepStack
    /// Its state in /proc/PID/stat: uninterruptible, or stopped.
    case state(Character)
    /// Another process traces it.
    case traced(by: Int32)
    /// The kernel gives the process no memory: its limit, or its control group's.
    case noMemory
    /// It ran when we looked.
    case runs
    /// It ended, or could not be read.
    case gone
}

extension DonorRefusal {
    /// What the thread was seen doing, after "thread 1234".
    package var message: String {
        switch self {
        case .waits(let call): "waits in system call \(call), where a stop would be noticed"
        case .signalHandler: "is in a signal handler"
        case .inLibrary(let name): "runs code of \(name)"
        case .callback: "was called by libc or by an allocator"
        case .unknownCode: "runs code that belongs to no file"
        case .foreignStack: "runs on a stack that libc has not made"
        case .restartable: "is in a restartable sequence (rseq)"
        case .deepStack: "has a stack that is too deep to be searched"
        case .state(let letter): "is in state \(letter)"
        case .traced(let tracer): "is traced by process \(tracer)"
        case .noMemory: "cannot map 68 KiB of memory"
        case .runs: "had just begun to run"
        case .gone: "ended"
        }
    }
}
