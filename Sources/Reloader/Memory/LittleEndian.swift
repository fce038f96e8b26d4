extension FixedWidthInteger {
    /// Missing high bytes count as zero.
    package init(littleEndianBytes bytes: ArraySlice<UInt8>) {
        var value: Self = 0
        for (index, byte) in bytes.enumerated() {
            value |= Self(truncatingIfNeeded: UInt64(byte)) << Self(index * 8)
        }
        self = value
    }

    /// The bytes of the number, the lowest first: 8 for a 64-bit one.
    package var littleEndianBytes: [UInt8] {
        (0..<Self.bitWidth / 8).map { UInt8(truncatingIfNeeded: self >> Self($0 * 8)) }
    }
}
