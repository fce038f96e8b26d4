/// Where one minor version of CPython keeps its threads, frames and code objects, as offsets in bytes.
///
/// CPython promises none of these numbers. They are used only after a child of ours, started with the program of the
/// process, was read with them and what was read equals what it says of itself (`LayoutCheck`).
package struct FrameLayout: Sendable, Hashable {
    /// What leads to the interpreters.
    var runtime: Runtime
    /// What leads from a thread to its frames.
    var thread: Thread
    /// What a frame has.
    var frame: Frame
    /// What a code object has.
    var code: Code
    /// What leads to an attribute of an object.
    var instance: Instance
    /// Bytes before the characters of a `str`: of one that is all ASCII, and of another.
    var asciiHead: UInt64
    /// Of a `str` with other characters (`PyCompactUnicodeObject`).
    var compactHead: UInt64

    /// `_PyRuntime`, the interpreters in it, and their GIL.
    struct Runtime: Sendable, Hashable {
        /// In `_PyRuntime`: the first interpreter.
        var interpreters: UInt64
        /// In an interpreter.
        var next: UInt64
        /// In an interpreter: its first thread.
        var threads: UInt64
        /// In an interpreter: the address of its GIL; nil where `gil` is an offset in `_PyRuntime`.
        var gilPointer: UInt64?
        /// In `_PyRuntime`; it counts only where `gilPointer` is nil.
        var gil: UInt64
    }

    /// `PyThreadState`.
    struct Thread: Sendable, Hashable {
        /// In a thread: the next one of its interpreter, 0 in the last.
        var next: UInt64
        /// pthread_self(3) of the thread.
        var identifier: UInt64
        /// gettid(2) of the thread; nil where the version does not keep it.
        var native: UInt64?
        /// The address of the current frame; with `indirection` that of a record that has it there.
        var frame: UInt64
        /// nil where the thread holds the frame's address itself.
        var indirection: UInt64?
        /// The newest chunk of the stack that frames lie on; nil where frames are objects of the heap.
        var chunk: UInt64?
    }

    /// `_PyInterpreterFrame`, or `PyFrameObject` where frames are objects.
    struct Frame: Sendable, Hashable {
        /// Bytes that are read of a frame, which hold all of the fields below.
        var size: Int
        /// The frame that called this one; 0 in the oldest.
        var previous: UInt64
        /// The code object. Some versions set bits of the address, which are taken off.
        var code: UInt64
        /// Where the frame stands in its code; what it means says `instructionKind`.
        var instruction: UInt64
        /// The first local variable, which of a method is the object.
        var locals: UInt64
        /// A byte; from 3 on it is a frame of the interpreter itself, which runs nothing. Nil where there are none.
        var owner: UInt64?
        /// The same in all frames of a version.
        var instructionKind: Instruction
        /// From 3.12 on C code runs Python through a frame of the interpreter itself on the C stack
        /// (`_PyEval_EvalFrameDefault`), so that the oldest frame is one.
        var isEnteredByFrame = false
    }

    /// What a frame keeps of its place in the code.
    enum Instruction: Sendable, Hashable {
        /// An Int32, in bytes.
        case byteIndex
        /// An Int32, in units of two bytes.
        case unitIndex
        /// An address in the code object.
        case address
    }

    /// `PyCodeObject`.
    struct Code: Sendable, Hashable {
        /// `co_filename`, a `str`.
        var fileName: UInt64
        /// `co_name`, a `str`.
        var name: UInt64
        /// Nil where a code object has none.
        var qualifiedName: UInt64?
        /// `co_firstlineno`, an Int32.
        var firstLine: UInt64
        /// `co_linetable`, or `co_lnotab`: a `bytes`.
        var lineTable: UInt64
        /// Where its instructions begin; 0 where they are an object of their own.
        var instructions: UInt64
        /// How the table says which line an instruction belongs to.
        var lineForm: LineTable.Form
    }

    /// How an instance keeps its attributes.
    struct Instance: Sendable, Hashable {
        /// Where an instance's values are.
        var form: Form
        /// In a type that the program made: the keys that its instances share.
        var sharedKeys: UInt64
        /// How the size of a table of keys is kept.
        var keysForm: Keys

        /// It differs from version to version; which one has which say `FrameLayouts` and `DebugOffsets`.
        enum Form: Sendable, Hashable {
            /// The type says where the address of a dict is.
            case dictionary
            /// Four words before the object the values, three words before it a dict.
            case valuesBefore
            /// Three words before the object the values, if bit 0 is set, else a dict.
            case taggedBefore
            /// Behind the object, if they are valid; else a dict three words before it.
            case inline
        }

        /// `dk_size` up to 3.10, its logarithm from 3.11 on (`Include/internal/pycore_dict.h`).
        enum Keys: Sendable, Hashable { case sized, logarithmic }
    }
}

extension FrameLayout.Code {
    /// Bytes from the start of a code object that hold the names, and tell whether it is still the same one.
    var headSize: Int { Int(max(fileName, name, qualifiedName ?? 0, lineTable) + 8) }
}

extension FrameLayout {
    /// Whether all fields lie where they are read. A table of offsets is the process's own word, and it may lie: what
    /// lay outside of the bytes that were read would be memory of ours.
    var isSound: Bool {
        let words = [frame.previous, frame.code, frame.instruction]
        let places: [UInt64] = [
            runtime.interpreters, runtime.next, runtime.threads, runtime.gilPointer ?? 0, runtime.gil,
            thread.next, thread.identifier, thread.native ?? 0, thread.frame, thread.indirection ?? 0,
            thread.chunk ?? 0, frame.locals, instance.sharedKeys,
        ]
        let names: [UInt64] = [
            code.fileName, code.name, code.qualifiedName ?? 0, code.firstLine, code.lineTable,
            code.instructions,
        ]
        let size = UInt64(frame.size)
        return (8...256).contains(frame.size) && words.allSatisfy { $0 <= size - 8 }
            && (frame.owner ?? 0) < size && places.allSatisfy { $0 < 1 << 24 }
            && names.allSatisfy { $0 < 4096 } && code.firstLine &+ 4 <= UInt64(code.headSize)
    }
}
