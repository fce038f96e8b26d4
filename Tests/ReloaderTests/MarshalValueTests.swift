import Testing

@testable import Reloader

@Suite("Marshal, version 2")
struct MarshalValueTests {
    /// What `marshal.dumps(value, 2)` of CPython gives.
    static let fromPython: [(MarshalValue, [UInt8])] = [
        (.none, [0x4e]),
        (.bool(true), [0x54]),
        (.int(-2), [0x69, 0xfe, 0xff, 0xff, 0xff]),
        (.int(1 << 40), [0x6c, 3, 0, 0, 0, 0, 0, 0, 0, 0, 4]),
        (.int(-(1 << 40)), [0x6c, 0xfd, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0, 4]),
        (.float(1.5), [0x67, 0, 0, 0, 0, 0, 0, 0xf8, 0x3f]),
        (.string("é"), [0x75, 2, 0, 0, 0, 0xc3, 0xa9]),
        (.bytes([0, 1]), [0x73, 2, 0, 0, 0, 0, 1]),
        (.tuple([.none, .list([])]), [0x28, 2, 0, 0, 0, 0x4e, 0x5b, 0, 0, 0, 0]),
        (["a": 1], [0x7b, 0x75, 1, 0, 0, 0, 0x61, 0x69, 1, 0, 0, 0, 0x30]),
    ]

    @Test("values are read and written as CPython does", arguments: fromPython)
    func goldenBytes(value: MarshalValue, bytes: [UInt8]) throws {
        #expect(value.marshalled == bytes)
        #expect(try MarshalValue(marshalled: bytes) == value)
    }

    @Test(
        "integers survive at the edges of their forms",
        arguments: [
            Int64.min, Int64.min + 1, -1 << 45, Int64(Int32.min) - 1, Int64(Int32.min), -1, 0, 1 << 15,
            1 << 30,
            Int64(Int32.max), Int64(Int32.max) + 1, 1 << 60, Int64.max,
        ])
    func integers(value: Int64) throws {
        #expect(try MarshalValue(marshalled: MarshalValue.int(value).marshalled) == .int(value))
    }

    static let hostile: [([UInt8], MarshalError)] = [
        ([], .truncated(offset: 0)),
        ([0x75, 0xff, 0xff, 0xff, 0x7f], .truncated(offset: 1)),
        ([0x28, 0xff, 0xff, 0xff, 0xff], .truncated(offset: 1)),
        ([0x5b, 3, 0, 0, 0, 0x4e], .truncated(offset: 1)),
        ([0x7b, 0x4e], .truncated(offset: 2)),
        ([0x63], .unsupportedType(0x63, offset: 0)),
        ([0xf3, 0, 0, 0, 0], .unsupportedType(0xf3, offset: 0)),
        ([0x4e, 0x4e], .trailingBytes(offset: 1)),
        ([0x6c, 1, 0, 0, 0, 0, 0x80], .badInteger(offset: 1)),
        ([0x6c, 6, 0, 0, 0], .badInteger(offset: 1)),
        ([0x6c, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0x7f], .badInteger(offset: 1)),
    ]

    @Test("bytes that are no such value are refused at their place", arguments: hostile)
    func refusals(bytes: [UInt8], error: MarshalError) {
        #expect(throws: error) { try MarshalValue(marshalled: bytes) }
    }

    @Test("deep nesting is refused, not followed")
    func nesting() {
        let bytes = Array([[UInt8]](repeating: [0x28, 1, 0, 0, 0], count: 50_000).joined())
        #expect(throws: MarshalError.nestedTooDeeply(offset: 500)) {
            try MarshalValue(marshalled: bytes + [0x4e])
        }
    }

    @Test("every prefix and every changed byte of a value is read or refused")
    func damage() {
        let value: MarshalValue = [
            "a": .list([1, .float(2), .none]), "b": .tuple(["x", .bytes([1]), .int(1 << 50)]),
        ]
        let bytes = value.marshalled
        for end in 0..<bytes.count {
            #expect((try? MarshalValue(marshalled: Array(bytes[..<end]))) == nil)
        }
        for place in bytes.indices {
            for byte in [0, 0x28, 0x6c, 0x7b, 0xff] as [UInt8] {
                var damaged = bytes
                damaged[place] = byte
                let read = try? MarshalValue(marshalled: damaged)
                #expect(read == nil || read?.marshalled.count ?? 0 > 0)
            }
        }
    }
}
