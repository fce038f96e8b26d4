/// The table of offsets that CPython keeps at the start of `_PyRuntime` for debuggers, from 3.13 on
/// (`Include/internal/pycore_debug_offsets.h`): eight bytes `xdebugpy`, then words, the first of them the version.
struct DebugOffsets {
    /// As in `sys.hexversion`.
    let version: UInt64
    /// Whether the process runs a build without a GIL, whose layout is another one.
    let isFreeThreaded: Bool
    private let words: [UInt64]

    private static let cookie = Array("xdebugpy".utf8)
    private static let size = 110

    /// Nil where there is no such table.
    init?(at runtime: RemoteAddress, memory: some MemorySource) {
        guard let bytes = memory.read(runtime, count: Self.size * 8), Array(bytes.prefix(8)) == Self.cookie
        else { return nil }
        words = (0..<Self.size).map { UInt64(littleEndianBytes: bytes[($0 * 8)..<($0 * 8 + 8)]) }
        version = words[1]
        isFreeThreaded = words[2] != 0
    }

    /// Which word of the table is the first of a group; the order within a group is the same in all versions.
    private struct Groups {
        /// `interpreter_state`: the size, then the offsets of `id`, `next` and `threads_head`.
        var interpreter: Int
        /// The GIL's address in an interpreter.
        var gil: Int
        /// `thread_state`.
        var thread: Int
        /// The identifier in a thread: other fields came in before it.
        var identifier: Int
        /// `interpreter_frame`.
        var frame: Int
        /// `code_object`.
        var code: Int
        /// Not in every table.
        var sharedKeys: UInt64

        /// nil for a minor whose table nobody has looked at yet.
        init?(major: Int, minor: Int) {
            switch (major, minor) {
            case (3, 13): self.init(14, thread: 19, identifier: 24, frame: 28, code: 34, sharedKeys: 880)
            case (3, 14): self.init(15, thread: 22, identifier: 27, frame: 31, code: 39, sharedKeys: 880)
            case (3, 15): self.init(15, thread: 22, identifier: 30, frame: 39, code: 47, sharedKeys: 888)
            default: return nil
            }
        }

        private init(
            _ gil: Int, thread: Int, identifier: Int, frame: Int, code: Int, sharedKeys: UInt64
        ) {
            interpreter = 6
            self.gil = gil
            self.thread = thread
            self.identifier = identifier
            self.frame = frame
            self.code = code
            self.sharedKeys = sharedKeys
        }
    }

    /// Nil for a version whose order of fields we do not know.
    var layout: FrameLayout? {
        guard let groups = Groups(major: Int(version >> 24 & 0xff), minor: Int(version >> 16 & 0xff)) else {
            return nil
        }
        func word(_ group: Int, _ index: Int) -> UInt64 { words[group + index] }
        return FrameLayout(
            runtime: FrameLayout.Runtime(
                interpreters: words[5], next: word(groups.interpreter, 2),
                threads: word(groups.interpreter, 3), gilPointer: words[groups.gil], gil: 0),
            thread: FrameLayout.Thread(
                next: word(groups.thread, 2), identifier: words[groups.identifier],
                native: words[groups.identifier + 1], frame: word(groups.thread, 4), indirection: nil,
                chunk: words[groups.identifier + 2]),
            frame: FrameLayout.Frame(
                size: Int(min(word(groups.frame, 0), 256)), previous: word(groups.frame, 1),
                code: word(groups.frame, 2), instruction: word(groups.frame, 3),
                locals: word(groups.frame, 4), owner: word(groups.frame, 5),
                instructionKind: .address, isEnteredByFrame: true),
            code: FrameLayout.Code(
                fileName: word(groups.code, 1), name: word(groups.code, 2),
                qualifiedName: word(groups.code, 3),
                firstLine: word(groups.code, 5), lineTable: word(groups.code, 4),
                instructions: word(groups.code, 9), lineForm: .locations),
            instance: FrameLayout.Instance(
                form: .inline, sharedKeys: groups.sharedKeys, keysForm: .logarithmic),
            asciiHead: 40, compactHead: 56)
    }
}
