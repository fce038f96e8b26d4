/// The open brackets of one logical line; CPython's own limit. The caller keeps the depth.
struct BracketStack: ~Copyable {
    static let capacity = 200

    private let bytes = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)

    init() { bytes.initialize(repeating: 0, count: Self.capacity) }

    deinit { bytes.deallocate() }

    /// `depth` must be in `0..<capacity`.
    subscript(depth: Int) -> UInt8 {
        @inline(__always) get { bytes[depth] }
        @inline(__always) nonmutating set { bytes[depth] = newValue }
    }
}
