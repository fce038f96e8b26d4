/// The rows for versions without a table of offsets of their own, from CPython's headers (`Include/internal`).
extension FrameLayout {
    /// Nil for a version that has its own table, or that we do not know.
    static func row(major: Int, minor: Int) -> FrameLayout? {
        switch (major, minor) {
        case (3, 8): heap(gil: 1152, locals: 360, lasti: 104, sharedKeys: 872, .lnotab, .byteIndex)
        case (3, 9): heap(gil: 352, locals: 360, lasti: 104, sharedKeys: 864, .lnotab, .byteIndex)
        case (3, 10): heap(gil: 352, locals: 352, lasti: 96, sharedKeys: 872, .ranges, .unitIndex)
        case (3, 11): eleven
        case (3, 12): twelve
        default: nil
        }
    }

    /// Frames are objects of the heap.
    private static func heap(
        gil: UInt64, locals: UInt64, lasti: UInt64, sharedKeys: UInt64, _ lines: LineTable.Form,
        _ instruction: Instruction
    ) -> FrameLayout {
        FrameLayout(
            runtime: Runtime(interpreters: 32, next: 0, threads: 8, gilPointer: nil, gil: gil),
            thread: Thread(next: 8, identifier: 176, native: nil, frame: 24, indirection: nil, chunk: nil),
            frame: Frame(
                size: Int(lasti) + 8, previous: 24, code: 32, instruction: lasti, locals: locals, owner: nil,
                instructionKind: instruction),
            code: Code(
                fileName: 104, name: 112, qualifiedName: nil, firstLine: 40, lineTable: 120, instructions: 0,
                lineForm: lines),
            instance: Instance(form: .dictionary, sharedKeys: sharedKeys, keysForm: .sized),
            asciiHead: 48, compactHead: 72)
    }

    private static let eleven = FrameLayout(
        runtime: Runtime(interpreters: 40, next: 0, threads: 16, gilPointer: nil, gil: 360),
        thread: Thread(next: 8, identifier: 152, native: 160, frame: 56, indirection: 8, chunk: 296),
        frame: Frame(
            size: 80, previous: 48, code: 32, instruction: 56, locals: 72, owner: 69,
            instructionKind: .address),
        code: Code(
            fileName: 112, name: 120, qualifiedName: 128, firstLine: 72, lineTable: 136, instructions: 184,
            lineForm: .locations),
        instance: Instance(form: .valuesBefore, sharedKeys: 872, keysForm: .logarithmic),
        asciiHead: 48, compactHead: 72)

    private static let twelve = FrameLayout(
        runtime: Runtime(interpreters: 40, next: 0, threads: 72, gilPointer: 384, gil: 0),
        thread: Thread(next: 8, identifier: 136, native: 144, frame: 56, indirection: 0, chunk: 232),
        frame: Frame(
            size: 80, previous: 8, code: 0, instruction: 56, locals: 72, owner: 70,
            instructionKind: .address, isEnteredByFrame: true),
        code: Code(
            fileName: 112, name: 120, qualifiedName: 128, firstLine: 68, lineTable: 136, instructions: 192,
            lineForm: .locations),
        instance: Instance(form: .taggedBefore, sharedKeys: 880, keysForm: .logarithmic),
        asciiHead: 40, compactHead: 56)
}
