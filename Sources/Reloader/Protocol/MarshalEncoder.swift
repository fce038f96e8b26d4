extension MarshalValue {
    /// What `marshal.loads` of every CPython since 2.5 reads.
    package var marshalled: [UInt8] {
        var bytes: [UInt8] = []
        encode(into: &bytes)
        return bytes
    }

    private func encode(into bytes: inout [UInt8]) {
        switch self {
        case .none: bytes.append(UInt8(ascii: "N"))
        case .bool(let value): bytes.append(UInt8(ascii: value ? "T" : "F"))
        case .int(let value): Self.encode(integer: value, into: &bytes)
        case .float(let value):
            bytes.append(UInt8(ascii: "g"))
            bytes.append(contentsOf: value.bitPattern.littleEndianBytes)
        case .string(let text):
            Self.encode(UInt8(ascii: "u"), count: text.utf8.count, into: &bytes)
            bytes.append(contentsOf: text.utf8)
        case .bytes(let content):
            Self.encode(UInt8(ascii: "s"), count: content.count, into: &bytes)
            bytes.append(contentsOf: content)
        case .tuple(let items):
            Self.encode(UInt8(ascii: "("), count: items.count, into: &bytes)
            for item in items { item.encode(into: &bytes) }
        case .list(let items):
            Self.encode(UInt8(ascii: "["), count: items.count, into: &bytes)
            for item in items { item.encode(into: &bytes) }
        case .dict(let entries):
            bytes.append(UInt8(ascii: "{"))
            for entry in entries {
                entry.key.encode(into: &bytes)
                entry.value.encode(into: &bytes)
            }
            bytes.append(UInt8(ascii: "0"))
        }
    }

    private static func encode(_ type: UInt8, count: Int, into bytes: inout [UInt8]) {
        bytes.append(type)
        bytes.append(contentsOf: UInt32(count).littleEndianBytes)
    }

    /// 32 bits as such, more as 15-bit digits, as CPython writes them.
    private static func encode(integer: Int64, into bytes: inout [UInt8]) {
        if let small = Int32(exactly: integer) {
            bytes.append(UInt8(ascii: "i"))
            bytes.append(contentsOf: UInt32(bitPattern: small).littleEndianBytes)
            return
        }
        var digits: [UInt16] = []
        var rest = integer.magnitude
        while rest > 0 {
            digits.append(UInt16(rest & 0x7fff))
            rest >>= 15
        }
        let count = Int32(integer < 0 ? -digits.count : digits.count)
        bytes.append(UInt8(ascii: "l"))
        bytes.append(contentsOf: UInt32(bitPattern: count).littleEndianBytes)
        for digit in digits { bytes.append(contentsOf: digit.littleEndianBytes) }
    }
}
