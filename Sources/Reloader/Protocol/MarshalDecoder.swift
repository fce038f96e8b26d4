/// Bytes that are not in our subset of marshal version 2.
package enum MarshalError: Error, Sendable, Hashable {
    /// The bytes end inside of a value; or a length is larger than what is left.
    case truncated(offset: Int)
    /// A type that midflight never sends: references, code, sets, objects.
    case unsupportedType(UInt8, offset: Int)
    /// More than 100 levels.
    case nestedTooDeeply(offset: Int)
    /// An integer of more than 64 bits, or with digits that marshal does not write.
    case badInteger(offset: Int)
    /// Bytes after the value.
    case trailingBytes(offset: Int)
}

/// Reads one value. Nothing is believed: lengths are checked against what is left before anything is allocated.
struct MarshalDecoder {
    private let bytes: ArraySlice<UInt8>
    private var offset: Int
    private var depth = 0
    /// CPython's own limit is 2,000; ours keeps this recursion small.
    private static let deepest = 100

    /// Reads one value. Throws if bytes are missing, left over, or of a type that we never send.
    static func decode(_ bytes: [UInt8]) throws(MarshalError) -> MarshalValue {
        var decoder = MarshalDecoder(bytes: bytes[...], offset: 0)
        let value = try decoder.value()
        guard decoder.offset == bytes.count else { throw .trailingBytes(offset: decoder.offset) }
        return value
    }

    private init(bytes: ArraySlice<UInt8>, offset: Int) {
        self.bytes = bytes
        self.offset = offset
    }

    private mutating func value() throws(MarshalError) -> MarshalValue {
        guard depth < Self.deepest else { throw .nestedTooDeeply(offset: offset) }
        depth += 1
        defer { depth -= 1 }
        let start = offset
        let type = try take(1).first ?? 0
        switch type {
        case UInt8(ascii: "N"): return .none
        case UInt8(ascii: "T"): return .bool(true)
        case UInt8(ascii: "F"): return .bool(false)
        case UInt8(ascii: "i"): return .int(Int64(try int32()))
        case UInt8(ascii: "l"): return .int(try longInteger())
        case UInt8(ascii: "g"): return .float(Double(bitPattern: try littleEndian(8)))
        case UInt8(ascii: "s"): return .bytes(Array(try take(try length())))
        case UInt8(ascii: "u"), UInt8(ascii: "t"):
            return .string(String(decoding: try take(try length()), as: UTF8.self))
        case UInt8(ascii: "("): return .tuple(try values(count: try length()))
        case UInt8(ascii: "["): return .list(try values(count: try length()))
        case UInt8(ascii: "{"): return .dict(try entries())
        default: throw .unsupportedType(type, offset: start)
        }
    }

    /// Every element takes at least one byte, so a count beyond the rest is a lie.
    private mutating func values(count: Int) throws(MarshalError) -> [MarshalValue] {
        var values: [MarshalValue] = []
        values.reserveCapacity(count)
        for _ in 0..<count { values.append(try value()) }
        return values
    }

    private mutating func entries() throws(MarshalError) -> [MarshalValue.Entry] {
        var entries: [MarshalValue.Entry] = []
        while true {
            guard offset < bytes.count else { throw .truncated(offset: offset) }
            if bytes[offset] == UInt8(ascii: "0") {
                offset += 1
                return entries
            }
            entries.append(MarshalValue.Entry(key: try value(), value: try value()))
        }
    }

    private mutating func take(_ count: Int) throws(MarshalError) -> ArraySlice<UInt8> {
        guard count >= 0, count <= bytes.count - offset else { throw .truncated(offset: offset) }
        defer { offset += count }
        return bytes[offset..<offset + count]
    }

    private mutating func littleEndian(_ count: Int) throws(MarshalError) -> UInt64 {
        try take(count).reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    private mutating func int32() throws(MarshalError) -> Int32 {
        Int32(truncatingIfNeeded: try littleEndian(4))
    }

    private mutating func length() throws(MarshalError) -> Int {
        let start = offset
        let count = Int(try int32())
        guard count >= 0, count <= bytes.count - offset else { throw .truncated(offset: start) }
        return count
    }

    /// A signed count of 15-bit digits, least significant first.
    private mutating func longInteger() throws(MarshalError) -> Int64 {
        let start = offset
        let signed = Int(try int32())
        let count = signed.magnitude
        guard count <= 5 else { throw .badInteger(offset: start) }
        var magnitude: UInt64 = 0
        for index in 0..<count {
            let digit = try littleEndian(2)
            let place = UInt64(index * 15)
            guard digit < 1 << 15, digit == 0 || (digit << place) >> place == digit else {
                throw .badInteger(offset: start)
            }
            magnitude |= digit << place
        }
        if signed >= 0 {
            guard let value = Int64(exactly: magnitude) else { throw .badInteger(offset: start) }
            return value
        }
        guard magnitude <= Int64.min.magnitude else { throw .badInteger(offset: start) }
        return Int64(truncatingIfNeeded: 0 &- magnitude)
    }
}

extension MarshalValue {
    /// Reads marshal of version 2. Throws at bytes that end too early, nest too deeply or are of a type that we never
    /// send.
    package init(marshalled bytes: [UInt8]) throws(MarshalError) { self = try MarshalDecoder.decode(bytes) }
}
