/// The runs of letters, digits and underscores in some source.
struct Words: Sequence, IteratorProtocol {
    private var rest: ArraySlice<UInt8>

    init(_ text: ArraySlice<UInt8>) { rest = text }

    mutating func next() -> ArraySlice<UInt8>? {
        guard let first = rest.firstIndex(where: Self.isPart) else { return nil }
        let end = rest[first...].firstIndex { !Self.isPart($0) } ?? rest.endIndex
        defer { rest = rest[end...] }
        return rest[first..<end]
    }

    private static func isPart(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), 0x80...0xff:
            true
        default: false
        }
    }
}
