/// The name of a general register; its raw value is the register's place among 64-bit words.
package protocol RegisterName: RawRepresentable<Int>, CaseIterable, Sendable, Hashable {}

/// The general registers of a stopped thread, by name.
///
///     var registers = RegisterFile<X86_64.Register>()
///     registers[.rip] = 0x1000
package struct RegisterFile<Name: RegisterName>: Sendable, Hashable {
    private var words: [UInt64]

    /// All registers are 0.
    package init() { words = Array(repeating: 0, count: Name.allCases.count) }

    /// Little-endian words, as PTRACE_GETREGSET gives them; nil if there are more or fewer than names, which means a
    /// program of another kind (a 32-bit one).
    package init?(bytes: [UInt8]) {
        guard bytes.count == Name.allCases.count * 8 else { return nil }
        words = stride(from: 0, to: bytes.count, by: 8).map {
            UInt64(littleEndianBytes: bytes[$0..<($0 + 8)])
        }
    }

    /// As PTRACE_SETREGSET takes them.
    package var bytes: [UInt8] { words.flatMap(\.littleEndianBytes) }

    /// One register, as a word without a sign.
    package subscript(name: Name) -> UInt64 {
        get { words[name.rawValue] }
        set { words[name.rawValue] = newValue }
    }

    /// The registers' values, in the order of `names`.
    package subscript(names: [Name]) -> [UInt64] { names.map { self[$0] } }
}

/// Registers that ptrace(2) reads as one (PTRACE_GETREGSET).
package struct RegisterSet: Sendable, Hashable {
    /// NT_… of elf.h.
    package var note: Int32
    /// Bytes of the buffer it is read into.
    package var capacity: Int
    /// Every kernel and processor has it.
    package var isRequired: Bool

    /// `note`: NT_… of elf.h, for PTRACE_GETREGSET. `capacity`: bytes that we have room for. Without `isRequired` a
    /// kernel may lack it.
    package init(note: Int32, capacity: Int, isRequired: Bool = true) {
        self.note = note
        self.capacity = capacity
        self.isRequired = isRequired
    }

    /// Whether `count` bytes, which the kernel wrote, are the whole set: more than fit are cut off without a word, so
    /// an image that fills its buffer is not taken for whole.
    package func isWhole(_ count: Int) -> Bool { count > 0 && count < capacity }
}
