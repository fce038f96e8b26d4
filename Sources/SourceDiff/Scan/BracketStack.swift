/// The open brackets of one logical line; CPython's own limit. The caller keeps the depth.
///
/// Which bracket comes next is what a branch predictor cannot know: opening and closing are one step without a branch.
struct BracketStack: ~Copyable {
    /// CPython's own limit (MAXLEVEL of its tokenizer).
    static let capacity = 200

    /// Kinds of the open brackets; before the first one a place that holds no kind, so that nothing closes
    /// what is not open.
    private let open = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity + 2)
    /// For each byte 0, or a bracket's kind times four, plus 1 if it opens, 2 if it closes.
    private let codes = UnsafeMutablePointer<UInt8>.allocate(capacity: 256)

    /// Has no bracket open.
    init() {
        open.initialize(repeating: 0, count: Self.capacity + 2)
        codes.initialize(repeating: 0, count: 256)
        for (index, byte) in [Ascii.openParen, Ascii.openSquare, Ascii.openBrace].enumerated() {
            let kind = UInt8(index + 1) * 4
            codes[Int(byte)] = kind + 1
            codes[Int(byte) + (byte == Ascii.openParen ? 1 : 2)] = kind + 2
        }
    }

    deinit {
        open.deallocate()
        codes.deallocate()
    }

    /// Valid as long as the stack.
    var view: View { View(open: open, codes: codes) }

    /// The stack's two tables as bare pointers, which a loop keeps in registers.
    struct View {
        /// Written by `step`, one place beyond the depth.
        fileprivate let open: UnsafeMutablePointer<UInt8>
        /// Only read.
        fileprivate let codes: UnsafeMutablePointer<UInt8>

        /// 0 if `byte` is no bracket.
        @inline(__always)
        func code(of byte: UInt8) -> UInt8 { codes[Int(byte)] }

        /// The depth after the bracket of `code` at `depth`; negative if it closes another kind, or none.
        @inline(__always)
        func step(_ code: UInt8, at depth: Int) -> Int {
            let closes = code >> 1 & 1
            let slot = depth &- Int(closes)
            let kind = code & ~3
            let isWrong = (open[slot &+ 1] ^ kind) & (0 &- closes)
            open[slot &+ 1] = kind
            return isWrong == 0 ? slot &+ Int(code & 1) : -1
        }
    }
}
