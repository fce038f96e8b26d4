import Reloader
import Testing

@Suite("Which threads that run may be borrowed")
struct RunningThreadRuleTests {
    /// A process in an array: python at 0x10000 (its loop from 0x11000 on), a library, libc, the first thread's stack, and
    /// one that libc gave another thread. None of the files can be read, so the rule takes what it cannot tell for an
    /// allocator; `plain` are images that define nothing.
    private struct Process: MemorySource {
        static let maps = """
            00010000-00020000 r-xp 00000000 00:00 1 /usr/bin/python3
            00030000-00040000 r-xp 00000000 00:00 2 /usr/lib/libfast.so
            00050000-00060000 r-xp 00000000 00:00 3 /usr/lib/libc.so.6
            00070000-00080000 r-xp 00000000 00:00 4 /usr/lib/libjemalloc.so.2
            00090000-000a0000 r-xp 00000000 00:00 0
            7f0000000000-7f0000800000 rw-p 00000000 00:00 0
            7fff00000000-7fff00100000 rw-p 00000000 00:00 0 [stack]

            """
        var words: [UInt64: UInt64] = [:]
        static let firstStack: UInt64 = 0x7fff_000f_f000
        static let threadPointer: UInt64 = 0x7f00_007f_f000

        func read(_ address: RemoteAddress, count: Int) -> [UInt8]? {
            let bases: [UInt64] = [0x10000, 0x30000]
            for base in bases where address.value >= base && address.value < base + 0x1000 {
                return Self.slice(Self.emptyImage, at: Int(address.value - base), count: count)
            }
            guard address.value >= 0x50000, address.value < 0x80000 || address.value >= 0x7f00_0000_0000
            else {
                return nil
            }
            if address.value < 0x80000 {
                return Self.slice([0xff, 0xff, 0xe8, 1, 2, 3, 4], at: 0, count: count)
            }
            return (0..<count).map { index in
                let place = address.value + UInt64(index)
                return UInt8(truncatingIfNeeded: (words[place & ~7] ?? 0) >> (place & 7 * 8))
            }
        }

        private static func slice(_ bytes: [UInt8], at offset: Int, count: Int) -> [UInt8]? {
            offset + count <= bytes.count ? Array(bytes[offset..<(offset + count)]) : nil
        }

        /// An ELF image with an empty hash table.
        private static let emptyImage: [UInt8] = {
            var bytes = [UInt8](repeating: 0, count: 0x1000)
            func put(_ value: UInt64, _ count: Int, at offset: Int) {
                for index in 0..<count {
                    bytes[offset + index] = UInt8(truncatingIfNeeded: value >> (index * 8))
                }
            }
            bytes.replaceSubrange(0..<5, with: [0x7f, 0x45, 0x4c, 0x46, 2])
            put(64, 8, at: 32)
            put(2, 2, at: 56)
            put(1, 4, at: 64)
            put(2, 4, at: 120)
            put(0x200, 8, at: 120 + 16)
            put(0x40, 8, at: 120 + 40)
            for (index, pair) in [(5, 0x400), (6, 0x500), (4, 0x300)].enumerated() {
                put(UInt64(pair.0), 8, at: 0x200 + index * 16)
                put(UInt64(pair.1), 8, at: 0x208 + index * 16)
            }
            put(1, 4, at: 0x300)
            return bytes
        }()
    }

    private func refusal(
        at instruction: UInt64, stackPointer: UInt64? = nil, threadPointer: UInt64 = Process.threadPointer,
        isFirst: Bool = true, words: [UInt64: UInt64] = [:], loaded: String = ""
    ) -> DonorRefusal? {
        let process = Process(words: words)
        let map = MemoryMap(text: Array(Process.maps.utf8))
        let rule = RunningThreadRule(
            map: map, evaluationLoop: 0x11000..<0x12000, restorer: RemoteAddress(0x50700), memory: process)
        let thread = RunningThread(
            instruction: instruction,
            stackPointer: stackPointer ?? (isFirst ? Process.firstStack : threadPointer) - 0x2000,
            threadPointer: threadPointer, firstStack: isFirst ? Process.firstStack : nil)
        return rule.refusal(of: thread, on: X86_64.self, memory: process) {
            MemoryMap(text: Array((Process.maps + loaded).utf8))
        }
    }

    @Test("the interpreter's own code, of the first thread and of another")
    func interpreter() {
        #expect(refusal(at: 0x11800) == nil)
        #expect(refusal(at: 0x18000, isFirst: false) == nil)
        #expect(refusal(at: 0x11800, isFirst: false) == nil)
    }

    @Test("other code of the interpreter and of libraries, but not of libc, of an allocator, or of no file")
    func code() {
        #expect(refusal(at: 0x18000) == nil)
        #expect(refusal(at: 0x31000) == nil)
        #expect(refusal(at: 0x51000) == .inLibrary("libc.so.6"))
        #expect(refusal(at: 0x71000) == .inLibrary("libjemalloc.so.2"))
        #expect(refusal(at: 0x91000) == .unknownCode)
        #expect(refusal(at: 0xb1000) == .unknownCode)
    }

    @Test("what libc has called is not borrowed, but for the frames that every thread begins with")
    func callbacks() {
        let first = Process.firstStack
        #expect(refusal(at: 0x31000, words: [first - 0x88: 0x50123, first - 0x148: 0x50456]) == nil)
        #expect(refusal(at: 0x31000, words: [first - 0x1000: 0x50123]) == .callback)
        #expect(refusal(at: 0x11800, words: [first - 0x1000: 0x50123]) == nil, "qsort may call Python")
        #expect(refusal(at: 0x11800, words: [first - 0x1000: 0x70123]) == .callback, "an allocator does not")
        let other = Process.threadPointer
        let frames = [other - 0x800: UInt64(0x50123), other - 0x8c0: 0x50456]
        #expect(refusal(at: 0x31000, isFirst: false, words: frames) == nil)
        #expect(
            refusal(at: 0x31000, isFirst: false, words: frames.merging([other - 0x1000: 0x50777]) { $1 })
                == .callback)
    }

    @Test("a coroutine's stack, and one without room, are left alone")
    func stacks() {
        #expect(refusal(at: 0x11800, stackPointer: 0x7f00_0010_0000) == .foreignStack)
        #expect(
            refusal(at: 0x11800, stackPointer: 0x7fff_0001_0000, isFirst: false) == .foreignStack,
            "the thread's own variables lie elsewhere")
        #expect(refusal(at: 0x11800, stackPointer: 0x7f00_0000_4000, isFirst: false) == .foreignStack)
        #expect(refusal(at: 0x31000, stackPointer: 0x7f00_0000_9000, isFirst: false) == .deepStack)
        #expect(refusal(at: 0x11800, stackPointer: 0x7f00_0000_9000, isFirst: false) == nil)
    }

    @Test("native code is left alone where something was loaded since")
    func loading() {
        let loaded = "000b0000-000c0000 r-xp 00000000 00:00 5 /usr/lib/libnew.so\n"
        #expect(refusal(at: 0x31000, loaded: loaded) == .unknownCode)
        #expect(refusal(at: 0x11800, loaded: loaded) == nil)
    }
}
