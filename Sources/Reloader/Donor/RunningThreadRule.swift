/// Whether a thread that runs may be borrowed: made before it is stopped, asked while it is.
///
/// What we run on it calls pthread_create(3), which allocates memory and takes locks of libc. That is right where the
/// thread itself could have called it: nowhere inside of libc, the dynamic linker or an allocator, whose locks it may
/// hold. In the interpreter's own module it cannot be inside of them: neither calls Python while it holds a lock that
/// pthread_create(3) takes (malloc's arenas, the cache of stacks, the default attributes), and the module was loaded
/// long ago. An allocator of the program's own is looked for on the stack. Of a thread that is in another module the
/// whole stack is searched for a call out of libc or the linker, which may be in the middle of loading that module.
package struct RunningThreadRule: Sendable {
    /// Executable mappings of libc, the dynamic linker, and modules that define `malloc`.
    private let forbidden: [Range<UInt64>]
    /// Those of them that are neither libc nor the linker.
    private let allocators: [Range<UInt64>]
    private let map: MemoryMap
    /// The file that has the evaluation loop: libpython, or the program itself.
    private let interpreter: String?
    private let restorer: RemoteAddress

    /// What we push is a signal frame, 11 KiB where the processor has AMX registers.
    private static let room: UInt64 = 32 * 1024
    /// How much of a stack is searched while its thread is stopped.
    private static let depth: UInt64 = 512 * 1024
    /// The frames of `_start` and of libc's call of `main` lie within this.
    private static let firstFrames: UInt64 = 512
    /// Return addresses into libc on the stack of a thread that libc started: in clone(2), and in the function that
    /// it calls.
    private static let threadFrames = 2

    /// Reads the map once. All of it is facts of a process that is stopped.
    package init(
        map: MemoryMap, evaluationLoop: Range<UInt64>, restorer: RemoteAddress, memory: some MemorySource
    ) {
        self.map = map
        interpreter = map.region(containing: evaluationLoop.lowerBound)?.name
        self.restorer = restorer
        var bases: [String: UInt64] = [:]
        for region in map.regions where region.fileOffset == 0 && region.name.hasPrefix("/") {
            bases[region.name] = bases[region.name] ?? region.range.lowerBound
        }
        var kinds: [String: Kind] = [:]
        var forbidden: [Range<UInt64>] = []
        var allocators: [Range<UInt64>] = []
        for region in map.regions where region.isExecutable && region.name.hasPrefix("/") {
            let kind =
                kinds[region.name] ?? Self.kind(of: region, base: bases[region.name], memory: memory)
            kinds[region.name] = kind
            if kind != .plain { forbidden.append(region.range) }
            if kind == .allocator { allocators.append(region.range) }
        }
        (self.forbidden, self.allocators) = (forbidden, allocators)
    }

    private enum Kind { case plain, libc, allocator }

    private static func kind(
        of region: MemoryMap.Region, base: UInt64?, memory: some MemorySource
    ) -> Kind {
        let name = region.baseName
        if ["libc.so", "libc-", "ld-", "libpthread", "libc.musl"].contains(where: { name.hasPrefix($0) }) {
            return .libc
        }
        guard let base, let image = try? ELFImage(base: RemoteAddress(base), memory: memory) else {
            return .allocator  // it cannot be told what it is
        }
        return image.symbol("malloc", memory: memory) == nil ? .plain : .allocator
    }

    /// Why the thread must be left alone; nil if it may be borrowed. `current`: the mappings now, asked for only
    /// where they count.
    package func refusal<Architecture: Machine>(
        of thread: RunningThread, on: Architecture.Type, memory: some MemorySource, current: () -> MemoryMap?
    ) -> DonorRefusal? {
        guard let code = map.region(containing: thread.instruction), code.isExecutable,
            code.name.hasPrefix("/")
        else { return .unknownCode }
        if forbidden.contains(where: { $0.contains(thread.instruction) }) {
            return .inLibrary(String(code.baseName))
        }
        let isPython = code.name == interpreter
        guard let top = stackTop(of: thread) else { return .foreignStack }
        guard top - thread.stackPointer <= Self.depth || isPython else { return .deepStack }
        let start = thread.stackPointer & ~7
        guard let stack = memory.read(RemoteAddress(start), count: Int(min(top - start, Self.depth) & ~7))
        else {
            return .foreignStack
        }
        let isRunningHandler = Architecture.holdsSignalFrame(stack, from: start, restorer: restorer) {
            map.region(containing: $0)?.isExecutable == true
        }
        if isRunningHandler { return .signalHandler }
        let calls = callsOut(of: isPython ? allocators : forbidden, in: stack) {
            Architecture.isReturnAddress($0, memory: memory)
        }
        if isPython { return calls.isEmpty ? nil : .callback }
        let isInside =
            thread.firstStack.map { first in calls.contains { start + $0 < first - Self.firstFrames } }
            ?? (calls.count > Self.threadFrames)
        if isInside { return .callback }
        return current()?.code == map.code ? nil : .unknownCode  // something was loaded since
    }

    /// The end of the stack at which it begins; nil if this is not the stack that libc gave the thread, or has no room.
    ///
    /// Goroutines and other coroutines run on small stacks of their own, where a frame of ours would not fit.
    private func stackTop(of thread: RunningThread) -> UInt64? {
        guard let region = map.region(containing: thread.stackPointer) else { return nil }
        let top = thread.firstStack ?? thread.threadPointer
        guard region.range.contains(top), thread.stackPointer < top else { return nil }
        // The first thread's stack grows when it is used.
        guard thread.firstStack != nil || thread.stackPointer - region.range.lowerBound >= Self.room else {
            return nil
        }
        return top
    }

    /// Where on the stack there are return addresses into `ranges`, as offsets.
    private func callsOut(
        of ranges: [Range<UInt64>], in stack: [UInt8], isReturnAddress: (UInt64) -> Bool
    ) -> [UInt64] {
        guard let lowest = ranges.map(\.lowerBound).min(), let highest = ranges.map(\.upperBound).max() else {
            return []
        }
        var found: [UInt64] = []
        stack.withUnsafeBytes { bytes in
            for offset in stride(from: 0, to: bytes.count - 7, by: 8) {
                let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
                if word >= lowest, word < highest, ranges.contains(where: { $0.contains(word) }),
                    isReturnAddress(word)
                {
                    found.append(UInt64(offset))
                }
            }
        }
        return found
    }
}

extension MemoryMap {
    /// The executable mappings of files: what changes when something is loaded or unloaded.
    fileprivate var code: [Range<UInt64>: String] {
        let code = regions.filter { $0.isExecutable && $0.name.hasPrefix("/") }
        return Dictionary(code.map { ($0.range, $0.name) }) { first, _ in first }
    }
}
